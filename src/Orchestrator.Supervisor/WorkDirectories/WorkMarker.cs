using System.Globalization;
using System.Text;

namespace Orchestrator.Supervisor.WorkDirectories;

/// <summary>
/// What the marker file of a work directory says: the run that it belongs to, and which directory it was written for. A
/// copy of a directory (<c>cp -a</c>) has a copy of its marker, and must not end the run of the original.
/// </summary>
/// <param name="Run">What <c>ORCHESTRATOR_RUN</c> holds in each process of the run.</param>
/// <param name="Directory">Inode of the directory.</param>
internal sealed record WorkMarker(string Run, ulong Directory)
{
    /// <summary>Longer is no marker of ours; each run inside another adds 33 bytes.</summary>
    internal const int MaxLength = 64 * 1024;

    private const string Heading = "This directory belongs to a run of Orchestrator and is removed with it.";
    private const string RunKey = "run: ";
    private const string DirectoryKey = "directory: ";

    /// <summary>From the bytes of the file; null if it is none of ours.</summary>
    internal static WorkMarker? Parse(ReadOnlySpan<byte> text)
    {
        return text.Length <= MaxLength
            && Encoding.UTF8.GetString(text).Split('\n') is [Heading, var first, var second, ""]
            && first.StartsWith(RunKey, StringComparison.Ordinal)
            && first[RunKey.Length..] is var run
            && run.Split('/').All(part => RunId.IsValid(part))
            && second.StartsWith(DirectoryKey, StringComparison.Ordinal)
            && ulong.TryParse(second.AsSpan(DirectoryKey.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var directory)
            ? new(run, directory)
            : null;
    }

    /// <summary>The bytes of the file.</summary>
    internal byte[] ToBytes() =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Heading}\n{RunKey}{Run}\n{DirectoryKey}{Directory}\n"));
}
