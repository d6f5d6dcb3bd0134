using Cake.Core;
using Cake.Core.Annotations;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Orchestrator.Pkgbuild;
using Orchestrator.Processes;
using Package = Orchestrator.Pkgbuild.Pkgbuild;

namespace Orchestrator.Cake;

/// <summary>Read, lint and build PKGBUILD-style packages, so that an aborted pipeline leaves no process and no work directory.</summary>
[CakeAliasCategory("PKGBUILD")]
[CakeNamespaceImport("Orchestrator.Cake")]
[CakeNamespaceImport("Orchestrator.Pkgbuild")]
[CakeNamespaceImport("Orchestrator.Processes")]
public static class PkgbuildAliases
{
    private const string FileName = "PKGBUILD";

    /// <summary>Reads what a PKGBUILD says. Its top level is run for that, contained.</summary>
    /// <example><code>
    /// var package = ReadPkgbuild("pkgbuilds/hello/PKGBUILD");
    /// Information("{0} {1}", package.BaseName, package.Version);
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="path">The PKGBUILD, or the folder that it is in.</param>
    /// <returns>Its names, version and fields.</returns>
    /// <exception cref="CakeException">There is none, or it cannot be read: file, line and what to do.</exception>
    [CakeMethodAlias]
    public static Package ReadPkgbuild(this ICakeContext context, FilePath path)
    {
        var file = FindFile(context, path, nameof(ReadPkgbuild));
        return PkgbuildWork.RunAsync(context.Log, (cancel, _) => PkgbuildReader.ReadAsync(file, null, cancel)).GetAwaiter().GetResult();
    }

    /// <summary>Finds what is wrong in a PKGBUILD, and prints it in the form that editors jump to.</summary>
    /// <example><code>
    /// if (LintPkgbuild("pkgbuilds/hello/PKGBUILD").Any(finding =&gt; finding.IsError))
    /// {
    ///     throw new CakeException("there are errors");
    /// }
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="path">The PKGBUILD, or the folder that it is in.</param>
    /// <returns>All findings; none if nothing is wrong.</returns>
    /// <exception cref="CakeException">There is none, or it cannot be read: file, line and what to do.</exception>
    [CakeMethodAlias]
    public static IReadOnlyList<LintFinding> LintPkgbuild(this ICakeContext context, FilePath path)
    {
        var findings = PkgbuildLinter.Lint(ReadPkgbuild(context, path));
        foreach (var finding in findings)
        {
            if (finding.IsError)
            {
                context.Log.Error("{0}", finding);
            }
            else
            {
                context.Log.Warning("{0}", finding);
            }
        }

        return findings;
    }

    /// <summary>Prints and returns what <c>makepkg --printsrcinfo</c> prints.</summary>
    /// <example><code>
    /// System.IO.File.WriteAllText("pkgbuilds/hello/.SRCINFO", PrintSrcInfo("pkgbuilds/hello/PKGBUILD"));
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="path">The PKGBUILD, or the folder that it is in.</param>
    /// <returns>The text of <c>.SRCINFO</c>, byte for byte.</returns>
    /// <exception cref="CakeException">There is none, or it is wrong: file, line and what to do.</exception>
    [CakeMethodAlias]
    public static string PrintSrcInfo(this ICakeContext context, FilePath path)
    {
        var pkgbuild = ReadPkgbuild(context, path);
        try
        {
            PkgbuildLinter.ThrowIfErrors(pkgbuild, least: LintSeverity.Fatal);
        }
        catch (PkgbuildException error)
        {
            throw PkgbuildWork.ToCakeException(error);
        }

        var text = SrcInfo.Write(pkgbuild);
        context.Log.Information("{0}", text);
        return text;
    }

    /// <summary>Builds the packages of one PKGBUILD. What is up to date is passed over.</summary>
    /// <example><code>
    /// var result = BuildPkgbuild("pkgbuilds/hello/PKGBUILD");
    /// foreach (var package in result.Packages)
    /// {
    ///     Information(package.ArchivePath);
    /// }
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="path">The PKGBUILD, or the folder that it is in.</param>
    /// <param name="settings">How to build; null for the defaults.</param>
    /// <returns>The packages.</returns>
    /// <exception cref="CakeException">It cannot be built, and why; or the pipeline is being aborted, and nothing of it is left.</exception>
    [CakeMethodAlias]
    public static BuildResult BuildPkgbuild(this ICakeContext context, FilePath path, PkgbuildSettings? settings = null)
    {
        var file = FindFile(context, path, nameof(BuildPkgbuild));
        PackageBuilder builder = new((settings ?? new()).ToBuildOptions(context.Environment), message => PkgbuildWork.Print(context.Log, message));
        return PkgbuildWork.RunAsync(context.Log, (cancel, kill) => builder.BuildAsync(file, cancel, kill)).GetAwaiter().GetResult();
    }

    /// <summary>Builds the packages of a folder, each after those that it needs. One that fails does not keep the others from being built.</summary>
    /// <example><code>
    /// BuildPkgbuilds("pkgbuilds", new PkgbuildSettings { OutputDirectory = "artifacts/packages", SkipMissingDependencies = true });
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="folder">A folder with a PKGBUILD, or with one folder a package.</param>
    /// <param name="settings">How to build, and which; null for all, with the defaults.</param>
    /// <returns>What became of each.</returns>
    /// <exception cref="CakeException">
    /// Packages could not be built; there are none; they need each other in a circle, or two have one name; or the pipeline is
    /// being aborted, and nothing of it is left.
    /// </exception>
    [CakeMethodAlias]
    public static BuildSummary BuildPkgbuilds(this ICakeContext context, DirectoryPath folder, PkgbuildSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        Given.NotNull(folder, "the folder", nameof(BuildPkgbuilds));
        var root = folder.MakeAbsolute(context.Environment);
        if (!context.FileSystem.GetDirectory(root).Exists)
        {
            throw new CakeException($"{nameof(BuildPkgbuilds)}: there is no folder {root.FullPath}");
        }

        settings ??= new();
        return Build(context, settings, () => PackageFolder.Select(root.FullPath, [.. settings.Packages]));
    }

    /// <summary>Builds the packages of PKGBUILDs, each after those that it needs. One that fails does not keep the others from being built.</summary>
    /// <example><code>
    /// BuildPkgbuilds(GetFiles("pkgbuilds/*/PKGBUILD"));
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="paths">The PKGBUILDs, or the folders that they are in.</param>
    /// <param name="settings">How to build; null for the defaults.</param>
    /// <returns>What became of each.</returns>
    /// <exception cref="CakeException">
    /// Packages could not be built; there are none; they need each other in a circle, or two have one name; or the pipeline is
    /// being aborted, and nothing of it is left.
    /// </exception>
    [CakeMethodAlias]
    public static BuildSummary BuildPkgbuilds(this ICakeContext context, IEnumerable<FilePath> paths, PkgbuildSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        Given.NotNull(paths, "the PKGBUILDs", nameof(BuildPkgbuilds));
        List<string> files = [.. paths.Select(path => FindFile(context, path, nameof(BuildPkgbuilds)))];
        return files.Count > 0
            ? Build(context, settings ?? new(), () => files)
            : throw new CakeException($"{nameof(BuildPkgbuilds)}: no PKGBUILD was given");
    }

    /// <summary>Ends and removes what dead builds left behind: their processes, and their work directories.</summary>
    /// <example><code>
    /// Task("Sweep").Does(() =&gt; SweepWorkDirectories());
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <returns>What was ended, what was removed, and what could not be.</returns>
    /// <exception cref="CakeException">The folder of the work directories is not ours; or the pipeline is being aborted.</exception>
    [CakeMethodAlias]
    [CakeAliasCategory("Cancellation")]
    public static SweepResult SweepWorkDirectories(this ICakeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var result = PkgbuildWork.RunAsync(context.Log, (cancel, _) => WorkRoot.Open().SweepAsync(cancel)).GetAwaiter().GetResult();
        foreach (var process in result.Ended)
        {
            context.Log.Information("==> Killed process {0}", process);
        }

        foreach (var path in result.Removed)
        {
            context.Log.Information("==> Work directory removed: {0}", path);
        }

        foreach (var problem in result.Problems)
        {
            context.Log.Warning("==> WARNING: {0}", problem);
        }

        return result;
    }

    private static BuildSummary Build(ICakeContext context, PkgbuildSettings settings, Func<IReadOnlyList<string>> find)
    {
        PackageSetBuilder builder = new(settings.ToBuildOptions(context.Environment), message => PkgbuildWork.Print(context.Log, message));
        var summary = PkgbuildWork.RunAsync(context.Log, (cancel, kill) => builder.BuildAsync(find(), cancel, kill)).GetAwaiter().GetResult();
        return summary.Count(BuildOutcome.Failed) is > 0 and var failed
            ? throw new CakeException($"{failed} of {summary.Rows.Count} packages failed: {string.Join(", ", summary.Rows.Where(row => row.Outcome == BuildOutcome.Failed).Select(row => row.Name))}")
            : summary;
    }

    private static string FindFile(ICakeContext context, FilePath path, string alias)
    {
        ArgumentNullException.ThrowIfNull(context);
        Given.NotNull(path, "the path of a PKGBUILD", alias);
        var file = path.MakeAbsolute(context.Environment);
        var inFolder = new DirectoryPath(file.FullPath).CombineWithFilePath(FileName);
        return context.FileSystem.GetFile(file).Exists ? file.FullPath
            : context.FileSystem.GetFile(inFolder).Exists ? inFolder.FullPath
            : throw new CakeException($"{alias}: there is no PKGBUILD at {file.FullPath}");
    }
}
