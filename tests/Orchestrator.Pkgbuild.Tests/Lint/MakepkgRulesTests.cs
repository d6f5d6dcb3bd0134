using System.Collections.Concurrent;

namespace Orchestrator.Pkgbuild.Tests;

/// <summary>The real makepkg and our linter refuse and accept the same.</summary>
public class MakepkgRulesTests
{
    private const string Library = "/usr/share/makepkg/lint_pkgbuild";

    public static TheoryData<string> Files => [.. MakepkgRules.ByFile.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_linter_refuses_what_makepkg_refuses(string file)
    {
        Assert.SkipUnless(Makepkg.Unavailable is null, Makepkg.Unavailable ?? "");
        ConcurrentBag<string> wrong = [];
        var (refused, accepted) = MakepkgRules.ByFile[file];

        // makepkg takes a second for each, most of which it spends starting grep.
        await Parallel.ForEachAsync(
            refused.Select(text => (text, true)).Concat(accepted.Select(text => (text, false))),
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken },
            async (sample, _) =>
            {
                var (text, isRefused) = sample;
                using PkgbuildFolder folder = new(text);
                var (exitCode, _, error) = await Makepkg.PrintSrcInfoAsync(folder.Path);
                if (exitCode != (isRefused ? (int)MakepkgExitCode.PkgbuildError : 0))
                {
                    wrong.Add($"makepkg ends with {exitCode}: {error}\n{text}");
                }

                var findings = PkgbuildLinter.Lint(await folder.ReadAsync());
                if (findings.Any(finding => finding.Severity == LintSeverity.Fatal) != isRefused)
                {
                    wrong.Add($"the linter finds {string.Join(", ", findings)}\n{text}");
                }
            });

        Assert.Empty(wrong);
    }

    [Fact]
    public void There_are_samples_for_every_file_of_makepkgs_library()
    {
        Assert.SkipUnless(Makepkg.Unavailable is null, Makepkg.Unavailable ?? "");

        // What pkglist.sh checks is not the PKGBUILD, but makepkg's option --pkg; util.sh is a helper of changelog.sh and install.sh.
        Assert.Equal(
            Directory.GetFiles(Library, "*.sh").Select(Path.GetFileName).Except(["pkglist.sh", "util.sh"]).Order(StringComparer.Ordinal),
            MakepkgRules.ByFile.Keys.Order(StringComparer.Ordinal));
    }
}
