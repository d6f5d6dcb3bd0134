namespace Orchestrator.Pkgbuild.Tests;

public sealed class NetworkIsolationTests : IDisposable
{
    // Its interfaces, by the kernel: "lo" alone in a namespace that has nothing.
    private const string Text = "pkgname=a\npkgver=1\npkgrel=1\narch=(any)\npkgdesc=$(grep -o '^ *[^ :]*:' /proc/self/net/dev | tr -d ' \\n')\n";

    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public async Task What_is_evaluated_has_no_network_unless_it_may()
    {
        Assert.SkipUnless((await NetworkIsolation.PrefixAsync()).Count > 0, "this machine does not allow network namespaces");
        var own = (await File.ReadAllLinesAsync("/proc/self/net/dev", TestContext.Current.CancellationToken)).Skip(2).Select(line => line.Split(':')[0].Trim() + ":").ToList();
        Assert.SkipUnless(own.Count > 1, "this machine has no network");
        workshop.Pkgbuild(Text);

        Assert.Equal("lo:", await ReadAsync(new() { Evaluation = PkgbuildEvaluation.Always }));
        Assert.Equal(string.Concat(own), await ReadAsync(new() { Evaluation = PkgbuildEvaluation.Always, AllowNetwork = true }));
    }

    private async Task<string?> ReadAsync(PkgbuildReadOptions options) =>
        (await PkgbuildReader.ReadAsync(workshop.PkgbuildPath, options, TestContext.Current.CancellationToken)).Fields.String("pkgdesc");
}
