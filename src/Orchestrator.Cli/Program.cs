using Orchestrator.Cli;

return args is [RunCommand.Name, .. var rest] ? await RunCommand.ExecuteAsync(rest).ConfigureAwait(false) : 3;
