using System.Globalization;
using Cake.Core;

namespace Cake.Frosting.Standin.Tests;

/// <summary>A console that is a text.</summary>
internal sealed class TextConsole(TextWriter writer) : IConsole
{
    public ConsoleColor ForegroundColor { get; set; }

    public ConsoleColor BackgroundColor { get; set; }

    public bool SupportAnsiEscapeCodes => false;

    public void Write(string format, params object[] arg) => writer.Write(Format(format, arg));

    public void WriteLine(string format, params object[] arg) => writer.WriteLine(Format(format, arg));

    public void WriteError(string format, params object[] arg) => Write(format, arg);

    public void WriteErrorLine(string format, params object[] arg) => WriteLine(format, arg);

    public void ResetColor()
    {
    }

    private static string Format(string format, object[] arg) => string.Format(CultureInfo.InvariantCulture, format, arg);
}
