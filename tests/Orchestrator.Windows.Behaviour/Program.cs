using Orchestrator.Processes;
using Orchestrator.Processes.Tests;

// `owner`: runs a command, and is ended in the middle of that; `listener`: waits for an abort. Anything else is for the test runner.
if (args is ["owner", ..])
{
    return await Owner.RunAsync(args[1..]);
}

if (args is ["listener"])
{
    return await Owner.ListenAsync();
}

return await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
