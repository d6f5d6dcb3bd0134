using System.Globalization;

namespace Orchestrator.Pkgbuild;

/// <summary>The CRC of <c>cksum(1)</c>, as POSIX defines it: polynomial 0x04C11DB7, the length appended, complemented.</summary>
internal sealed class PosixCksum : IRunningSum
{
    private static readonly uint[] Table = CreateTable();

    private uint crc;
    private long length;

    public void Append(ReadOnlySpan<byte> data)
    {
        var value = crc;
        foreach (var next in data)
        {
            value = Next(value, next);
        }

        crc = value;
        length += data.Length;
    }

    public string Finish()
    {
        var value = crc;
        for (var rest = length; rest != 0; rest >>= 8)
        {
            value = Next(value, (byte)rest);
        }

        return (~value).ToString(CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
    }

    private static uint Next(uint crc, byte data) => (crc << 8) ^ Table[(crc >> 24) ^ data];

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (uint index = 0; index < table.Length; index++)
        {
            var value = index << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 0x8000_0000) != 0 ? (value << 1) ^ 0x04C1_1DB7 : value << 1;
            }

            table[index] = value;
        }

        return table;
    }
}
