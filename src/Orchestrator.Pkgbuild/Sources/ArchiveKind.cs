namespace Orchestrator.Pkgbuild;

/// <summary>What a source file is, as far as unpacking goes.</summary>
internal enum ArchiveKind
{
    /// <summary>No archive: it is used as it is.</summary>
    None,

    /// <summary>A tar. .NET too can read it, and the next three.</summary>
    Tar,

    /// <summary>A tar compressed with gzip.</summary>
    TarGzip,

    /// <summary>A zip.</summary>
    Zip,

    /// <summary>One file compressed with gzip.</summary>
    Gzip,

    /// <summary>Compressed with bzip2, xz or zstd; what is inside only bsdtar can tell.</summary>
    Compressed,

    /// <summary>An archive that only bsdtar can read (7z, cpio, rpm, deb, …).</summary>
    Foreign,

    /// <summary>Not text, and nothing that we know; bsdtar may.</summary>
    Unknown,
}
