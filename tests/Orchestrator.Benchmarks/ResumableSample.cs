using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Processes;

namespace Orchestrator.Benchmarks;

/// <summary>A package that is built over and over again, with places of its own.</summary>
/// <param name="tool">The tool that builds it.</param>
/// <param name="folder">The folder of its PKGBUILD.</param>
internal sealed class ResumableSample(string tool, string folder)
{
    private readonly string cache = folder + "-cache";

    internal string Folder => folder;

    internal static bool HasTool(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(path => File.Exists(Path.Combine(path, name)));

    /// <summary>How many crates its record says are compiled.</summary>
    internal int Done => !Directory.Exists(cache) ? 0 : Directory.GetFiles(cache, "progress.jsonl", SearchOption.AllDirectories)
        .SelectMany(File.ReadLines)
        .Select(line => Regex.Match(line, "\"crates\":([0-9]+)"))
        .Where(match => match.Success)
        .Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
        .DefaultIfEmpty()
        .Max();

    /// <summary>Builds it without options but one.</summary>
    internal Task<RunResult> BuildAsync(string option) => BuildAsync([option]);

    /// <summary>Builds it.</summary>
    /// <param name="options">Options of <c>orchestrator build</c>.</param>
    /// <param name="line">Takes what it prints to standard error.</param>
    /// <param name="environment">Changes to the environment.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <returns>What it took, all of its processes together.</returns>
    internal async Task<RunResult> BuildAsync(
        IEnumerable<string> options, Action<string>? line = null, IReadOnlyDictionary<string, string?>? environment = null, CancellationToken cancel = default)
    {
        List<string> errors = [];
        var result = await SupervisedCommand.Create(tool, ["build", "--force", "--nodeps", .. options, folder])
            .WithEnvironmentVariables(new Dictionary<string, string?>
            {
                ["ORCHESTRATOR_CACHE"] = cache,
                ["ORCHESTRATOR_WORK"] = folder + "-work",
                ["PKGDEST"] = folder + "-out",
            })
            .WithEnvironmentVariables(environment ?? new Dictionary<string, string?>())
            .WithGracePeriod(TimeSpan.FromSeconds(10)) // it has runs of its own to end
            .WithStandardOutput(_ => { })
            .WithStandardError(text =>
            {
                errors.Add(text);
                line?.Invoke(text);
            })
            .RunAsync(cancel);
        return result.IsSuccess ? result : throw new InvalidOperationException($"the build failed: {string.Join('\n', errors)}");
    }

    /// <summary>Removes what earlier builds have compiled.</summary>
    internal void Forget()
    {
        if (Directory.Exists(cache))
        {
            Directory.Delete(cache, recursive: true);
        }
    }
}
