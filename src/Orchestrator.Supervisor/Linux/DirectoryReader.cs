using System.Buffers.Binary;

namespace Orchestrator.Supervisor.Linux;

/// <summary>Reads the names in a directory as the bytes that they are (<c>getdents64(2)</c>).</summary>
internal sealed class DirectoryReader
{
    private const byte TypeDirectory = 4; // DT_DIR; some file systems say DT_UNKNOWN, 0.
    private readonly byte[] buffer = new byte[32 * 1024];
    private FileDescriptor? directory;
    private int position;
    private int length;

    internal DirectoryReader()
    {
    }

    internal DirectoryReader(FileDescriptor directory) => this.directory = directory;

    /// <summary>Reads a directory from its first name.</summary>
    internal void Start(FileDescriptor from)
    {
        (directory, position, length) = (from, 0, 0);
        SystemCalls.Rewind(from);
    }

    /// <summary>The next name but <c>.</c> and <c>..</c>, with its closing zero.</summary>
    /// <returns>False at the end.</returns>
    internal bool Next(out ReadOnlySpan<byte> name, out bool? isDirectory)
    {
        while (true)
        {
            if (position == length)
            {
                position = 0;
                length = SystemCalls.ReadEntries(directory!, buffer);
                if (length == 0)
                {
                    name = default;
                    isDirectory = null;
                    return false;
                }
            }

            // struct linux_dirent64: u64 inode, i64 offset, u16 record length, u8 type, name.
            var entry = buffer.AsSpan(position);
            var size = BinaryPrimitives.ReadUInt16LittleEndian(entry[16..]);
            position += size;
            var text = entry[19..size];
            name = text[..(text.IndexOf((byte)0) + 1)];
            isDirectory = entry[18] == 0 ? null : entry[18] == TypeDirectory;
            if (!name.SequenceEqual(".\0"u8) && !name.SequenceEqual("..\0"u8))
            {
                return true;
            }
        }
    }
}
