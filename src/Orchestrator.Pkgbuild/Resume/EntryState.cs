using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Pkgbuild;

/// <summary>What a cache entry says of itself, in its file <c>entry.json</c>.</summary>
/// <param name="Format">Version of the layout; another one is not read.</param>
/// <param name="Package">The <c>pkgbase</c>.</param>
/// <param name="Phase">How far its last build came.</param>
/// <param name="Boot">The kernel's name of the time since it started (<c>proc_sys_kernel(5)</c>, <c>random/boot_id</c>): what was written before may have been lost with the power.</param>
/// <param name="Used">When it was last used, in milliseconds since 1970.</param>
/// <param name="Bytes">How large it was when a build of it was last done. What came since, of one that was not, nobody has counted.</param>
internal sealed record EntryState(int Format, string Package, EntryPhase Phase, string Boot, long Used, long Bytes)
{
    /// <summary>The version of the layout that this program writes.</summary>
    internal const int CurrentFormat = 1;

    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>That of this moment; empty where there is none.</summary>
    internal static string CurrentBoot { get; } = File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "";

    /// <summary>Reads it; null if it is missing or damaged.</summary>
    internal static EntryState? Read(string entry)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(PathIn(entry)), EntryStateJson.Default.EntryState);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes it, in one step.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Write(string entry)
    {
        var unfinished = PathIn(entry) + ".new";
        File.WriteAllBytes(unfinished, JsonSerializer.SerializeToUtf8Bytes(this, EntryStateJson.Default.EntryState));
        File.Move(unfinished, PathIn(entry), overwrite: true);
    }

    internal static string PathIn(string entry) => Path.Combine(entry, "entry.json");
}

/// <summary>How far the last build of an entry came.</summary>
internal enum EntryPhase
{
    /// <summary>It is at work, or was killed.</summary>
    Building,

    /// <summary>It was cancelled, or it failed.</summary>
    Interrupted,

    /// <summary>It made its packages.</summary>
    Done,
}

/// <summary>Reads and writes states without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EntryState))]
internal sealed partial class EntryStateJson : JsonSerializerContext;
