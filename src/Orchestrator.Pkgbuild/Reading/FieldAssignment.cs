namespace Orchestrator.Pkgbuild;

/// <summary>A line of a function, as <c>declare -f</c> prints it, that begins with an assignment: makepkg's regular expression.</summary>
internal static class FieldAssignment
{
    /// <summary>Kind and name of what is assigned, and the line from the name on; null if it is no such line.</summary>
    internal static (bool IsArray, string Name, string Line)? TryParse(string line)
    {
        var start = line.AsSpan().IndexOfAnyExcept(" \t\v\f\r");
        if (start < 1 || line[start - 1] != ' ' || !(char.IsAsciiLetter(line[start]) || line[start] == '_'))
        {
            return null;
        }

        var end = start;
        while (end < line.Length && (char.IsAsciiLetterOrDigit(line[end]) || line[end] == '_'))
        {
            end++;
        }

        var equals = end < line.Length && line[end] == '+' ? end + 1 : end;
        return equals + 1 < line.Length && line[equals] == '='
            ? (line[equals + 1] == '(', line[start..end], line[start..])
            : null;
    }
}
