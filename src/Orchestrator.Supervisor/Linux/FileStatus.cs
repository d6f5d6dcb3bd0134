namespace Orchestrator.Supervisor.Linux;

/// <summary>What <c>stat(2)</c> tells of a file, as far as we need it.</summary>
/// <param name="Mode">Type and permissions.</param>
/// <param name="Device">The file system it is on.</param>
/// <param name="Inode">Its number there.</param>
/// <param name="Owner">The user it belongs to.</param>
/// <param name="Links">How many names it has; 0 once it is removed and only open.</param>
internal readonly record struct FileStatus(uint Mode, ulong Device, ulong Inode, uint Owner, ulong Links)
{
    internal bool IsSameFile(FileStatus other) => Device == other.Device && Inode == other.Inode;

    internal bool IsDirectory => (Mode & 0xF000) == 0x4000;

    internal bool IsRegular => (Mode & 0xF000) == 0x8000;

    internal bool IsSocket => (Mode & 0xF000) == 0xC000;

    internal bool IsFifo => (Mode & 0xF000) == 0x1000;

    internal bool IsSymbolicLink => (Mode & 0xF000) == 0xA000;
}
