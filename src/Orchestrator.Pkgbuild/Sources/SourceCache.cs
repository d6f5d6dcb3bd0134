using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Where downloads and git mirrors are kept between builds, and shared by builds that run at once. An entry's name holds
/// a digest of what it is (URL and sums), so that two files of one name never meet.
/// </summary>
internal sealed class SourceCache
{
    private SourceCache(string path) => Path = path;

    /// <summary>The folder.</summary>
    internal string Path { get; }

    /// <summary>Opens the cache, and makes its folder if need be.</summary>
    /// <param name="path">Null for <c>$SRCDEST</c>, else <c>orchestrator/sources</c> in the user's cache folder (<c>$XDG_CACHE_HOME</c>).</param>
    /// <exception cref="PkgbuildException"><see cref="MakepkgExitCode.NoPermission"/>: it cannot be written.</exception>
    internal static SourceCache Open(string? path = null)
    {
        var folder = Locate(path);
        try
        {
            Directory.CreateDirectory(folder);
            return NativeFile.IsWritableDirectory(folder)
                ? new(folder)
                : throw new PkgbuildException(MakepkgExitCode.NoPermission, Refused("it may not be written"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PkgbuildException(MakepkgExitCode.NoPermission, Refused(error.Message), innerException: error);
        }

        string Refused(string why) => $"The source cache {folder} cannot be used: {why} (SRCDEST sets another one)";
    }

    /// <summary>Where the cache is.</summary>
    internal static string Locate(string? path) => System.IO.Path.GetFullPath(path ?? DefaultPath());

    /// <summary>The entry of a file to download; its folder may not exist yet.</summary>
    internal string FilePath(SourceEntry entry)
    {
        // With a sum in the key, a file that is in place never has to be replaced under a build that uses it.
        var sums = entry.Sums.Where(sum => sum.Value != SourceEntry.Skip)
            .OrderBy(sum => sum.Key)
            .Select(sum => $"{Checksums.NameOf(sum.Key)} {sum.Value.ToUpperInvariant()}");
        return System.IO.Path.Combine(Path, "files", Key(string.Join('\n', [entry.Source.Url, .. sums])), entry.Source.Name);
    }

    /// <summary>The entry of a git mirror.</summary>
    internal string MirrorPath(PackageSource source) =>
        System.IO.Path.Combine(Path, "git", Key(source.Url), source.Name);

    /// <summary>Waits for the lock of an entry, and makes the folder that the entry is in.</summary>
    internal static Task<FileLock> LockAsync(string entry, BuildLog log, CancellationToken cancellationToken)
    {
        var folder = System.IO.Path.GetDirectoryName(entry)!;
        Directory.CreateDirectory(folder);
        return FileLock.AcquireAsync(
            folder + ".lock",
            () => log.Detail($"Waiting for another build that fetches {System.IO.Path.GetFileName(entry)}..."),
            cancellationToken);
    }

    private static string Key(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    private static string DefaultPath() =>
        Environment.GetEnvironmentVariable("SRCDEST") is { Length: > 0 } folder
            ? folder
            : System.IO.Path.Combine(UserFolders.Cache, "orchestrator", "sources");
}
