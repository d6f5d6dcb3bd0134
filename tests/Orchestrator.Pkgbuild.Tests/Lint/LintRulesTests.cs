using System.Text;
using Orchestrator.Testing;

namespace Orchestrator.Pkgbuild.Tests;

public class LintRulesTests
{
    [Fact]
    public void Rules_are_named_once_each_in_order() =>
        Assert.Equal(LintRules.All.Select(rule => rule.Id).Distinct().Order(StringComparer.Ordinal), LintRules.All.Select(rule => rule.Id));

    [Fact]
    public void A_rule_is_found_by_its_name()
    {
        Assert.All(LintRules.All, (rule, index) => Assert.Equal(index, LintRules.IndexOf(rule.Id)));
        Assert.Equal(-1, LintRules.IndexOf("nonsense"));
    }

    [Fact]
    public void Every_rule_is_as_bad_as_the_worst_that_it_finds()
    {
        var found = LintSample.Fatal.Select(sample => (Rule: sample.Data.Item2, Severity: LintSeverity.Fatal))
            .Concat(LintSample.Error.Select(sample => (Rule: sample.Data.Item2, Severity: LintSeverity.Error)))
            .Append((Rule: LintFinding.FromError(new(MakepkgExitCode.PkgbuildError, "", "/PKGBUILD")).Rule, Severity: LintSeverity.Fatal))
            .GroupBy(finding => finding.Rule)
            .Select(findings => (findings.Key, findings.Max(finding => finding.Severity)));

        Assert.Equal(LintRules.All.Select(rule => (rule.Id, rule.Severity)), found.OrderBy(rule => rule.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void The_documentation_has_the_table_of_the_rules()
    {
        StringBuilder table = new("| rule | severity | what it demands | what to do |\n| --- | --- | --- | --- |\n");
        foreach (var rule in LintRules.All)
        {
            table.Append('|').AppendJoin('|', [$" `{rule.Id}` ", Severity(rule.Severity), $" {Escape(rule.Summary)} ", $" {Escape(rule.Cure)} "]).Append("|\n");
        }

        // Should it differ, this is what docs/lint.md is to have.
        Assert.Contains(table.ToString(), File.ReadAllText(Path.Combine(Repository.Root, "docs/lint.md")), StringComparison.Ordinal);
    }

    private static string Severity(LintSeverity severity) => severity == LintSeverity.Fatal ? " fatal " : " error ";

    // Signs that Markdown would take for its own.
    private static string Escape(string text) => text.Replace("*", "\\*", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)
        .Replace("<", "\\<", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
}
