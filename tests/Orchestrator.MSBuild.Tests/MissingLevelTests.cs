using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>Machines that do not offer the containment that a project asks for.</summary>
public sealed class MissingLevelTests(PackedPackage package) : IDisposable
{
    private readonly TestDirectory directory = new();

    [Theory]
    [InlineData("cgroup")]
    [InlineData("namespace")]
    public async Task A_level_that_cannot_be_had_is_one_error_and_nothing_is_run(string level)
    {
        Assert.SkipUnless(await Shell.CanMountAsync(), "this machine lets nobody mount");
        using var job = Job.Start("env", ["-C", directory.Path, .. Without(level), "dotnet", "msbuild", Project(level), "-nologo", "-m:1"]);

        Assert.Equal(1, await job.ExitCodeAsync());
        var error = Assert.Single(Consumer.Errors(job.Text));
        Assert.StartsWith($"{directory.Combine("test.proj")}(4,5): error ORC0004: containment '{level}' is not available: ", error, StringComparison.Ordinal);
        Assert.False(File.Exists(directory.Combine("ran")));
    }

    [Theory]
    [InlineData("cgroup")]
    [InlineData("namespace")]
    public async Task Without_it_auto_takes_another(string level)
    {
        Assert.SkipUnless(await Shell.CanMountAsync(), "this machine lets nobody mount");
        using var job = Job.Start("env", ["-C", directory.Path, .. Without(level), "dotnet", "msbuild", Project("auto"), "-nologo", "-m:1"]);

        Assert.True(await job.ExitCodeAsync() == 0, job.Text);
        Assert.True(File.Exists(directory.Combine("ran")));
    }

    public void Dispose() => directory.Dispose();

    // What follows is run on a machine that has no such thing.
    private static IReadOnlyList<string> Without(string level) => level switch
    {
        "cgroup" => Sandbox.Mounting("mount -t tmpfs none /sys/fs/cgroup"),
        _ => ["unshare", "--user", "--map-root-user", .. Sandbox.Mounting("echo 0 >/proc/sys/user/max_user_namespaces")],
    };

    private string Project(string level) => directory.Write("test.proj", $"""
        <Project>
          <Import Project="{package.Contents}/build/Orchestrator.MSBuild.props" />
          <Target Name="Build">
            <ExecInProcessGroup Command="touch ran" Containment="{level}" />
          </Target>
        </Project>
        """);
}
