using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

/// <summary>Runs inside runs: one abort empties all of them, and each cleans its own directory.</summary>
public sealed class NestedRunTests : IDisposable
{
    private const int Files = 2000;
    private readonly Marker marker = new();
    private readonly TestDirectory directory = new();

    public void Dispose()
    {
        marker.KillAll();
        directory.Dispose();
    }

    [Theory]
    [InlineData(Signal.Term, 143)]
    [InlineData(Signal.Kill, 137)]
    public async Task Make_that_starts_twenty(int signal, int exitCode)
    {
        Assert.SkipUnless(Repository.HasTool("make"), "make is missing");
        var makefile = directory.Write("Makefile", $"""
            all: $(addprefix run,$(shell seq 20))
            run%:
            	'{Tool.Program}' run --work-dir '{directory.Path}/inner$*' -- bash -c 'cd "$$1" && seq -f file%.0f {Files} | xargs touch && echo READY && exec sleep {marker.Seconds}' bash '{directory.Path}/inner$*'
            """);
        using var job = Job.Start(Tool.Program, "run", "--work-dir", directory.Combine("outer"), "--grace", "2000", "--", "make", "-j20", "-f", makefile);
        await Eventually.IsTrueAsync(() => Ready(job) == 20 || job.Process.HasExited, () => $"20 runs:\n{job.Text}", TimeSpan.FromMinutes(4));
        job.Abort(signal, group: false);

        Assert.Equal(exitCode, await job.ExitCodeAsync());
        await Eventually.IsTrueAsync(() => Left().Count == 0, () => string.Join(' ', Left()), signal == Signal.Kill ? TimeSpan.FromSeconds(20) : TimeSpan.Zero);
        Assert.Empty(marker.Alive());
    }

    [Fact]
    public async Task A_package_whose_build_starts_one()
    {
        directory.Write("p/PKGBUILD", $$"""
            pkgname=p
            pkgver=1
            pkgrel=1
            arch=(any)
            build() {
              '{{Tool.Program}}' run --work-dir '{{directory.Path}}/inner1' -- bash -c 'cd "$1" && seq -f file%.0f {{Files}} | xargs touch && echo READY && sleep {{marker.Seconds}}' bash '{{directory.Path}}/inner1'
            }
            package() { :; }
            """);
        using var job = Job.Start(Tool.Program, "build", "--output", directory.Combine("out"), directory.Combine("p/PKGBUILD"));
        job.WaitForLine("READY");
        job.Abort(Signal.Int, group: false);

        Assert.Equal(130, await job.ExitCodeAsync());
        Assert.Empty(Left());
        Assert.Empty(await job.LeftAfterAsync(TimeSpan.FromSeconds(2)));
        Assert.Empty(marker.Alive());
    }

    private static int Ready(Job job) => job.Text.Split('\n').Count(line => line == "READY");

    private List<string?> Left() => [.. Directory.EnumerateDirectories(directory.Path).Select(Path.GetFileName).Where(name => name is "outer" || name!.StartsWith("inner", StringComparison.Ordinal))];
}
