using System.Text.RegularExpressions;

namespace Orchestrator.MSBuild;

/// <summary>
/// The error lines of a run that may be repeated: logged as errors at once, they would fail the task even if the next run
/// succeeds. Which lines they are is decided by MSBuild when they are logged; here are all that can be some.
/// </summary>
internal sealed partial class HeldLines(string? customError, bool ignoresFormat)
{
    private readonly List<(OutputKind Kind, string Line)> lines = [];

    /// <summary>Keeps a line that may be an error.</summary>
    /// <returns>False for one that is not.</returns>
    internal bool Take(OutputKind kind, string line, bool everyError)
    {
        var isHeld = kind != OutputKind.Narration
            && ((kind == OutputKind.Error && everyError) || (!ignoresFormat && CanonicalError().IsMatch(line)) || (customError is not null && Regex.IsMatch(line, customError)));
        if (isHeld)
        {
            lines.Add((kind, line));
        }

        return isHeld;
    }

    /// <summary>Hands on what was kept.</summary>
    internal void Release(Action<OutputKind, string> print) => lines.ForEach(held => print(held.Kind, held.Line));

    [GeneratedRegex(@"\berror\b[^:]*:", RegexOptions.IgnoreCase)]
    private static partial Regex CanonicalError();
}
