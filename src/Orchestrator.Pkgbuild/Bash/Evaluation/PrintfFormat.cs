using System.Globalization;
using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>The builtin <c>printf</c>: the format is used again until no argument is left.</summary>
internal sealed class PrintfFormat(string format, List<string> arguments, Place place, Interpreter.Budget budget)
{
    private const int MaximumWidth = 1 << 16;

    private readonly StringBuilder result = new();
    private int next;
    private int status;
    private bool stops;

    /// <summary>What is printed, and the status: 1 if an argument is no number.</summary>
    internal (string Text, int Status) Print()
    {
        do
        {
            var before = next;
            PrintOnce();
            if (next == before)
            {
                break;
            }
        }
        while (next < arguments.Count && !stops);
        return (result.ToString(), status);
    }

    private void PrintOnce()
    {
        budget.Take(format.Length, place);
        for (var index = 0; index < format.Length && !stops; index++)
        {
            if (format[index] == '\\')
            {
                index += AppendEscape(index);
            }
            else if (format[index] != '%')
            {
                result.Append(format[index]);
            }
            else if (index + 1 < format.Length && format[index + 1] == '%')
            {
                result.Append('%');
                index++;
            }
            else
            {
                index = AppendConversion(index + 1);
            }
        }
    }

    /// <summary>Appends an escape, and says how many more characters it has.</summary>
    private int AppendEscape(int index)
    {
        // Several bytes in a row may be one character.
        var end = index;
        while (end + 1 < format.Length && format[end] == '\\')
        {
            end += format[end + 1] switch
            {
                'x' => 2 + Count(end + 2, 2, char.IsAsciiHexDigit),
                'u' => 2 + Count(end + 2, 4, char.IsAsciiHexDigit),
                'U' => 2 + Count(end + 2, 8, char.IsAsciiHexDigit),
                >= '0' and <= '7' => 1 + Count(end + 1, 3, digit => digit is >= '0' and <= '7'),
                _ => 2,
            };
        }

        if (end == index)
        {
            result.Append('\\');
            return 0;
        }

        result.Append(Escapes.Decode(format.AsSpan(index, end - index), EscapeDialect.PrintfFormat, out _));
        return end - index - 1;

        int Count(int start, int maximum, Func<char, bool> isDigit)
        {
            var count = 0;
            while (count < maximum && start + count < format.Length && isDigit(format[start + count]))
            {
                count++;
            }

            return count;
        }
    }

    private int AppendConversion(int index)
    {
        var flags = index;
        while (index < format.Length && "-+ #0'".Contains(format[index], StringComparison.Ordinal))
        {
            index++;
        }

        var flagText = format[flags..index];
        var width = Number(ref index);
        int? precision = null;
        if (index < format.Length && format[index] == '.')
        {
            index++;
            precision = Number(ref index) ?? 0;
        }

        while (index < format.Length && format[index] is 'h' or 'l' or 'j' or 'z' or 't' or 'L' or 'q' && index + 1 < format.Length && format[index] != 'q')
        {
            index++;
        }

        if (index >= format.Length)
        {
            status = 1;
            stops = true;
            return index;
        }

        if (width < 0)
        {
            (flagText, width) = (flagText + '-', -width);
        }

        if (width > MaximumWidth || precision > MaximumWidth)
        {
            throw new ShellErrorException("printf: the width is too large", place);
        }

        var text = Convert(format[index], flagText, precision, out var isNumber);
        budget.Take(Math.Max(text.Length, width ?? 0), place);
        Pad(text, flagText, width ?? 0, isNumber && precision is null);
        return index;
    }

    private int? Number(ref int index)
    {
        if (index < format.Length && format[index] == '*')
        {
            index++;
            return (int)Math.Clamp(Integer(Next() ?? "0"), -MaximumWidth - 1, MaximumWidth + 1);
        }

        var start = index;
        while (index < format.Length && char.IsAsciiDigit(format[index]))
        {
            index++;
        }

        return index == start ? null : int.TryParse(format.AsSpan(start, index - start), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : int.MaxValue;
    }

    private string Convert(char conversion, string flags, int? precision, out bool isNumber)
    {
        isNumber = conversion is 'd' or 'i' or 'u' or 'o' or 'x' or 'X' or 'f' or 'F' or 'e' or 'E' or 'g' or 'G';
        switch (conversion)
        {
            case 's':
                return Truncate(Next() ?? "", precision);
            case 'b':
                var decoded = Escapes.Decode(Next() ?? "", EscapeDialect.PrintfArgument, out var ends);
                stops |= ends;
                return Truncate(decoded, precision);
            case 'q':
                return Quoting.Backslashes(Next() ?? "");
            case 'c':
                return Next() is { Length: > 0 } text ? ByteText.Decode(ByteText.Encode(text).AsSpan(0, 1)) : "\0";
            case 'd' or 'i':
                var value = Integer(Next() ?? "0");
                var digits = Zeros(value < 0 ? value.ToString(CultureInfo.InvariantCulture)[1..] : value.ToString(CultureInfo.InvariantCulture), precision);
                return value < 0 ? $"-{digits}" : Signed(digits, flags);
            case 'u':
                return Zeros(unchecked((ulong)Integer(Next() ?? "0")).ToString(CultureInfo.InvariantCulture), precision);
            case 'o':
                var octal = Zeros(System.Convert.ToString(Integer(Next() ?? "0"), 8), precision);
                return flags.Contains('#', StringComparison.Ordinal) && octal[0] != '0' ? $"0{octal}" : octal;
            case 'x' or 'X':
                var number = Integer(Next() ?? "0");
                var hexadecimal = Zeros(number.ToString(conversion == 'x' ? "x" : "X", CultureInfo.InvariantCulture), precision);
                return flags.Contains('#', StringComparison.Ordinal) && number != 0 ? $"0{conversion}{hexadecimal}" : hexadecimal;
            case 'f' or 'F':
                var real = Real(Next() ?? "0");
                return real < 0 ? real.ToString($"F{precision ?? 6}", CultureInfo.InvariantCulture) : Signed(real.ToString($"F{precision ?? 6}", CultureInfo.InvariantCulture), flags);
            default:
                throw new UnknownValueException(new(place, $"printf %{conversion} is not evaluated here"));
        }
    }

    private static string Truncate(string text, int? precision)
    {
        // bash counts bytes here.
        if (precision is not { } maximum || maximum >= text.Length * 3)
        {
            return text;
        }

        var bytes = ByteText.Encode(text);
        return maximum >= bytes.Length ? text : ByteText.Decode(bytes.AsSpan(0, maximum));
    }

    private static string Zeros(string digits, int? precision) => digits.PadLeft(precision ?? 0, '0');

    private static string Signed(string digits, string flags) =>
        flags.Contains('+', StringComparison.Ordinal) ? $"+{digits}" : flags.Contains(' ', StringComparison.Ordinal) ? $" {digits}" : digits;

    private void Pad(string text, string flags, int width, bool canBeZeros)
    {
        var missing = width - ByteText.Encode(text).Length;
        if (missing <= 0)
        {
            result.Append(text);
        }
        else if (flags.Contains('-', StringComparison.Ordinal))
        {
            result.Append(text).Append(' ', missing);
        }
        else if (canBeZeros && flags.Contains('0', StringComparison.Ordinal))
        {
            var sign = text.Length > 0 && text[0] is '-' or '+' or ' ' ? 1 : text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? 2 : 0;
            result.Append(text, 0, sign).Append('0', missing).Append(text, sign, text.Length - sign);
        }
        else
        {
            result.Append(' ', missing).Append(text);
        }
    }

    private string? Next() => next < arguments.Count ? arguments[next++] : Past();

    // That an argument was asked for which is not there does not keep the format going.
    private static string? Past() => null;

    private long Integer(string text)
    {
        if (text is ['\'' or '"', ..])
        {
            return text.Length > 1 && Rune.TryGetRuneAt(text, 1, out var rune) ? rune.Value : 0;
        }

        // As strtoimax(3): blanks, a sign, digits; bash complains of what follows them, and goes on with the number.
        var digits = text.AsSpan().TrimStart(" \t\n\v\f\r");
        var isNegative = digits is ['-', ..];
        digits = digits is ['-' or '+', ..] ? digits[1..] : digits;
        var radix = 10;
        if (digits is ['0', 'x' or 'X', var first, ..] && char.IsAsciiHexDigit(first))
        {
            radix = 16;
            digits = digits[2..];
        }
        else if (digits is ['0', ..])
        {
            radix = 8;
        }

        var (value, length) = (0UL, 0);
        while (length < digits.Length && DigitOf(digits[length]) is var digit && digit < radix)
        {
            if (value > (ulong.MaxValue - (ulong)digit) / (ulong)radix)
            {
                throw new UnknownValueException(new(place, $"printf: {Printable.Quote(text)} is too great a number"));
            }

            value = (value * (ulong)radix) + (ulong)digit;
            length++;
        }

        if (text.Length > 0 && (length == 0 || length < digits.Length))
        {
            status = 1;
        }

        return isNegative ? unchecked(-(long)value) : unchecked((long)value);
    }

    private static int DigitOf(char character) => char.IsAsciiHexDigit(character) ? System.Convert.ToInt32(character.ToString(), 16) : int.MaxValue;

    private double Real(string text) =>
        decimal.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? (double)value : throw new UnknownValueException(new(place, $"printf: {Printable.Quote(text)} is no number"));
}
