namespace Orchestrator.Pkgbuild;

/// <summary>A PKGBUILD as a file: found, and fit to be given to bash.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Text">Its text; bytes that are not UTF-8 are lone surrogates (<see cref="Bash.ByteText"/>).</param>
internal sealed record PkgbuildFile(string Path, string Text)
{
    /// <summary>Far above any real one, and far below what would hurt.</summary>
    private const int MaximumSize = 1 << 20;

    /// <summary>The folder that it is read in: its own, but for a copy.</summary>
    internal string StartDirectory { get; init; } = System.IO.Path.GetDirectoryName(Path)!;

    /// <exception cref="PkgbuildException">There is none, or it cannot be a PKGBUILD.</exception>
    internal static PkgbuildFile Open(string path)
    {
        FileInfo file = new(Locate(path));
        if (!file.Exists)
        {
            throw new PkgbuildException(
                MakepkgExitCode.MissingFile,
                "there is no such PKGBUILD; name the file, or the folder that it is in",
                file.FullName);
        }

        // A FIFO or a device, which would block or never end, has no length either.
        if (file.Length == 0)
        {
            throw Wrong("the PKGBUILD is empty, or is not a regular file; it needs pkgname, pkgver, pkgrel and arch at least");
        }

        if (file.Length > MaximumSize)
        {
            throw Wrong($"the PKGBUILD has {file.Length} bytes; more than {MaximumSize} are not read");
        }

        var bytes = Read(file.FullName);
        if (LineOf((byte)'\r') is { } carriageReturn)
        {
            throw Wrong("the PKGBUILD has CR line ends, which bash cannot read; write it with LF line ends (dos2unix)", carriageReturn);
        }

        if (LineOf(0) is { } nul)
        {
            throw Wrong("the PKGBUILD has a NUL byte: it is no shell script, or is not written in UTF-8", nul);
        }

        return new(file.FullName, Bash.ByteText.Decode(bytes));

        PkgbuildException Wrong(string message, int line = 0) => new(MakepkgExitCode.PkgbuildError, message, file.FullName, line);

        int? LineOf(byte value) =>
            bytes.AsSpan().IndexOf(value) is >= 0 and var index ? bytes.AsSpan(0, index).Count((byte)'\n') + 1 : null;
    }

    private static string Locate(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = System.IO.Path.GetFullPath(path);
        return Directory.Exists(full) ? System.IO.Path.Combine(full, "PKGBUILD") : full;
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new PkgbuildException(
                MakepkgExitCode.NoPermission,
                "the PKGBUILD cannot be read: no permission; make it readable (chmod +r)",
                path,
                innerException: exception);
        }
        catch (IOException exception)
        {
            throw new PkgbuildException(
                MakepkgExitCode.MissingFile, $"the PKGBUILD cannot be read: {exception.Message}", path, innerException: exception);
        }
    }
}
