using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// How far a build has come, a line of JSON for each step, appended to the file <c>progress.jsonl</c> of its cache entry as it
/// goes. What is killed loses at most its last line; one that is torn is passed over.
/// </summary>
/// <param name="entry">The cache entry.</param>
internal sealed class ProgressRecord(string entry)
{
    private readonly string path = Path.Combine(entry, "progress.jsonl");

    /// <summary>The lines of the last build, as far as they can be read.</summary>
    internal IReadOnlyList<ProgressLine> Read()
    {
        try
        {
            return File.Exists(path) ? [.. File.ReadLines(path).Select(ProgressLine.Parse).OfType<ProgressLine>()] : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Begins anew: what the last build said of itself goes in one step with the first line of this one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Begin(ProgressLine first)
    {
        var unfinished = path + ".new";
        File.WriteAllBytes(unfinished, first.ToBytes());
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Adds a line, with one write to the end of the file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Append(ProgressLine line)
    {
        using FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(line.ToBytes());
    }
}

/// <summary>A step of a build.</summary>
/// <param name="Time">When it was reached, in milliseconds since 1970.</param>
/// <param name="Phase">The function that runs, or <c>start</c>, <c>cancelled</c>, <c>failed</c>, <c>done</c>.</param>
/// <param name="Crates">How many crates are compiled.</param>
/// <param name="AllCrates">Of how many; 0 if that is not known.</param>
/// <param name="Objects">How many object files are compiled.</param>
/// <param name="Name">What was finished last: the name of a crate, with its version.</param>
internal sealed record ProgressLine(long Time, string Phase, int Crates, int AllCrates, int Objects, string? Name = null)
{
    /// <summary>Reads a line; null if it is none, or torn.</summary>
    internal static ProgressLine? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ProgressLineJson.Default.ProgressLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, ProgressLineJson.Default.ProgressLine), (byte)'\n'];
}

/// <summary>Reads and writes lines without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ProgressLine))]
internal sealed partial class ProgressLineJson : JsonSerializerContext;
