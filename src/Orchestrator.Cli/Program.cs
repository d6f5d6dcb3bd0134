using System.CommandLine;
using Orchestrator.Cli;
using Orchestrator.Processes;

TerminalOutput.IgnoreErrors();
if (args is [RunCommand.Name, .. var rest])
{
    // Everything after `run` is the supervisor's or the command's, to the letter.
    return await RunCommand.ExecuteAsync(rest).ConfigureAwait(false);
}

var root = new RootCommand("Run commands and build PKGBUILD-style packages so that an abort leaves nothing behind.")
{
    RunCommand.Describe(),
    BuildCommand.Create(),
    SrcInfoCommand.Create(),
    LintCommand.Create(),
    UpdateSumsCommand.Create(),
    SweepCommand.Create(),
    DoctorCommand.Create(),
};
return Cancellable.Parse(root, args);
