using System.Globalization;
using Orchestrator.Pkgbuild;
using Spectre.Console;

namespace Orchestrator.Frosting;

/// <summary>What became of each package, at one glance.</summary>
internal static class SummaryTable
{
    internal static void Print(IReadOnlyCollection<BuildSummaryRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("Package", "Version", "Outcome", "Time", "Note");
        foreach (var row in rows)
        {
            table.AddRow(
                Markup.Escape(row.Name),
                Markup.Escape((row.Result?.Version ?? row.Version)?.ToString() ?? ""),
                Outcome(row.Outcome),
                row.Duration.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture),
                Markup.Escape(row.Reason ?? (row.Result?.Reuse is { IsAny: true } reuse ? $"reused {reuse}" : "")));
        }

        AnsiConsole.Write(table);
    }

    private static string Outcome(BuildOutcome outcome) => outcome switch
    {
        BuildOutcome.Built => "[green]built[/]",
        BuildOutcome.UpToDate => "[green]up to date[/]",
        BuildOutcome.Skipped => "[yellow]skipped[/]",
        BuildOutcome.Cancelled => "[yellow]cancelled[/]",
        _ => "[red]failed[/]",
    };
}
