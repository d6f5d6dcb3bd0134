namespace Orchestrator.Pkgbuild.Bash;

/// <summary>What a command reads.</summary>
internal sealed class TextInput
{
    private readonly string text = "";
    private readonly UnknownValue? unknown;
    private int position;

    internal TextInput(string text) => this.text = text;

    internal TextInput(UnknownValue unknown) => this.unknown = unknown;

    /// <summary>/dev/null.</summary>
    internal static TextInput Empty { get; } = new("");

    /// <summary>Reads up to and without a delimiter.</summary>
    /// <returns>What was read, and whether the delimiter was there; null at the end.</returns>
    internal (string Text, bool IsWhole)? Read(char delimiter)
    {
        if (unknown is not null)
        {
            throw new UnknownValueException(unknown);
        }

        if (position >= text.Length)
        {
            return null;
        }

        var end = text.IndexOf(delimiter, position);
        var line = end < 0 ? text[position..] : text[position..end];
        position = end < 0 ? text.Length : end + 1;
        return (line, end >= 0);
    }

    internal string ReadToEnd()
    {
        if (unknown is not null)
        {
            throw new UnknownValueException(unknown);
        }

        var rest = text[position..];
        position = text.Length;
        return rest;
    }
}
