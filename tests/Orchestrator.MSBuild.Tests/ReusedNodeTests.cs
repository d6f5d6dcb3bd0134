using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

[CollectionDefinition(nameof(ReusedNodeTests), DisableParallelization = true)]
public sealed class ReusedNode;

// MSBuild keeps no node for a later build while too many are alive, and other tests have some.
[Collection(nameof(ReusedNodeTests))]
public sealed partial class ReusedNodeTests(PackedPackage package) : IDisposable
{
    private readonly AbortedBuild build = new(package);

    [Theory]
    [InlineData(Signal.Int)]
    [InlineData(Signal.Kill)]
    public async Task A_run_depends_on_the_build_that_uses_the_node(int signal)
    {
        var shape = BuildShape.Find("reused node");
        for (var attempt = 1; ; attempt++)
        {
            using var first = build.StartWith(shape, "echo node `ps -o ppid= -p $PPID`");
            first.WaitForLine("node ");
            Assert.Equal(0, await first.ExitCodeAsync());
            var node = int.Parse(Node().Match(first.Text).Groups[1].Value, CultureInfo.InvariantCulture);
            using var second = await build.StartAsync(shape);
            if (build.Marker.Pids().SelectMany(Ancestors).Contains(node))
            {
                second.Abort(signal, group: false);

                Assert.NotEqual(0, await second.ExitCodeAsync());
                await build.NothingIsLeftAsync(second);
                return;
            }

            // The node of the first ended, or did not wait again yet.
            Assert.True(attempt < 10, "no build was given the node of the one before");
            build.Marker.KillAll();
            await second.ExitCodeAsync();
        }
    }

    public void Dispose() => build.Dispose();

    private static IEnumerable<int> Ancestors(int pid)
    {
        while (Signal.Relations(pid) is { Parent: > 1 } process)
        {
            yield return pid = process.Parent;
        }
    }

    [GeneratedRegex(@"(?m)^\s*node ([0-9]+)\s*$")]
    private static partial Regex Node();
}
