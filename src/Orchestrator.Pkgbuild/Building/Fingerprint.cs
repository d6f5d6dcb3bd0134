using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Digest of all that decides, on this machine, what a build yields: the PKGBUILD, its local sources, and the rest of its
/// folder if a function uses <c>startdir</c>.
/// </summary>
internal static class Fingerprint
{
    /// <summary>To be raised when the same PKGBUILD yields something else than before.</summary>
    private const string Version = "1";

    internal static async Task<string> ComputeAsync(
        Pkgbuild pkgbuild, IReadOnlyList<SourceEntry> sources, string architecture, string output, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, Version);
        Add(hash, architecture);
        foreach (var file in Files(pkgbuild, sources, output).Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal))
        {
            Add(hash, Path.GetRelativePath(pkgbuild.StartDirectory, file));
            Add(hash, await DescribeAsync(file, cancellationToken).ConfigureAwait(false));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> Files(Pkgbuild pkgbuild, IReadOnlyList<SourceEntry> sources, string output)
    {
        var declared = sources.Where(entry => entry.Source.Protocol == SourceProtocol.Local)
            .Select(entry => entry.Source.Name)
            .Concat(pkgbuild.Overrides.Values.Prepend(pkgbuild.Fields)
                .SelectMany(fields => new[] { fields.String("install"), fields.String("changelog") })
                .OfType<string>()
                .Where(name => name.Length > 0))
            .Select(name => Path.Combine(pkgbuild.StartDirectory, name))
            .Append(pkgbuild.Path)
            .Where(File.Exists);
        return UsesStartDirectory(pkgbuild)
            ? declared.Concat(FilesBelow(new(pkgbuild.StartDirectory), output))
            : declared;
    }

    private static bool UsesStartDirectory(Pkgbuild pkgbuild) =>
        File.ReadAllText(pkgbuild.Path, Encoding.Latin1).Contains("startdir", StringComparison.Ordinal);

    private static IEnumerable<string> FilesBelow(DirectoryInfo folder, string output)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is not DirectoryInfo below || entry.LinkTarget is not null)
            {
                yield return entry.FullName;
            }
            else if (entry.Name != ".git" && entry.FullName != output)
            {
                foreach (var file in FilesBelow(below, output))
                {
                    yield return file;
                }
            }
        }
    }

    private static async Task<string> DescribeAsync(string path, CancellationToken cancellationToken)
    {
        FileInfo file = new(path);
        if (file.LinkTarget is { } target)
        {
            return $"link {target}";
        }

        var status = LinuxFile.Status(path);
        if (status.Type != FileStatus.Regular)
        {
            return "special";
        }

        var sums = await Checksums.OfFileAsync(path, [ChecksumKind.Sha256], cancellationToken).ConfigureAwait(false);
        return $"{status.Mode.HasFlag(UnixFileMode.UserExecute)} {sums[ChecksumKind.Sha256]}";
    }

    private static void Add(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }
}
