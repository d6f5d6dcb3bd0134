using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Pkgbuild;

/// <summary>What the last build of a PKGBUILD was made from and what it yielded. It lies beside the packages.</summary>
/// <param name="Fingerprint">Digest of the PKGBUILD and its local sources; empty while packages are being put into place.</param>
/// <param name="Version">What was built.</param>
/// <param name="Commits">The commit of each git source, by the source's text.</param>
/// <param name="Provides">Names that the packages are dependencies by, beside their own.</param>
/// <param name="Packages">The packages.</param>
internal sealed record BuildStamp(
    string Fingerprint,
    PackageVersion Version,
    IReadOnlyDictionary<string, string> Commits,
    IReadOnlyList<string> Provides,
    IReadOnlyList<BuildStamp.Package> Packages)
{
    /// <summary>Whether a build from the same things would only do the same work again.</summary>
    /// <param name="fingerprint">Digest of what would be built.</param>
    /// <param name="output">The folder that the packages are in.</param>
    internal bool IsCurrent(string fingerprint, string output) =>
        fingerprint == Fingerprint && Packages.All(package =>
            Directory.Exists(Path.Combine(output, package.Name))
            && new FileInfo(Path.Combine(output, package.Archive)) is { Exists: true } archive
            && archive.Length == package.Size);

    /// <summary>Whether the git sources are at the commits that were built.</summary>
    internal bool HasCommits(IEnumerable<FetchedSource> sources) => sources
        .Where(source => source.Commit is not null)
        .All(source => Commits.GetValueOrDefault(source.Source.Text) == source.Commit);

    /// <summary>The packages as the result of a build has them.</summary>
    internal IReadOnlyList<BuiltPackage> Describe(string output) =>
        [.. Packages.Select(package => new BuiltPackage(
            package.Name, Version.ToString(), package.Architecture, Path.Combine(output, package.Archive), Path.Combine(output, package.Name)))];

    /// <summary>Reads a stamp; null if there is none that can be read.</summary>
    internal static BuildStamp? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), BuildStampJson.Default.BuildStamp) : null;
        }
        catch (JsonException)
        {
            // One of another version, or damaged: the package is built anew and gets a good one.
            return null;
        }
    }

    internal void Write(string path) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, BuildStampJson.Default.BuildStamp));

    /// <param name="Name">Its pkgname.</param>
    /// <param name="Architecture">Its architecture, or any.</param>
    /// <param name="Archive">File name of its archive.</param>
    /// <param name="Size">Size of the archive in bytes.</param>
    internal sealed record Package(string Name, string Architecture, string Archive, long Size);
}

/// <summary>Reads and writes stamps without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BuildStamp))]
internal sealed partial class BuildStampJson : JsonSerializerContext;
