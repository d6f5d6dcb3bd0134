namespace Orchestrator.Pkgbuild.Tests;

public sealed class PackageSetTests : IDisposable
{
    private readonly Workshop workshop = new();
    private readonly List<BuildSummaryRow> rows = [];

    public void Dispose() => workshop.Dispose();

    [Fact]
    public async Task Packages_are_built_after_those_that_they_need()
    {
        Add("a", "makedepends=(b)");
        Add("b", "depends=(virtual)");
        Add("c", "provides=(virtual=2)");

        var summary = await BuildAsync();

        Assert.Equal(["c", "b", "a"], summary.Rows.Select(row => row.Name));
        Assert.Equal(3, summary.Count(BuildOutcome.Built));
        Assert.Equal(MakepkgExitCode.Success, summary.ExitCode);
        Assert.Equal(rows, summary.Rows);
    }

    [Fact]
    public async Task A_failure_keeps_only_what_needs_it_from_being_built()
    {
        Add("a", "", "false");
        Add("b", "depends=(a)");
        Add("c", "depends=(b)");
        Add("d", "");

        var summary = await BuildAsync();

        Assert.Equal(
            [("a", BuildOutcome.Failed, "A failure occurred in package()."), ("b", BuildOutcome.Skipped, "a, which it needs, was not built"),
                ("c", BuildOutcome.Skipped, "b, which it needs, was not built"), ("d", BuildOutcome.Built, null)],
            summary.Rows.Select(row => (row.Name, row.Outcome, row.Reason)));
        Assert.Equal(MakepkgExitCode.FunctionFailed, summary.ExitCode);
        Assert.Contains("==> ERROR: A failure occurred in package().", workshop.Lines);
        Assert.Contains("==> Skipping b 1-1: a, which it needs, was not built", workshop.Lines);
        workshop.AssertNothingLeft();
    }

    [Theory]
    [InlineData(true, BuildOutcome.Skipped, MakepkgExitCode.Success)]
    [InlineData(false, BuildOutcome.Failed, MakepkgExitCode.MissingDependencies)]
    public async Task A_missing_tool_skips_or_fails_as_the_caller_wants(bool skip, BuildOutcome outcome, MakepkgExitCode exitCode)
    {
        Add("a", "makedepends=(no-such-compiler)");
        Add("b", "");

        var summary = await BuildAsync(options => options with { SkipMissingDependencies = skip });

        Assert.Equal([outcome, BuildOutcome.Built], summary.Rows.Select(row => row.Outcome));
        Assert.Contains("no-such-compiler", summary.Rows[0].Reason, StringComparison.Ordinal);
        Assert.Equal(exitCode, summary.ExitCode);
    }

    [Fact]
    public async Task Every_line_says_what_it_is_and_an_error_has_its_place()
    {
        Add("a", "", "echo out; echo err >&2; false");
        List<BuildMessage> messages = [];

        await new PackageSetBuilder(workshop.Options, messages.Add).BuildAsync(
            [Path.Combine(workshop.StartDirectory, "a")], TestContext.Current.CancellationToken);

        Assert.Equal(BuildMessageKind.Step, Of("==> Building a 1-1").Kind);
        Assert.Equal(BuildMessageKind.Output, Of("out").Kind);
        Assert.Equal(BuildMessageKind.ErrorOutput, Of("err").Kind);
        Assert.Equal(BuildMessageKind.Error, messages[^1].Kind);
        Assert.Equal($"{workshop.StartDirectory}/a/PKGBUILD(7): error: A failure occurred in package().", messages[^1].Error!.CanonicalMessage);

        BuildMessage Of(string text) => messages.Single(message => message.Text == text);
    }

    [Fact]
    public async Task What_cannot_be_read_fails_alone()
    {
        Add("a", "source=(");
        Add("b", "");

        var summary = await BuildAsync();

        Assert.Equal([BuildOutcome.Failed, BuildOutcome.Built], summary.Rows.Select(row => row.Outcome));
        Assert.Equal(MakepkgExitCode.PkgbuildError, summary.ExitCode);
    }

    [Fact]
    public async Task What_is_up_to_date_counts_as_there()
    {
        Add("a", "");
        Add("b", "depends=(a)");
        await BuildAsync();

        var summary = await BuildAsync();

        Assert.Equal(2, summary.Count(BuildOutcome.UpToDate));
    }

    [Fact]
    public async Task Cancelling_ends_the_whole_and_says_which_package_it_hit()
    {
        Add("a", "");
        Add("b", "", "echo now; sleep 600");
        Add("c", "");
        using CancellationTokenSource cancel = new();
        var build = BuildAsync(cancel: cancel.Token);
        await workshop.LineAsync("now");

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        Assert.Equal([BuildOutcome.Built, BuildOutcome.Cancelled], rows.Select(row => row.Outcome));
        workshop.AssertNothingLeft();
    }

    private void Add(string name, string fields, string command = ":")
    {
        Directory.CreateDirectory(Path.Combine(workshop.StartDirectory, name));
        workshop.With(
            $"{name}/PKGBUILD",
            $"pkgname={name}\npkgver=1\npkgrel=1\narch=(any)\n{fields}\npackage() {{\n  {command}\n}}\n");
    }

    private Task<BuildSummary> BuildAsync(Func<BuildOptions, BuildOptions>? change = null, CancellationToken? cancel = null) =>
        new PackageSetBuilder((change ?? (options => options))(workshop.Options), workshop.Log, rows.Add)
            .BuildAsync(Directory.GetDirectories(workshop.StartDirectory).Order(), cancel ?? TestContext.Current.CancellationToken);
}
