using System.Buffers;
using System.Globalization;
using System.Text;

namespace Orchestrator.Supervisor.Linux;

/// <summary>
/// Names of files and processes as text. They can hold any bytes, and an escape sequence in one must not reach the
/// terminal of whoever reads an error.
/// </summary>
internal static class Printable
{
    /// <summary>The text, with each byte that is not UTF-8 and each control character as <c>\xNN</c>.</summary>
    internal static string Text(ReadOnlySpan<byte> bytes)
    {
        // Most are plain, and /proc has many.
        if (bytes.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0)
        {
            return Encoding.ASCII.GetString(bytes);
        }

        var text = new StringBuilder();
        while (bytes.Length > 0)
        {
            var isText = Rune.DecodeFromUtf8(bytes, out var rune, out var used) == OperationStatus.Done && !IsUnprintable(rune);
            foreach (var value in isText ? [] : bytes[..used])
            {
                text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
            }

            text.Append(isText ? rune.ToString() : "");
            bytes = bytes[used..];
        }

        return text.ToString();
    }

    // Control and format characters, among them those that turn the direction of writing, and what a line must not hold.
    private static bool IsUnprintable(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
