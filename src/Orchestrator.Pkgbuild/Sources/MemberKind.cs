namespace Orchestrator.Pkgbuild;

/// <summary>The kinds of archive members that matter for where something is written.</summary>
internal enum MemberKind
{
    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>Another name for a member that came before it.</summary>
    HardLink,

    /// <summary>A device, a FIFO or something else that no source has a use for.</summary>
    Special,
}
