using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>The file that the commands are in while they run.</summary>
public sealed class CommandScriptTests(PackedPackage package) : IDisposable
{
    private readonly TestDirectory directory = new();

    [Fact]
    public async Task It_is_where_TMPDIR_says_for_our_eyes_alone_and_gone_afterwards()
    {
        using var build = await BuildAsync([]);

        Assert.True(build["task"].Succeeded, string.Join('\n', build["task"].Events));
        Assert.Equal("600", build["task"].Value("ConsoleOutput"));
        Assert.Empty(Directory.GetFiles(Temporary, "*.exec.cmd"));
    }

    [Fact]
    public async Task MSBuild_can_be_told_to_keep_it()
    {
        using var build = await BuildAsync(new() { ["MSBUILDPRESERVETOOLTEMPFILES"] = "1" });

        Assert.True(build["task"].Succeeded, string.Join('\n', build["task"].Events));
        Assert.Single(Directory.GetFiles(Temporary, "*.exec.cmd"));
    }

    public void Dispose() => directory.Dispose();

    private string Temporary => directory.Combine("it's temporary");

    private Task<LoggedBuild> BuildAsync(Dictionary<string, string> environment)
    {
        const string Attributes = "Command=\"stat -c %25a &quot;$TMPDIR&quot;/*.exec.cmd\" ConsoleToMSBuild=\"true\"";
        Directory.CreateDirectory(Temporary);
        environment["TMPDIR"] = Temporary;
        return LoggedBuild.RunAsync(package, directory, "ExecInProcessGroup", new Dictionary<string, string> { ["task"] = Attributes }, ["ConsoleOutput"], environment);
    }
}
