using Orchestrator.Testing;

namespace Orchestrator.Build.Tests;

/// <summary>Compiles the host once, as the first run of the README's command does, so that no test measures that.</summary>
public sealed class MainJob
{
    public const string Command = "./build.sh";

    public MainJob()
    {
        using var job = Job.Start(Command, "--description");
        job.WaitForLine("Packages");
        Assert.Equal(0, job.ExitCodeAsync().GetAwaiter().GetResult());
    }
}
