namespace Orchestrator.Pkgbuild;

/// <summary>What <c>lstat(2)</c> says of a file.</summary>
/// <param name="Device">The file system that it is on.</param>
/// <param name="Inode">Its number there; with the device, what hard links have in common.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Type">Its type: the bits of S_IFMT in <c>st_mode</c>.</param>
/// <param name="Mode">Its permissions, set-user-ID, set-group-ID and sticky bits included.</param>
internal readonly record struct FileStatus(ulong Device, ulong Inode, ulong Links, uint Type, UnixFileMode Mode)
{
    internal const uint Fifo = 0x1000;
    internal const uint Directory = 0x4000;
    internal const uint Regular = 0x8000;
    internal const uint SymbolicLink = 0xA000;
}
