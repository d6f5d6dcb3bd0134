using System.Globalization;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>What <c>ExecInProcessGroup</c> costs next to MSBuild's own <c>Exec</c>: both in turn, in one build.</summary>
internal static partial class TaskCost
{
    private const string Own = "ExecInProcessGroup";
    private const string Baseline = "Exec";
    private const string ManyLines = "yes 'a line of output, as compilers print them' | head -n 1000000";

    internal static async Task MeasureAsync(Rounds rounds, string workDirectory)
    {
        await PrintAsync("`true` as an MSBuild task", "true", rounds.Tasks, 1.5, workDirectory);
        await PrintAsync("1,000,000 lines through an MSBuild task", ManyLines, rounds.LongOutputs, 1.05, workDirectory);
    }

    private static async Task PrintAsync(string title, string command, int count, double limit, string workDirectory)
    {
        var samples = await MeasureAsync(command, count, workDirectory);
        var (own, baseline) = (samples[Own], samples[Baseline]);
        var bound = UpperBound([.. own.Zip(baseline, (mine, other) => Math.Log(mine / other))]);
        Console.WriteLine($"### {title}");
        Console.WriteLine();
        Console.WriteLine($"| | median | × {Baseline} | upper 95 % bound | aim | runs |");
        Console.WriteLine("| --- | ---: | ---: | ---: | --- | ---: |");
        Console.WriteLine($"| `{Baseline}` | {Sample.Format(Median(baseline))} ms | 1.00 | | | {count} |");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| `{Own}` | {Sample.Format(Median(own))} ms | {Median(own) / Median(baseline):0.00} | {bound:0.00} | {Aims.Cell(title, bound, limit)} | {count} |"));
        Console.WriteLine();
    }

    // Milliseconds of each task, in the order of the rounds; the first round is not counted.
    private static async Task<Dictionary<string, List<double>>> MeasureAsync(string command, int count, string workDirectory)
    {
        var project = Path.Combine(workDirectory, "tasks.proj");
        await File.WriteAllTextAsync(project, Project(command, count + 1));
        var build = await Cli.Wrap("dotnet")
            .WithArguments(["msbuild", project, "-nologo", "-v:m", "-m:1"])
            .WithEnvironmentVariables(variables => variables.Set("MSBUILDDISABLENODEREUSE", "1"))
            .ExecuteBufferedAsync();
        return Measured().Matches(build.StandardOutput)
            .GroupBy(match => match.Groups[1].Value, match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) / TimeSpan.TicksPerMillisecond)
            .ToDictionary(group => group.Key, group => group.Skip(1).ToList());
    }

    private static string Project(string command, int rounds)
    {
        var text = new StringBuilder("<Project>\n").AppendLine(CultureInfo.InvariantCulture, $"""
              <Import Project="{Repository.Root}/src/Orchestrator.MSBuild/build/Orchestrator.MSBuild.props" />
              <Target Name="Measure">
            """);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var task in round % 2 == 0 ? (string[])[Baseline, Own] : [Own, Baseline])
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"""
                        <PropertyGroup><Began>$([System.DateTime]::UtcNow.Ticks)</Began></PropertyGroup>
                        <{task} Command="{SecurityElement.Escape(command)}" StandardOutputImportance="low" />
                        <Message Importance="high" Text="{task} took $([MSBuild]::Subtract($([System.DateTime]::UtcNow.Ticks), $(Began)))" />
                    """);
            }
        }

        return text.Append("  </Target>\n</Project>\n").ToString()
            .Replace("<Project>", $"<Project><PropertyGroup><OrchestratorTaskAssembly>{TaskAssembly}</OrchestratorTaskAssembly></PropertyGroup>", StringComparison.Ordinal);
    }

    // artifacts/bin/PROJECT/CONFIGURATION/
    private static string TaskAssembly => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../Orchestrator.MSBuild", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "Orchestrator.MSBuild.dll"));

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    // One-sided, of the mean of the ratios of pairs, by the normal distribution.
    private static double UpperBound(List<double> logarithms)
    {
        var mean = logarithms.Average();
        var deviation = Math.Sqrt(logarithms.Sum(value => Math.Pow(value - mean, 2)) / Math.Max(1, logarithms.Count - 1));
        return Math.Exp(mean + (1.645 * deviation / Math.Sqrt(logarithms.Count)));
    }

    [GeneratedRegex(@"(\w+) took ([0-9.]+)")]
    private static partial Regex Measured();
}
