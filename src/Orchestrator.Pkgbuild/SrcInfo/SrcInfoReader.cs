namespace Orchestrator.Pkgbuild;

/// <summary>Reads <c>.SRCINFO</c> (<c>SRCINFO(5)</c> of the ALPM project), and what tools and people write in its name.</summary>
/// <remarks>
/// White space around keys and values, blank lines and lines that begin with <c>#</c> mean nothing. Keys that are not known
/// are kept as arrays. Of a key that holds one value, the last one counts, as it does in pacman's own tools.
/// </remarks>
public static class SrcInfoReader
{
    private const int MaximumSize = 16 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, or the folder that it is in.</param>
    /// <returns>
    /// What the PKGBUILD sets that it was made from; <see cref="Pkgbuild.Functions"/> has none, since the file does not name them.
    /// </returns>
    /// <exception cref="PkgbuildException">
    /// <see cref="MakepkgExitCode.MissingFile"/>: there is none, or it cannot be read; <see cref="MakepkgExitCode.PkgbuildError"/>:
    /// it is no <c>.SRCINFO</c>.
    /// </exception>
    public static Pkgbuild ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileInfo file = new(Directory.Exists(path) ? Path.Combine(path, ".SRCINFO") : path);
        try
        {
            return file.Length <= MaximumSize
                ? Read(Bash.ByteText.Decode(File.ReadAllBytes(file.FullName)), file.FullName)
                : throw new PkgbuildException(MakepkgExitCode.PkgbuildError, $"the file has {file.Length} bytes; more than {MaximumSize} are not read", file.FullName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PkgbuildException(MakepkgExitCode.MissingFile, $"the .SRCINFO cannot be read: {exception.Message}", file.FullName, innerException: exception);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text of a <c>.SRCINFO</c>.</param>
    /// <param name="path">Full path of the file that it is from, for <see cref="Pkgbuild.Path"/> and for errors.</param>
    /// <exception cref="PkgbuildException"><see cref="MakepkgExitCode.PkgbuildError"/>: it is no <c>.SRCINFO</c>.</exception>
    public static Pkgbuild Read(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        PkgbuildContents contents = new();
        Dictionary<string, int> lines = [];
        List<string> names = [];
        string? section = null; // Null before pkgbase, empty in its section.
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.AsSpan().Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var equals = line.IndexOf('=');
            var key = (equals < 0 ? line : line[..equals]).TrimEnd().ToString();
            if (equals < 0 || key.Length == 0)
            {
                throw Wrong($"'{Printable.OneLine(line.ToString())}' is no line of a .SRCINFO; each is KEY = VALUE");
            }

            var value = line[(equals + 1)..].TrimStart().ToString();
            lines.TryAdd(key, number);
            switch (key)
            {
                case "pkgbase" when section is null:
                    section = "";
                    contents.Strings[key] = value;
                    break;
                case "pkgbase":
                    throw Wrong("pkgbase is set a second time; a .SRCINFO is about one");
                case "pkgname":
                    if (section is null || value.Length == 0)
                    {
                        throw Wrong(section is null ? "pkgname comes before pkgbase" : "pkgname is empty");
                    }

                    section = value;
                    names.Add(value);
                    break;
                default:
                    Take(section ?? throw Wrong($"{Printable.OneLine(key)} comes before pkgbase"), key, value);
                    break;
            }
        }

        if (section is null || names.Count == 0)
        {
            throw new PkgbuildException(MakepkgExitCode.PkgbuildError, $"there is no {(section is null ? "pkgbase" : "pkgname")}; write the file with makepkg --printsrcinfo, or orchestrator srcinfo", path);
        }

        contents.Arrays["pkgname"] = names;
        return contents.ToPkgbuild(path, lines);

        void Take(string package, string key, string value)
        {
            var (strings, arrays) = package.Length == 0 ? (contents.Strings, contents.Arrays) : contents.OverridesOf(package);
            if (PkgbuildSchema.Strings.Contains(key))
            {
                strings[key] = value;
                return;
            }

            // An empty value says that a package has none of what the others have.
            var members = arrays.GetValueOrDefault(key) ?? [];
            arrays[key] = package.Length > 0 && value.Length == 0 ? members : [.. members, value];
        }

        PkgbuildException Wrong(string message) => new(MakepkgExitCode.PkgbuildError, message, path, number);
    }
}
