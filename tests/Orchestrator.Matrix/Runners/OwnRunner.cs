using System.Globalization;
using Orchestrator.Testing;

namespace Orchestrator.Matrix.Runners;

/// <summary>The command-line tool of this repository, at one level.</summary>
internal sealed class OwnRunner(string level) : Runner($"`orchestrator run --containment {level}`")
{
    internal override string? Problem => Levels.Problem(level);

    internal override bool HasTimeout => true;

    internal override IEnumerable<string> CommandLine(string file, TimeSpan? timeout) =>
    [
        Path.Combine(AppContext.BaseDirectory, "orchestrator"),
        "run",
        $"--containment={level}",
        .. timeout is { } limit ? [string.Create(CultureInfo.InvariantCulture, $"--timeout={limit.TotalMilliseconds:0}")] : Array.Empty<string>(),
        "--",
        "bash",
        file,
    ];
}
