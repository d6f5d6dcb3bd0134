using System.Buffers;
using Orchestrator.Supervisor;

namespace Orchestrator.Processes.Windows;

/// <summary>The file that a command's program is. Found as <c>cmd.exe</c> finds it, but never in the current directory by a bare name.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="IsBatch">Whether <c>cmd.exe</c> runs it.</param>
internal sealed record CommandFile(string Path, bool IsBatch)
{
    private const string DefaultExtensions = ".COM;.EXE;.BAT;.CMD";
    private const int MaxShortPath = 259; // MAX_PATH without the closing zero
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
    private static readonly SearchValues<char> Separators = SearchValues.Create("/\\:");

    /// <summary>What CreateProcessW is given: a longer path needs a prefix, which switches its rewriting off.</summary>
    internal string NativePath => Path.Length > MaxShortPath && !Path.StartsWith(@"\\", StringComparison.Ordinal) ? @"\\?\" + Path : Path;

    /// <summary>Finds a program.</summary>
    /// <param name="program">A path, which is relative to <paramref name="directory"/>, or a name that is looked up in <c>PATH</c>; with or without one of the extensions in <c>PATHEXT</c>.</param>
    /// <param name="directory">The working directory of the command.</param>
    /// <param name="environment">Its environment.</param>
    /// <exception cref="CommandException">127: there is none; 126: it is nothing that can be run.</exception>
    internal static CommandFile Find(string program, string directory, EnvironmentBlock environment)
    {
        if (IsDevice(program))
        {
            throw CannotExecute(program, "it is the name of a device");
        }

        string[] extensions = [.. (environment["PATHEXT"] is { Length: > 0 } set ? set : DefaultExtensions).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        IEnumerable<string> places = program.AsSpan().ContainsAny(Separators)
            ? [Full(program, directory)]
            : (environment["PATH"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(folder => Full(System.IO.Path.Combine(folder.Trim('"'), program), directory));
        CommandException? refusal = null;
        foreach (var place in places)
        {
            // Its own extension first: `tool.exe` is not looked for as `tool.exe.exe`.
            if (File.Exists(place))
            {
                if (Classify(place) is { } found)
                {
                    return found;
                }

                refusal ??= CannotExecute(place, "it is no program: name the one that runs it (.exe, .com, .bat and .cmd files can be run)");
            }
            else if (Directory.Exists(place) && program.AsSpan().ContainsAny(Separators))
            {
                refusal ??= CannotExecute(program, "it is a directory");
            }

            foreach (var extension in extensions)
            {
                if (File.Exists(place + extension) && Classify(place + extension) is { } found)
                {
                    return found;
                }
            }
        }

        throw refusal ?? new CommandException(CommandException.NotFound, $"'{program}' was not found");
    }

    private static string Full(string path, string directory)
    {
        try
        {
            return System.IO.Path.GetFullPath(path, directory);
        }
        catch (ArgumentException)
        {
            return path; // a NUL character in it: no file has such a name
        }
    }

    private static CommandFile? Classify(string path) => System.IO.Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".EXE" or ".COM" => new(path, IsBatch: false),
        ".BAT" or ".CMD" => path.Length <= MaxShortPath
            ? new(path, IsBatch: true)
            : throw CannotExecute(path, $"its path has {path.Length} characters, and cmd.exe, which runs batch files, allows {MaxShortPath}"),
        _ => StartsAsProgram(path) ? new(path, IsBatch: false) : null,
    };

    // A program may have any extension, or none: what counts is how it begins (MS-DOS header of the PE format).
    private static bool StartsAsProgram(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return file.ReadByte() == 'M' && file.ReadByte() == 'Z';
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotExecute(path, exception.Message);
        }
    }

    // A device has its name in every folder, and with every extension (Naming Files, Paths, and Namespaces).
    private static bool IsDevice(string program)
    {
        var name = program[(program.AsSpan().LastIndexOfAny(Separators) + 1)..];
        var stem = name.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        return Devices.Contains(stem, StringComparer.Ordinal)
            || (stem.Length == 4 && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal)) && stem[3] is (>= '0' and <= '9') or '¹' or '²' or '³');
    }

    private static CommandException CannotExecute(string program, string reason) =>
        new(CommandException.CannotExecute, $"cannot execute '{program}': {reason}");
}
