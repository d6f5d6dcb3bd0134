namespace Orchestrator.Pkgbuild;

/// <summary>
/// Refuses members of an archive that would be written, or would reach, outside <c>srcdir</c>: absolute names, <c>..</c>,
/// names that go through a symbolic link, and hard links to anything but an earlier member. It is asked about every
/// member before the first one is unpacked.
/// </summary>
internal sealed class MemberGuard(string archive, string srcdir)
{
    // Windows makes no difference between names that differ in their case alone.
    private static readonly StringComparer Names = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private readonly HashSet<string> files = new(Names);
    private readonly HashSet<string> links = new(Names);
    private readonly HashSet<string> soundFolders = new(Names);

    /// <summary>Checks the next member.</summary>
    /// <returns>Its path below srcdir; empty for srcdir itself.</returns>
    /// <exception cref="PkgbuildException">It is refused.</exception>
    internal string Check(string name, MemberKind kind, string? target)
    {
        var path = Normalize(name, name);
        RequireNoLink(name, kind == MemberKind.Directory ? path + '/' : path);
        switch (kind)
        {
            case not MemberKind.Directory when path.Length == 0:
                throw Refused(name, "it would replace srcdir itself");
            case MemberKind.SymbolicLink:
                // Where a link points to is harmless as long as nothing is written through it.
                links.Add(path);
                files.Remove(path);
                break;
            case MemberKind.HardLink:
                if (!files.Contains(Normalize(name, target ?? "")))
                {
                    throw Refused(name, $"it is a hard link to '{target}', which is not a file of the archive");
                }

                files.Add(path);
                break;
            case MemberKind.File:
                files.Add(path);
                break;
            case MemberKind.Special:
                throw Refused(name, "it is neither a file, nor a folder, nor a link");
        }

        return path;
    }

    private string Normalize(string name, string path)
    {
        if (path.StartsWith('/'))
        {
            throw Refused(name, $"'{path}' is an absolute path");
        }

        var parts = path.Split('/').Where(part => part is not ("" or ".")).ToList();
        if (OperatingSystem.IsWindows() && parts.Where(part => part != "..").Select(Problem).FirstOrDefault(problem => problem is not null) is { } problem)
        {
            throw Refused(name, problem);
        }

        return parts.Contains("..") ? throw Refused(name, $"'{path}' has a '..' in it") : string.Join('/', parts);
    }

    // A link has a short name there, too, such as LONGNA~1.
    private string? Problem(string part) => WindowsFileName.Problem(part)
        ?? (links.Count > 0 && part.AsSpan()[(part.IndexOf('~', StringComparison.Ordinal) + 1)..] is [>= '0' and <= '9', ..] && part.Contains('~', StringComparison.Ordinal) ? $"'{part}' may be the short name of a symbolic link" : null);

    // Every folder of the path: what ends with a slash is one itself.
    private void RequireNoLink(string name, string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            var folder = path[..slash];
            if (links.Contains(folder))
            {
                throw Refused(name, $"it goes through the symbolic link '{folder}'");
            }

            // An archive that was unpacked before this one, or a source of that name, may have put one there.
            if (soundFolders.Add(folder) && new FileInfo(Path.Combine(srcdir, folder)).LinkTarget is not null)
            {
                throw Refused(name, $"it goes through the symbolic link '{folder}' in srcdir");
            }
        }
    }

    private PkgbuildException Refused(string name, string why) => new(
        MakepkgExitCode.Failure,
        Printable.OneLine($"{archive} is refused, member '{name.TrimEnd('/')}' could reach outside srcdir: {why}. Nothing of it was unpacked"));
}
