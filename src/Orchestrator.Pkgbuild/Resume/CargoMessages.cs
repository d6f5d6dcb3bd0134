using System.Text.Json;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// What cargo says of what it has finished, in the file of a cache entry to which it writes its messages
/// (https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages). Lines that are torn or not understood are passed over.
/// </summary>
/// <param name="entry">The cache entry.</param>
internal sealed class CargoMessages(string entry)
{
    private const long MaxLength = 16 << 20; // of many builds; a large one writes one MiB
    private readonly GrowingFile messages = new(Path.Combine(entry, "cargo-messages"));
    private readonly string packagesPath = Path.Combine(entry, "cargo-packages");
    private readonly string beforePath = Path.Combine(entry, "cargo-packages.before");

    /// <summary>What was finished since the last time, in order.</summary>
    internal IEnumerable<CargoArtifact> ReadNew()
    {
        foreach (var line in messages.ReadNew())
        {
            if (CargoArtifact.Parse(line) is { } artifact)
            {
                yield return artifact;
            }
        }
    }

    /// <summary>The packages that cargo builds, as far as that is known, a name and a version each; of the build before until it is known of this one.</summary>
    internal IReadOnlySet<string> Packages() => Read(packagesPath) is { Count: > 0 } packages ? packages : Read(beforePath);

    /// <summary>Begins a new build: what is compiled is known from the one before, what there is to compile will be told anew.</summary>
    internal void Begin()
    {
        if (new FileInfo(packagesPath) is { Exists: true, Length: > 0 })
        {
            File.Move(packagesPath, beforePath, overwrite: true);
        }

        if (messages.Length > MaxLength)
        {
            messages.Delete();
        }
    }

    private static HashSet<string> Read(string path) =>
        File.Exists(path) ? File.ReadLines(path).Where(line => line.Length > 0).ToHashSet(StringComparer.Ordinal) : [];
}

/// <summary>Something that cargo has finished.</summary>
/// <param name="Package">Name and version of its package: <c>serde 1.0.152</c>.</param>
/// <param name="Hash">The hash in the name of what was compiled; null if it has none, as a program.</param>
/// <param name="IsFresh">Whether it was there already.</param>
/// <param name="IsBuildScript">Whether it is a build script, with which a package only begins.</param>
internal sealed record CargoArtifact(string Package, string? Hash, bool IsFresh, bool IsBuildScript)
{
    /// <summary>The name of its package.</summary>
    internal string Name => Package.Split(' ')[0];

    /// <summary>Reads a message; null if it is another one, or none.</summary>
    internal static CargoArtifact? Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var message = json.RootElement;
            return message.GetProperty("reason").GetString() == "compiler-artifact" && PackageOf(message.GetProperty("package_id").GetString()!) is { } package
                ? new(
                    package,
                    message.GetProperty("filenames").EnumerateArray().Select(file => CargoUnits.HashIn(Path.GetFileName(file.GetString()!))).FirstOrDefault(hash => hash is not null),
                    message.GetProperty("fresh").GetBoolean(),
                    message.GetProperty("target").GetProperty("kind").EnumerateArray().Any(kind => kind.GetString() == "custom-build"))
                : null;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    // registry+https://…#serde@1.0.152, path+file:///home/me/app#0.1.0, and before cargo 1.77: serde 1.0.152 (registry+https://…)
    // https://doc.rust-lang.org/cargo/reference/pkgid-spec.html
    private static string? PackageOf(string id)
    {
        if (id.Split(' ') is [var name, var version, ['(', ..]])
        {
            return $"{name} {version}";
        }

        var hash = id.LastIndexOf('#');
        if (hash < 0)
        {
            return null;
        }

        var fragment = id[(hash + 1)..];
        var at = fragment.LastIndexOf('@');
        return at > 0 ? $"{fragment[..at]} {fragment[(at + 1)..]}" : $"{Path.GetFileName(id[..hash].Split('?')[0].TrimEnd('/'))} {fragment}";
    }
}
