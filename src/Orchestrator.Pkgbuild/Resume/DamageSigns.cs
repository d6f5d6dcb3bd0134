using System.Text.RegularExpressions;

namespace Orchestrator.Pkgbuild;

/// <summary>What compilers and linkers print when a file that another compiler made is not what it should be, or a file system fails them.</summary>
internal static partial class DamageSigns
{
    internal static bool Match(string line) => Sign().IsMatch(line);

    internal static bool MatchDisk(string line) => DiskSign().IsMatch(line);

    // E0786 invalid metadata, E0460 to E0463 a crate that was compiled with another version of another, or is not there.
    [GeneratedRegex(
        @"error\[E0(786|460|461|462|463|514)\]|invalid metadata|internal compiler error|compiler unexpectedly panicked|file format not recognized|file truncated|malformed archive|not an ELF|SIG(BUS|SEGV)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Sign();

    // ENOSPC, EDQUOT, EROFS, ESTALE and EIO, in the words of C and in those of Rust.
    [GeneratedRegex(@"No space left on device|Disk quota exceeded|Read-only file system|Stale (NFS )?file handle|Input/output error|\(os error (28|122|30|116|5)\)", RegexOptions.IgnoreCase)]
    private static partial Regex DiskSign();
}
