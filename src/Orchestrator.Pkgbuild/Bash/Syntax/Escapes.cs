using System.Globalization;
using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>Backslash escapes (<c>bash(1)</c>, QUOTING; <c>echo -e</c>; <c>printf</c>).</summary>
internal static class Escapes
{
    /// <summary>Replaces escapes by what they mean.</summary>
    /// <param name="text">The text.</param>
    /// <param name="dialect">Where it stands.</param>
    /// <param name="stops">Whether there was a <c>\c</c> that ends the output.</param>
    internal static string Decode(ReadOnlySpan<char> text, EscapeDialect dialect, out bool stops)
    {
        stops = false;
        if (!text.Contains('\\'))
        {
            return text.ToString();
        }

        // \x and \nnn are bytes; several of them can be one character.
        List<byte> bytes = new(text.Length);
        Span<byte> buffer = stackalloc byte[4];
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] != '\\' || index + 1 == text.Length)
            {
                var length = char.IsHighSurrogate(text[index]) && index + 1 < text.Length ? 2 : 1;
                bytes.AddRange(ByteText.Encode(text.Slice(index, length).ToString()));
                index += length - 1;
                continue;
            }

            index++;
            switch (text[index])
            {
                case 'a': bytes.Add(7); break;
                case 'b': bytes.Add(8); break;
                case 'e' or 'E': bytes.Add(27); break;
                case 'f': bytes.Add(12); break;
                case 'n': bytes.Add(10); break;
                case 'r': bytes.Add(13); break;
                case 't': bytes.Add(9); break;
                case 'v': bytes.Add(11); break;
                case '\\': bytes.Add((byte)'\\'); break;
                case '\'' or '"' or '?' when dialect is EscapeDialect.DollarQuotes or EscapeDialect.PrintfFormat:
                    bytes.Add((byte)text[index]);
                    break;
                case 'c' when dialect is EscapeDialect.Echo or EscapeDialect.PrintfArgument:
                    stops = true;
                    return End(bytes, dialect);
                case 'c' when dialect == EscapeDialect.DollarQuotes && index + 1 < text.Length:
                    index++;
                    bytes.Add((byte)(text[index] == '?' ? 127 : char.ToUpperInvariant(text[index]) & 31));
                    break;
                case 'x':
                    var value = TakeDigits(text, ref index, 16, 2);
                    AddByte(bytes, value, "\\x");
                    break;
                case 'u' or 'U':
                    var letter = text[index];
                    var character = TakeDigits(text, ref index, 16, letter == 'u' ? 4 : 8);
                    if (character is { } scalar && Rune.TryCreate(scalar, out var rune))
                    {
                        bytes.AddRange(buffer[..rune.EncodeToUtf8(buffer)]);
                    }
                    else
                    {
                        bytes.AddRange([(byte)'\\', (byte)letter]);
                    }

                    break;
                case '0' when dialect is EscapeDialect.Echo or EscapeDialect.PrintfArgument:
                    AddByte(bytes, TakeDigits(text, ref index, 8, 3) ?? 0, "");
                    break;
                case >= '0' and <= '7' when dialect != EscapeDialect.Echo:
                    index--;
                    AddByte(bytes, TakeDigits(text, ref index, 8, 3), "");
                    break;
                default:
                    bytes.Add((byte)'\\');
                    index--;
                    bytes.AddRange(ByteText.Encode(text.Slice(index + 1, 1).ToString()));
                    index++;
                    break;
            }
        }

        return End(bytes, dialect);
    }

    // A value of bash ends at a NUL.
    private static string End(List<byte> bytes, EscapeDialect dialect)
    {
        var nul = dialect == EscapeDialect.DollarQuotes ? bytes.IndexOf(0) : -1;
        return ByteText.Decode([.. nul < 0 ? bytes : bytes[..nul]]);
    }

    private static void AddByte(List<byte> bytes, int? value, string otherwise)
    {
        if (value is { } number)
        {
            bytes.Add((byte)number);
        }
        else
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(otherwise));
        }
    }

    /// <summary>Digits behind the index, which is left at the last one.</summary>
    private static int? TakeDigits(ReadOnlySpan<char> text, ref int index, int radix, int maximum)
    {
        var start = index + 1;
        var end = start;
        while (end < text.Length && end - start < maximum && (radix == 16 ? char.IsAsciiHexDigit(text[end]) : text[end] is >= '0' and <= '7'))
        {
            end++;
        }

        if (end == start)
        {
            return null;
        }

        index = end - 1;
        return radix == 16
            ? (int)uint.Parse(text[start..end], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : Convert.ToInt32(text[start..end].ToString(), 8);
    }
}
