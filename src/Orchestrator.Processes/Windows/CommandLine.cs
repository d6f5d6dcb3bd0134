using System.Buffers;
using System.Text;
using Orchestrator.Supervisor;

namespace Orchestrator.Processes.Windows;

/// <summary>
/// Makes one command line of many arguments, which is what Windows passes on. A program cuts it up again by the rules of
/// <see href="https://learn.microsoft.com/windows/win32/api/shellapi/nf-shellapi-commandlinetoargvw">CommandLineToArgvW</see>
/// and of the C runtime; <c>cmd.exe</c>, which runs batch files, has rules of its own.
/// </summary>
internal static class CommandLine
{
    internal const int MaxLength = 32_766; // UNICODE_STRING holds 32,767 characters with the closing zero
    internal const int MaxBatchLength = 8191; // of cmd.exe

    // What cmd.exe takes as it is; everything else goes between quotes.
    private static readonly SearchValues<char> PlainInBatch = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#$*+-./:?@\\_");

    // A quote would end the quoting, and %NAME% is replaced inside it too; there is no way to write either that is safe in
    // whatever the batch file does with it. The rest ends the line.
    private static readonly SearchValues<char> RefusedInBatch = SearchValues.Create("\"%\r\n\0");

    // For the C runtime only blanks and quotes; programs of Cygwin and MSYS2, bash among them, expand the others where they stand bare.
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(" \t\n\v\"'*?[]{}~@");

    /// <summary>For a program.</summary>
    /// <param name="program">Its name, which becomes the first argument.</param>
    /// <param name="arguments">The others.</param>
    /// <exception cref="CommandException">It is too long, or an argument has a zero in it.</exception>
    internal static string ForProgram(string program, IEnumerable<string> arguments)
    {
        // The first one is cut off by a simpler rule, which knows no backslashes; a file name has no quotes.
        var line = new StringBuilder().Append('"').Append(program).Append('"');
        foreach (var argument in arguments)
        {
            if (argument.Contains('\0', StringComparison.Ordinal))
            {
                throw new CommandException(CommandException.CannotExecute, $"cannot execute '{program}': an argument has a NUL character in it");
            }

            Append(line.Append(' '), argument);
        }

        return line.Length <= MaxLength
            ? line.ToString()
            : throw new CommandException(CommandException.CannotExecute, $"cannot execute '{program}': its command line has {line.Length} characters, and Windows allows {MaxLength}; pass a file of arguments instead");
    }

    /// <summary>For a batch file: what <c>cmd.exe</c> is started with.</summary>
    /// <exception cref="CommandException">It is too long, or it has characters that cannot be passed to a batch file safely.</exception>
    internal static string ForBatchFile(string interpreter, string script, IEnumerable<string> arguments)
    {
        if (script.AsSpan().IndexOfAny(RefusedInBatch) is var at and >= 0)
        {
            throw Refused(script, script[at], "its path has");
        }

        // /d: no AutoRun of the registry. /e:on /v:off: the same rules whatever the registry says. /s: the outer quotes, and
        // only those, are taken off.
        var line = new StringBuilder().Append('"').Append(interpreter).Append("\" /d /e:on /v:off /s /c \"\"").Append(script).Append('"');
        foreach (var argument in arguments)
        {
            if (argument.AsSpan().IndexOfAny(RefusedInBatch) is var where and >= 0)
            {
                throw Refused(script, argument[where], "an argument has");
            }

            line.Append(' ');
            if (argument.Length > 0 && !argument.AsSpan().ContainsAnyExcept(PlainInBatch))
            {
                line.Append(argument);
                continue;
            }

            // A backslash means nothing to cmd.exe, but most batch files hand on to a program, where one before the closing
            // quote would keep it from closing.
            line.Append('"').Append(argument).Append('\\', argument.Length - argument.AsSpan().TrimEnd('\\').Length).Append('"');
        }

        line.Append('"');
        return line.Length <= MaxBatchLength
            ? line.ToString()
            : throw new CommandException(CommandException.CannotExecute, $"cannot execute '{script}': its command line has {line.Length} characters, and cmd.exe, which runs batch files, allows {MaxBatchLength}");
    }

    private static void Append(StringBuilder line, string argument)
    {
        if (argument.Length > 0 && !argument.AsSpan().ContainsAny(NeedsQuotes))
        {
            line.Append(argument);
            return;
        }

        line.Append('"');
        var backslashes = 0;
        foreach (var character in argument)
        {
            if (character == '\\')
            {
                backslashes++;
                continue;
            }

            // Backslashes are themselves, but for those before a quote, of which two mean one.
            line.Append('\\', character == '"' ? (2 * backslashes) + 1 : backslashes).Append(character);
            backslashes = 0;
        }

        line.Append('\\', 2 * backslashes).Append('"');
    }

    private static CommandException Refused(string script, char character, string what) => new(
        CommandException.CannotExecute,
        $"cannot execute '{script}': {what} {Describe(character)}, which cannot be passed to a batch file safely; pass it in an environment variable, or name the program that the batch file runs");

    private static string Describe(char character) => character switch
    {
        '"' => "a quote (\")",
        '%' => "a percent sign (%)",
        '\0' => "a NUL character",
        _ => "a line break",
    };
}
