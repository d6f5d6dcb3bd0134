using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <content><c>${x/pattern/replacement}</c> and its like.</content>
internal sealed partial class Interpreter
{
    private ParameterValue Replace(ParameterExpansion expansion, ParameterValue value)
    {
        if (!value.IsSet)
        {
            return value;
        }

        var patternText = ExpandPattern(expansion.Operand!);
        var replacement = expansion.SecondOperand is { } word ? ExpandReplacement(word) : [];
        if (patternText.Length == 0 && expansion.Operator is (ParameterOperator.ReplaceFirst or ParameterOperator.ReplaceAll))
        {
            return value.Select(text => text);
        }

        var pattern = Compile(patternText, options.HasExtendedGlobs, options.IgnoresCase);
        return value.Select(text => Replace(text, pattern, patternText, replacement, expansion.Operator));
    }

    private string Replace(string text, Pattern pattern, string patternText, List<string?> replacement, ParameterOperator kind)
    {
        StringBuilder result = new();
        if (kind == ParameterOperator.ReplaceSuffix)
        {
            var start = patternText.Length == 0 ? text.Length : pattern.FindStart(text, isLongest: true);
            return start is null ? text : result.Append(text, 0, start.Value).Append(With(text[start.Value..])).ToString();
        }

        if (kind == ParameterOperator.ReplacePrefix)
        {
            var end = patternText.Length == 0 ? 0 : pattern.FindEnd(text, 0, isLongest: true);
            return end is null ? text : result.Append(With(text[..end.Value])).Append(text, end.Value, text.Length - end.Value).ToString();
        }

        if (text.Length == 0)
        {
            return pattern.IsMatch(text) ? With(text) : text;
        }

        var at = 0;
        while (at < text.Length)
        {
            if (pattern.FindEnd(text, at, isLongest: true) is not { } end)
            {
                result.Append(text[at]);
                at++;
                continue;
            }

            result.Append(With(text[at..end]));
            budget.Take(result.Length, place);
            if (end == at)
            {
                // Nothing was replaced by something: the character behind it stays.
                result.Append(text[at]);
                end++;
            }

            at = end;
            if (kind == ParameterOperator.ReplaceFirst)
            {
                break;
            }
        }

        if (at < text.Length)
        {
            result.Append(text, at, text.Length - at);
        }

        return result.ToString();

        string With(string matched) => string.Concat(replacement.Select(part => part ?? matched));
    }

    /// <summary>The parts of a replacement; null stands for what was matched, which <c>&amp;</c> without quotes means (bash 5.2).</summary>
    private List<string?> ExpandReplacement(Word word)
    {
        if (HasList(word.Parts) && Join(word.Parts).Length > 0)
        {
            throw new UnknownValueException(new(script.PlaceOf(word.Start), "a list in a replacement is not evaluated here"));
        }

        List<string?> result = [];
        StringBuilder text = new();
        AppendText(ExpandTilde(word.Parts, isAssignment: false), text, isQuoted: false, (piece, quoted) => quoted || !piece.AsSpan().ContainsAny('&', '\\') ? piece : Take(piece));
        result.Add(text.ToString());
        return result;

        string Take(string piece)
        {
            if (!options.Shopt.Contains("patsub_replacement"))
            {
                return piece;
            }

            // What came before it is flushed when it is: the order of pieces is the order of calls.
            StringBuilder current = new();
            for (var index = 0; index < piece.Length; index++)
            {
                switch (piece[index])
                {
                    case '\\' when index + 1 < piece.Length && piece[index + 1] is '&' or '\\':
                        index++;
                        current.Append(piece[index]);
                        break;
                    case '&':
                        result.Add(text.ToString() + current);
                        result.Add(null);
                        text.Clear();
                        current.Clear();
                        break;
                    default:
                        current.Append(piece[index]);
                        break;
                }
            }

            return current.ToString();
        }
    }
}
