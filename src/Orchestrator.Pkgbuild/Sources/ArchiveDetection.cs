using System.IO.Compression;

namespace Orchestrator.Pkgbuild;

/// <summary>Tells by its content whether a file is an archive; like makepkg, it does not trust the name.</summary>
internal static class ArchiveDetection
{
    private const int BlockSize = 512;

    private static readonly (byte[] Magic, ArchiveKind Kind)[] Magics =
    [
        ([0x50, 0x4B, 0x03, 0x04], ArchiveKind.Zip),
        ([0x50, 0x4B, 0x05, 0x06], ArchiveKind.Zip),
        ([0x1F, 0x8B], ArchiveKind.Gzip),
        ([0x42, 0x5A, 0x68], ArchiveKind.Compressed),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], ArchiveKind.Compressed),
        ([0x28, 0xB5, 0x2F, 0xFD], ArchiveKind.Compressed),
        ([0x1F, 0x9D], ArchiveKind.Compressed),
        ([.. "LZIP"u8], ArchiveKind.Compressed),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], ArchiveKind.Foreign),
        ([.. "070701"u8], ArchiveKind.Foreign),
        ([.. "070702"u8], ArchiveKind.Foreign),
        ([.. "070707"u8], ArchiveKind.Foreign),
        ([.. "!<arch>\n"u8], ArchiveKind.Foreign),
        ([0xED, 0xAB, 0xEE, 0xDB], ArchiveKind.Foreign),
    ];

    /// <summary>What a file is.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static ArchiveKind Detect(string path)
    {
        using var file = File.OpenRead(path);
        var block = ReadBlock(file);
        if (IsTar(block))
        {
            return ArchiveKind.Tar;
        }

        var kind = Array.Find(Magics, magic => block.AsSpan().StartsWith(magic.Magic)).Kind;
        return kind switch
        {
            ArchiveKind.Gzip when HoldsTar(file) => ArchiveKind.TarGzip,
            ArchiveKind.None when block.Contains((byte)0) => ArchiveKind.Unknown,
            _ => kind,
        };
    }

    private static bool HoldsTar(FileStream file)
    {
        file.Position = 0;
        using GZipStream content = new(file, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            return IsTar(ReadBlock(content));
        }
        catch (InvalidDataException)
        {
            // Not gzip after all, or damaged; whoever unpacks it says so.
            return false;
        }
    }

    private static byte[] ReadBlock(Stream stream)
    {
        var block = new byte[BlockSize];
        return block[..stream.ReadAtLeast(block, BlockSize, throwOnEndOfStream: false)];
    }

    // The sum of the header, with its own field taken as blanks, is what all kinds of tar have in common: tar(5).
    private static bool IsTar(byte[] block)
    {
        if (block.Length < BlockSize || block[0] == 0)
        {
            return false;
        }

        var field = block.AsSpan(148, 8);
        long stated = 0;
        foreach (var digit in field.TrimStart((byte)' '))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                break;
            }

            stated = (stated * 8) + (digit - '0');
        }

        long sum = 8 * ' ';
        for (var index = 0; index < BlockSize; index++)
        {
            sum += index is >= 148 and < 156 ? 0 : block[index];
        }

        return stated == sum;
    }
}
