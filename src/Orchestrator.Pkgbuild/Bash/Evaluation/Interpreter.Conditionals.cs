using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <content><c>[[ … ]]</c>, <c>test</c> and <c>[</c>.</content>
internal sealed partial class Interpreter
{
    private bool Test(ConditionalExpression expression)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        return expression switch
        {
            ConditionalExpression.Not not => !Test(not.Operand),
            ConditionalExpression.And and => Test(and.Left) && Test(and.Right),
            ConditionalExpression.Or or => Test(or.Left) || Test(or.Right),
            ConditionalExpression.Grouped grouped => Test(grouped.Operand),
            ConditionalExpression.Unary unary => TestUnary(unary.Operator, ExpandText(unary.Operand, splits: true)),
            ConditionalExpression.Binary binary => TestBinary(binary),
            _ => throw new NotSupportedException(expression.GetType().Name),
        };
    }

    private bool TestBinary(ConditionalExpression.Binary binary)
    {
        var left = ExpandText(binary.Left, splits: true);
        return binary.Operator switch
        {
            "=" or "==" => Matches(left, binary.Right, hasExtendedGlobs: true),
            "!=" => !Matches(left, binary.Right, hasExtendedGlobs: true),
            "=~" => TestRegularExpression(left, binary.Right),
            "<" => string.CompareOrdinal(left, ExpandText(binary.Right)) < 0,
            ">" => string.CompareOrdinal(left, ExpandText(binary.Right)) > 0,
            "-nt" or "-ot" or "-ef" => TestFiles(left, binary.Operator, ExpandText(binary.Right)),
            var sign => Compare(EvaluateArithmetic(left), sign, EvaluateArithmetic(ExpandText(binary.Right))),
        };
    }

    private static bool Compare(long left, string sign, long right) => sign switch
    {
        "-eq" => left == right,
        "-ne" => left != right,
        "-lt" => left < right,
        "-le" => left <= right,
        "-gt" => left > right,
        _ => left >= right,
    };

    private bool TestRegularExpression(string text, Word pattern)
    {
        StringBuilder source = new();
        AppendText(ExpandTilde(pattern.Parts, isAssignment: false), source, isQuoted: false, (piece, quoted) => quoted ? PosixExpression.Escape(piece) : piece);
        var match = PosixExpression.Match(source.ToString(), text, options.IgnoresCase)
            ?? throw new UnknownValueException(new(place, "this regular expression is not evaluated here"));
        var variable = variables.FindOrAdd("BASH_REMATCH");
        (variable.Indexed, variable.Unknown, variable.IsAssigned) = ([], null, true);
        if (match.Groups is null)
        {
            return false;
        }

        for (var index = 0; index < match.Groups.Count; index++)
        {
            variable.Indexed[index] = match.Groups[index];
        }

        // Which of several ways to match is taken, is another matter in POSIX.
        variable.Unknown = match.IsAmbiguous ? new(place, "which part of a regular expression matches what is not evaluated here") : null;
        return true;
    }

    private bool TestUnary(string sign, string operand)
    {
        switch (sign)
        {
            case "-n":
                return operand.Length > 0;
            case "-z":
                return operand.Length == 0;
            case "-v":
                return IsSet(operand);
            case "-o":
                return operand switch
                {
                    "errexit" => options.ExitsOnError,
                    "nounset" => options.RefusesUnset,
                    "noglob" => options.HasNoGlobs,
                    _ => throw new UnknownValueException(new(place, $"whether {operand} is on is of the shell that reads the file")),
                };
            case "-R":
                return variables.Find(operand)?.Has(VariableAttributes.Reference) == true;
            case "-t":
                return false;
            default:
                return TestFile(sign, operand);
        }
    }

    private bool IsSet(string operand)
    {
        var (name, subscript) = SplitSubscript(operand) ?? (operand, null!);
        if (char.IsAsciiDigit(operand.FirstOrDefault()))
        {
            return int.TryParse(operand, out var number) && number <= arguments.Count;
        }

        if (Lookup(name) is not { } variable)
        {
            return false;
        }

        if (variable.Unknown is not null && subscript is null && !variable.IsArray)
        {
            return true;
        }

        Known(variable);
        return subscript switch
        {
            null => variable.First is not null,
            "@" or "*" => variable.Count > 0,
            _ => MemberOf(variable, subscript, name) is not null,
        };
    }

    private bool TestFile(string sign, string operand)
    {
        if (operand.Length == 0)
        {
            return false;
        }

        KnowFiles();
        var path = Path.Combine(directory, operand);
        switch (sign)
        {
            case "-e" or "-a":
                return Path.Exists(path) && new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) is null or { Exists: true };
            case "-f":
                return File.Exists(path);
            case "-d":
                return Directory.Exists(path);
            case "-s":
                return new FileInfo(path) is { Exists: true, Length: > 0 } || Directory.Exists(path);
            case "-h" or "-L":
                return new FileInfo(path).LinkTarget is not null;
            case "-r" or "-w" or "-x" or "-O" or "-G" or "-N" or "-b" or "-c" or "-p" or "-S" or "-g" or "-k" or "-u" when !Path.Exists(path):
                return false;
            case "-r" when OperatingSystem.IsLinux() && File.Exists(path):
                return (File.GetUnixFileMode(path) & (UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0;
            case "-x" when OperatingSystem.IsLinux() && File.Exists(path):
                return (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
            default:
                throw new UnknownValueException(new(place, $"the test {sign} of a file is not evaluated here"));
        }
    }

    private bool TestFiles(string left, string sign, string right)
    {
        KnowFiles();
        var (first, second) = (new FileInfo(Path.Combine(directory, left)), new FileInfo(Path.Combine(directory, right)));
        return sign switch
        {
            "-nt" => first.Exists && (!second.Exists || first.LastWriteTimeUtc > second.LastWriteTimeUtc),
            "-ot" => second.Exists && (!first.Exists || first.LastWriteTimeUtc < second.LastWriteTimeUtc),
            _ => first.FullName == second.FullName && first.Exists,
        };
    }

    /// <summary><c>test</c>: <c>test(1)</c>, with the rules of POSIX for few arguments.</summary>
    /// <returns>The status: 2 for what is no test.</returns>
    private int TestArguments(List<string> words)
    {
        var position = 0;
        try
        {
            var result = words.Count switch
            {
                0 => false,
                1 => words[0].Length > 0,
                2 when words[0] == "!" => words[1].Length == 0,
                3 when IsBinary(words[1]) => TestBinaryArguments(words[0], words[1], words[2]),
                3 when words[0] == "!" => TestArguments(words[1..]) is var inner && (inner < 2 ? inner == 1 : throw new FormatException()),
                4 when words[0] == "!" => TestArguments(words[1..]) is var inner && (inner < 2 ? inner == 1 : throw new FormatException()),
                _ => Or(),
            };
            return words.Count > 4 || position > 0 ? position == words.Count ? (result ? 0 : 1) : throw new FormatException() : result ? 0 : 1;
        }
        catch (FormatException)
        {
            Complain();
            return 2;
        }

        bool Or()
        {
            var value = And();
            while (position < words.Count && words[position] == "-o")
            {
                position++;
                value |= And();
            }

            return value;
        }

        bool And()
        {
            var value = Term();
            while (position < words.Count && words[position] == "-a")
            {
                position++;
                value &= Term();
            }

            return value;
        }

        bool Term()
        {
            var word = Next();
            if (word == "!")
            {
                return !Term();
            }

            if (word == "(")
            {
                var inner = Or();
                return Next() == ")" ? inner : throw new FormatException();
            }

            if (position + 1 < words.Count && IsBinary(words[position]))
            {
                var sign = Next();
                return TestBinaryArguments(word, sign, Next());
            }

            return word is ['-', var letter] && "abcdefghknoprstuvwxzGLNORS".Contains(letter, StringComparison.Ordinal) && position < words.Count
                ? TestUnary(word, Next())
                : word.Length > 0;
        }

        string Next() => position < words.Count ? words[position++] : throw new FormatException();
    }

    private static bool IsBinary(string word) =>
        word is "=" or "==" or "!=" or "<" or ">" or "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge" or "-nt" or "-ot" or "-ef";

    private bool TestBinaryArguments(string left, string sign, string right) => sign switch
    {
        "=" or "==" => left == right,
        "!=" => left != right,
        "<" => string.CompareOrdinal(left, right) < 0,
        ">" => string.CompareOrdinal(left, right) > 0,
        "-nt" or "-ot" or "-ef" => TestFiles(left, sign, right),
        _ => Compare(Integer(left), sign, Integer(right)),
    };

    private static long Integer(string text) =>
        long.TryParse(text.Trim(), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var value)
            ? value : throw new FormatException();
}
