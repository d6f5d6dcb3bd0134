using System.Buffers.Text;
using System.Text;

namespace Orchestrator.Supervisor;

/// <summary>
/// Writes JSON objects, one a line, to be sent one after the other. Instead of <c>Utf8JsonWriter</c>, whose tables take as
/// long to be built, at the start of each supervisor, as a run takes otherwise.
/// </summary>
internal sealed class JsonLine
{
    private const int LongestNumber = 20; // -9223372036854775808
    private byte[] buffer = new byte[256];
    private int length;

    /// <summary>The line since <see cref="Begin"/>; valid until the next.</summary>
    internal ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    internal void Begin()
    {
        length = 0;
        Add("{"u8);
    }

    internal void End() => Add("}\n"u8);

    internal void WriteNumber(string name, long value)
    {
        Name(name);
        Reserve(LongestNumber);
        _ = Utf8Formatter.TryFormat(value, buffer.AsSpan(length), out var written);
        length += written;
    }

    internal void WriteString(string name, string value)
    {
        Name(name);
        Quote(value);
    }

    internal void WriteBoolean(string name, bool value)
    {
        Name(name);
        Add(value ? "true"u8 : "false"u8);
    }

    private void Name(string name)
    {
        if (length > 1)
        {
            Add(","u8);
        }

        Quote(name);
        Add(":"u8);
    }

    private void Quote(string text)
    {
        Add("\""u8);
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var plain = 0;
            while (plain < rest.Length && !MustEscape(rest[plain]))
            {
                plain++;
            }

            // What is no valid UTF-16 becomes U+FFFD.
            Reserve(Encoding.UTF8.GetMaxByteCount(plain));
            length += Encoding.UTF8.GetBytes(rest[..plain], buffer.AsSpan(length));
            rest = rest[plain..];
            if (rest.Length > 0)
            {
                Escape(rest[0]);
                rest = rest[1..];
            }
        }

        Add("\""u8);
    }

    // JSON asks for less than the first three; the other control characters are for those who read events at a terminal.
    private static bool MustEscape(char character) => character is '"' or '\\' or < ' ' or (>= '\u007F' and <= '\u009F');

    private void Escape(char character)
    {
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        Add(character is '"' or '\\' ? [(byte)'\\', (byte)character]
            : [(byte)'\\', (byte)'u', (byte)'0', (byte)'0', digits[character >> 4], digits[character & 15]]);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    private void Reserve(int count)
    {
        if (buffer.Length - length < count)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + count));
        }
    }
}
