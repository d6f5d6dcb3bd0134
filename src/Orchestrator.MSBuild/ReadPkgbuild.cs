using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Orchestrator.Pkgbuild;

namespace Orchestrator.MSBuild;

/// <summary>Reads PKGBUILDs, as <c>makepkg(8)</c> would, and puts them into the order in which they must be built.</summary>
public sealed class ReadPkgbuild : PkgbuildTask
{
    private static readonly string[] Strings = ["pkgdesc", "url", "install", "changelog"];
    private static readonly string[] Arrays = ["arch", "license", "depends", "makedepends", "checkdepends", "optdepends", "provides", "conflicts", "replaces", "source"];

    /// <summary>
    /// One item a PKGBUILD: its full path, with <c>pkgbase</c>, <c>pkgname</c>, <c>pkgver</c>, <c>pkgrel</c>, <c>epoch</c>,
    /// <c>FullVersion</c> and the other fields of <c>PKGBUILD(5)</c> as metadata, lists with semicolons. Each comes after
    /// those that it depends on.
    /// </summary>
    [Output]
    public ITaskItem[] Packages { get; private set; } = [];

    private protected override async System.Threading.Tasks.Task RunAsync(Action<OutputKind, string> print, CancellationToken cancel, CancellationToken kill)
    {
        List<Pkgbuild.Pkgbuild> read = [];
        foreach (var item in Pkgbuilds)
        {
            try
            {
                read.Add(await PkgbuildReader.ReadAsync(item.GetMetadata("FullPath"), null, cancel).ConfigureAwait(false));
            }
            catch (PkgbuildException error)
            {
                LogError(error); // and go on: all errors at once
            }
        }

        Packages = [.. DependencyOrder.Sort(read).Select(ToItem)];
    }

    private static TaskItem ToItem(Pkgbuild.Pkgbuild pkgbuild)
    {
        var item = new TaskItem(pkgbuild.Path);
        Set("pkgbase", pkgbuild.BaseName);
        Set("pkgname", string.Join(';', pkgbuild.Names));
        Set("pkgver", pkgbuild.Fields.String("pkgver") ?? "");
        Set("pkgrel", pkgbuild.Fields.String("pkgrel") ?? "");
        Set("epoch", pkgbuild.Fields.String("epoch") ?? "");
        Set("FullVersion", pkgbuild.Version.ToString());
        foreach (var name in Strings)
        {
            Set(name, pkgbuild.Fields.String(name) ?? "");
        }

        foreach (var name in Arrays)
        {
            Set(name, string.Join(';', pkgbuild.Fields.Array(name, MachineArchitecture.Current)));
        }

        return item;

        // Values are text, not MSBuild's escapes.
        void Set(string name, string value) => item.SetMetadata(name, value.Replace("%", "%25", StringComparison.Ordinal));
    }
}
