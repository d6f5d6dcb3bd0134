using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Which packages the system has, as far as its package manager keeps them where everybody may read. Build scripts of crates
/// look for libraries, headers and tools of the system, and are not run again when these change.
/// </summary>
internal static class InstalledPackages
{
    private const string FileName = "system-packages";
    private const long MaxLength = 32 << 20; // bytes, to be read by each build

    // Of Debian, Alpine, Fedora and openSUSE; and of Arch a folder for each package, with its version in its name.
    private static readonly string[] Databases = ["/var/lib/dpkg/status", "/lib/apk/db/installed", "/usr/lib/apk/db/installed", "/var/lib/rpm/rpmdb.sqlite", "/usr/lib/sysimage/rpm/rpmdb.sqlite"];
    private static readonly string[] Folders = ["/var/lib/pacman/local"];

    /// <summary>Whether they are the same as when an entry of the build cache was written.</summary>
    internal static bool AreKnownIn(string entry) => File.Exists(PathIn(entry)) && File.ReadAllText(PathIn(entry)) == Digest();

    /// <summary>Remembers them.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Remember(string entry) => File.WriteAllText(PathIn(entry), Digest());

    private static string PathIn(string entry) => Path.Combine(entry, FileName);

    private static string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var database in Databases.Where(File.Exists))
        {
            FileInfo file = new(database);
            hash.AppendData(file.Length > MaxLength ? BitConverter.GetBytes(file.LastWriteTimeUtc.Ticks) : File.ReadAllBytes(database));
        }

        foreach (var folder in Folders.Where(Directory.Exists))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', Directory.GetDirectories(folder).Order(StringComparer.Ordinal))));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
