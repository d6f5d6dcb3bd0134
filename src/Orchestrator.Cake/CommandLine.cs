using System.Text;

namespace Orchestrator.Cake;

/// <summary>
/// Splits a command line into arguments as .NET does for <see cref="System.Diagnostics.ProcessStartInfo.Arguments"/>, which is what Cake's
/// ProcessArgumentBuilder renders for: spaces and tabs separate, double quotes group, and backslashes mean something before a
/// double quote alone.
/// </summary>
internal static class CommandLine
{
    internal static List<string> Split(string line)
    {
        List<string> arguments = [];
        var position = 0;
        while (SkipBlanks(line, ref position))
        {
            arguments.Add(Next(line, ref position));
        }

        return arguments;
    }

    private static bool SkipBlanks(string line, ref int position)
    {
        while (position < line.Length && IsBlank(line[position]))
        {
            position++;
        }

        return position < line.Length;
    }

    private static string Next(string line, ref int position)
    {
        StringBuilder argument = new();
        var isQuoted = false;
        while (position < line.Length && (isQuoted || !IsBlank(line[position])))
        {
            var backslashes = Count(line, '\\', position);
            position += backslashes;
            if (position == line.Length || line[position] != '"')
            {
                argument.Append('\\', backslashes);
                if (backslashes == 0)
                {
                    argument.Append(line[position++]);
                }

                continue;
            }

            // Before a quote two stand for one, and an odd one takes the quote's meaning away.
            argument.Append('\\', backslashes / 2);
            if (backslashes % 2 != 0)
            {
                argument.Append('"');
            }
            else if (isQuoted && position + 1 < line.Length && line[position + 1] == '"')
            {
                argument.Append('"'); // one that is doubled inside quotes
                position++;
            }
            else
            {
                isQuoted = !isQuoted;
            }

            position++;
        }

        return argument.ToString();
    }

    private static int Count(string line, char wanted, int from)
    {
        var end = from;
        while (end < line.Length && line[end] == wanted)
        {
            end++;
        }

        return end - from;
    }

    private static bool IsBlank(char character) => character is ' ' or '\t';
}
