using System.Globalization;

namespace Orchestrator.Pkgbuild;

/// <summary>What is where in the work directory of a build.</summary>
internal sealed class WorkLayout
{
    private readonly string root;
    private int emptied;

    internal WorkLayout(string root)
    {
        this.root = root;
        SourceDirectory = Create(root, "src");
        PackageBase = Create(root, "pkg");
        Temporary = Create(root, "tmp");
        Control = Create(root, "control");
    }

    /// <summary><c>srcdir</c>.</summary>
    internal string SourceDirectory { get; }

    /// <summary><c>pkgdirbase</c>: the folder of all <c>pkgdir</c>.</summary>
    internal string PackageBase { get; }

    /// <summary><c>TMPDIR</c> of what the build runs, so that its temporary files go with it.</summary>
    internal string Temporary { get; }

    /// <summary>Our own files: where a function failed, the PKGBUILD with another version.</summary>
    internal string Control { get; }

    /// <summary>Scripts of ours that come before tools of the same name in <c>PATH</c>.</summary>
    internal string Tools => Path.Combine(Control, "bin");

    /// <summary>Makes all that functions write to empty, by putting what is there out of the way: it goes with the work directory.</summary>
    internal void Empty()
    {
        var aside = Create(root, string.Create(CultureInfo.InvariantCulture, $"aside-{++emptied}"));
        foreach (var folder in (string[])[SourceDirectory, PackageBase, Temporary])
        {
            Directory.Move(folder, Path.Combine(aside, Path.GetFileName(folder)));
            Create(root, Path.GetFileName(folder));
        }
    }

    /// <summary><c>pkgdir</c> of a package.</summary>
    internal string PackageDirectory(string name) => Path.Combine(PackageBase, name);

    /// <summary>Makes a folder, whatever the caller's umask is, as makepkg's own umask 0022 would.</summary>
    internal static string Create(string parent, string name)
    {
        var path = Path.Combine(parent, name);
        Directory.CreateDirectory(path);
        NativeFile.SetMode(path, BuildEnvironment.DirectoryMode);
        return path;
    }
}
