using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>
/// Bytes as text and back without loss: UTF-8, in which a byte that is part of no character is a lone surrogate, U+DC80
/// to U+DCFF. bash keeps such bytes, and so does <c>.SRCINFO</c>.
/// </summary>
internal static class ByteText
{
    private const char FirstByte = '\uDC00';

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return DecodeInvalid(bytes);
        }
    }

    internal static byte[] Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uDC80', '\uDCFF'))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        List<byte> bytes = new(text.Length);
        Span<byte> buffer = stackalloc byte[4];
        for (var index = 0; index < text.Length; index++)
        {
            if (IsByte(text, index))
            {
                bytes.Add((byte)(text[index] - FirstByte));
                continue;
            }

            var length = char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]) ? 2 : 1;
            bytes.AddRange(buffer[..Encoding.UTF8.GetBytes(text.AsSpan(index, length), buffer)]);
            index += length - 1;
        }

        return [.. bytes];
    }

    /// <summary>Whether a byte that is part of no character stands at a place.</summary>
    internal static bool IsByte(string text, int index) =>
        text[index] is >= '\uDC80' and <= '\uDCFF' && (index == 0 || !char.IsHighSurrogate(text[index - 1]));

    private static string DecodeInvalid(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                consumed = 1;
                text.Append((char)(FirstByte + bytes[0]));
            }

            bytes = bytes[consumed..];
        }

        return text.ToString();
    }
}
