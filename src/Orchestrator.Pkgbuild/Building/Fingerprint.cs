using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Digest of all that decides, on this machine, what a build yields: the PKGBUILD, its local sources, the rest of its folder
/// if a function uses <c>startdir</c>, and those of the caller's variables that the PKGBUILD or compilers read.
/// </summary>
internal static partial class Fingerprint
{
    /// <summary>To be raised when the same PKGBUILD yields something else than before.</summary>
    private const string Version = "1";

    // They differ from one terminal to the next and say nothing of the package.
    private static readonly string[] Incidental = ["PATH", "PWD", "OLDPWD", "SHLVL", "HOME", "TMPDIR", "SOURCE_DATE_EPOCH"];

    /// <param name="pkgbuild">The PKGBUILD.</param>
    /// <param name="sources">All its sources.</param>
    /// <param name="options">What is built for, and changes to the environment.</param>
    /// <param name="excluded">Folders that a build writes to, and that may be beside the PKGBUILD.</param>
    /// <param name="cancellationToken">Stops.</param>
    internal static async Task<string> ComputeAsync(
        Pkgbuild pkgbuild, IReadOnlyList<SourceEntry> sources, BuildOptions options, IReadOnlyCollection<string> excluded, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, Version);
        Add(hash, options.Architecture);
        var script = await File.ReadAllTextAsync(pkgbuild.Path, Encoding.Latin1, cancellationToken).ConfigureAwait(false);
        foreach (var variable in Variables(script, options.Environment))
        {
            Add(hash, variable);
        }

        foreach (var file in Files(pkgbuild, script, sources, excluded).Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal))
        {
            Add(hash, Path.GetRelativePath(pkgbuild.StartDirectory, file));
            Add(hash, await DescribeAsync(file, cancellationToken).ConfigureAwait(false));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>When the last of the files that decide was changed.</summary>
    internal static DateTime LastChange(Pkgbuild pkgbuild, IReadOnlyList<SourceEntry> sources, IReadOnlyCollection<string> excluded) =>
        Files(pkgbuild, File.ReadAllText(pkgbuild.Path, Encoding.Latin1), sources, excluded).Max(File.GetLastWriteTimeUtc);

    private static IEnumerable<string> Files(
        Pkgbuild pkgbuild, string script, IReadOnlyList<SourceEntry> sources, IReadOnlyCollection<string> excluded)
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
        return script.Contains("startdir", StringComparison.Ordinal)
            ? declared.Concat(FilesBelow(new(pkgbuild.StartDirectory), excluded))
            : declared;
    }

    /// <summary>Those of the caller's variables that a script or compilers read, as <c>NAME=VALUE</c>.</summary>
    // RBEE_FEATURES=large makes another package of a PKGBUILD that says ${RBEE_FEATURES:+--features "$RBEE_FEATURES"}.
    internal static IEnumerable<string> Variables(string script, IReadOnlyDictionary<string, string?> changes) =>
        from name in Reference().Matches(script)
            .Select(match => match.Groups[1].Value)
            .Concat(BuildEnvironment.CompilerFlags)
            .Except(Incidental, StringComparer.Ordinal)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
        let value = changes.TryGetValue(name, out var changed) ? changed : Environment.GetEnvironmentVariable(name)
        where value is not null
        select $"{name}={value}";

    private static IEnumerable<string> FilesBelow(DirectoryInfo folder, IReadOnlyCollection<string> excluded)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is not DirectoryInfo below || entry.LinkTarget is not null)
            {
                yield return entry.FullName;
            }
            else if (entry.Name != ".git" && !excluded.Contains(entry.FullName))
            {
                foreach (var file in FilesBelow(below, excluded))
                {
                    yield return file;
                }
            }
        }
    }

    private static async Task<string> DescribeAsync(string path, CancellationToken cancellationToken)
    {
        FileInfo file = new(path);
        var status = NativeFile.Status(file.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target ? target.FullName : path);
        if (status.Type != FileStatus.Regular)
        {
            // A link to a folder or to nothing, or something that is never read, such as a FIFO.
            return file.LinkTarget ?? "";
        }

        var sums = await Checksums.OfFileAsync(path, [ChecksumKind.Sha256], cancellationToken).ConfigureAwait(false);
        return $"{file.LinkTarget} {status.Mode.HasFlag(UnixFileMode.UserExecute)} {sums[ChecksumKind.Sha256]}";
    }

    private static void Add(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }

    [GeneratedRegex(@"\$\{?[!#]?([A-Za-z_][A-Za-z0-9_]*)")]
    private static partial Regex Reference();
}
