namespace Orchestrator.Pkgbuild;

/// <summary>A PKGBUILD, or something that it needs, is wrong; or its build failed. The message is complete for a reader.</summary>
public class PkgbuildException : Exception
{
    /// <summary>One clear error.</summary>
    /// <param name="exitCode">makepkg's exit code.</param>
    /// <param name="message">What is wrong and what to do; <see cref="CanonicalMessage"/> adds file and line to it.</param>
    /// <param name="file">The file that is wrong, if one is.</param>
    /// <param name="line">Line in <paramref name="file"/>, from 1; 0 if there is none.</param>
    /// <param name="innerException">What caused it.</param>
    public PkgbuildException(MakepkgExitCode exitCode, string message, string? file = null, int line = 0, Exception? innerException = null)
        : base(message, innerException) => (ExitCode, File, Line) = (exitCode, file, line);

    /// <summary>makepkg's exit code for this kind of error.</summary>
    public MakepkgExitCode ExitCode { get; }

    /// <summary>The file that is wrong, if one is.</summary>
    public string? File { get; }

    /// <summary>Line in <see cref="File"/>, from 1; 0 if there is none.</summary>
    public int Line { get; }

    /// <summary>Column in <see cref="Line"/>, from 1, in UTF-16 units; 0 if there is none.</summary>
    public int Column { get; init; }

    /// <summary>
    /// The error in MSBuild's canonical form, on one line: <c>FILE(LINE,COLUMN): error: MESSAGE</c>, with as much of the place
    /// as there is.
    /// </summary>
    public string CanonicalMessage =>
        Printable.OneLine(File is null ? $"error: {Message}" : $"{File}{Printable.Place(Line, Column)}: error: {Message}");
}
