using System.Globalization;
using System.Text;

namespace Orchestrator.Pkgbuild;

/// <summary>Values of strangers as parts of messages.</summary>
internal static class Printable
{
    /// <summary>A value in quotes, on one line.</summary>
    internal static string Quote(string value) => $"'{OneLine(value)}'";

    /// <summary>A place as it stands behind the name of a file: <c>(LINE,COLUMN)</c>, as much of it as is known, that is, not 0.</summary>
    internal static string Place(int line, int column) => (line, column) switch
    {
        (0, _) => "",
        (_, 0) => $"({line})",
        _ => $"({line},{column})",
    };

    /// <summary>A value with its control characters written as bash writes them in <c>$'…'</c>.</summary>
    internal static string OneLine(string value)
    {
        if (!value.Any(char.IsControl))
        {
            return value;
        }

        StringBuilder line = new(value.Length + 8);
        foreach (var character in value)
        {
            line.Append(character switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when char.IsControl(character) => "\\x" + ((int)character).ToString("x2", CultureInfo.InvariantCulture),
                _ => character.ToString(),
            });
        }

        return line.ToString();
    }
}
