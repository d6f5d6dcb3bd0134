using Cake.Core;
using Cake.Core.Diagnostics;
using Orchestrator.Cake;
using Orchestrator.Pkgbuild;
using Package = Orchestrator.Pkgbuild.Pkgbuild;

namespace Orchestrator.Frosting;

/// <summary>Makes packages tasks.</summary>
internal sealed class PackageTasks(CakeEngine engine, Plan plan, ICakeLog log)
{
    private readonly Dictionary<string, string> paths = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> members = [];
    private readonly List<string> failed = [];

    /// <exception cref="CakeException">There are none, they need each other, or two have one name.</exception>
    internal void Register(IReadOnlyList<PackageSource> sources, ICakeEnvironment environment, ICakeArguments arguments)
    {
        var settings = Settings(sources, arguments);
        var options = settings.ToBuildOptions(environment);
        List<string> folders = [.. sources.Select(source => source.Folder.MakeAbsolute(environment).FullPath)];
        var (read, wrong) = Work(async (cancel, _) => await ReadAsync([.. folders.SelectMany(PackageFolder.All).Union(Chosen(settings, folders))], options, cancel).ConfigureAwait(false));
        var packages = Work((_, _) => Task.FromResult(new PackageSet(read, options, message => PkgbuildWork.Print(log, message))));
        var chosen = Chosen(settings, folders).ToHashSet(StringComparer.Ordinal);
        foreach (var pkgbuild in packages.Ordered)
        {
            var task = Register(pkgbuild.BaseName, pkgbuild.Path)
                .Description($"Builds {string.Join(", ", pkgbuild.Names)} {pkgbuild.Version}")
                .Does(context => BuildAsync(context, packages, pkgbuild));

            // Who chooses packages wants these and no others.
            foreach (var needed in packages.NeededBy(pkgbuild).Where(needed => !chosen.Contains(pkgbuild.Path) || chosen.Contains(needed.Path)))
            {
                task.IsDependentOn(needed.BaseName);
            }
        }

        foreach (var (path, error) in wrong)
        {
            var name = Path.GetFileName(Path.GetDirectoryName(path))!;
            Register(name, path)
                .Description($"{path} cannot be read")
                .Does(context => Done(context, new(name, BuildOutcome.Failed, TimeSpan.Zero, Reason: error.Message, Error: error)));
        }

        var all = engine.RegisterTask(AllPackages.Name)
            .Description($"Builds all packages in {string.Join(", ", sources.Select(source => source.Folder))}: --package NAME, --force, --keep, --nocheck, --skippgpcheck, --no-cache, --update-pkgver, --output DIR")
            .Does(ThrowIfFailed);
        foreach (var (name, path) in paths)
        {
            if (chosen.Count == 0 || chosen.Contains(path))
            {
                members.Add(name);
                all.IsDependentOn(name);
            }
        }
    }

    private static PkgbuildSettings Settings(IReadOnlyList<PackageSource> sources, ICakeArguments arguments)
    {
        PkgbuildSettings settings = new();
        foreach (var source in sources)
        {
            source.Configure?.Invoke(settings);
        }

        foreach (var name in arguments.GetArguments("package") ?? [])
        {
            settings.Packages.Add(name);
        }

        settings.OutputDirectory = arguments.GetArguments("output")?.LastOrDefault() ?? settings.OutputDirectory;
        settings.Force |= IsSet("force");
        settings.Keep |= IsSet("keep");
        settings.NoCheck |= IsSet("nocheck");
        settings.SkipPgpCheck |= IsSet("skippgpcheck");
        settings.UpdatePkgVer |= IsSet("update-pkgver");
        settings.NoBuildCache |= IsSet("no-cache");
        return settings;

        bool IsSet(string name) => arguments.HasArgument(name) && arguments.GetArguments(name).LastOrDefault() is null or "" or "true" or "True";
    }

    // Those of --package; none means all.
    private static IEnumerable<string> Chosen(PkgbuildSettings settings, List<string> folders) => settings.Packages
        .SelectMany(name => PackageFolder.Select(folders.Find(folder => Directory.Exists(Path.Combine(folder, name))) ?? folders[0], [name]))
        .Distinct();

    private static async Task<(List<Package> Read, List<(string Path, PkgbuildException Error)> Wrong)> ReadAsync(
        List<string> paths, BuildOptions options, CancellationToken cancel)
    {
        List<Package> read = [];
        List<(string, PkgbuildException)> wrong = [];
        foreach (var path in paths)
        {
            try
            {
                read.Add(await PkgbuildReader.ReadAsync(path, new() { Architecture = options.Architecture, AllowNetwork = true }, cancel).ConfigureAwait(false));
            }
            catch (PkgbuildException error)
            {
                wrong.Add((path, error)); // The others can be built all the same.
            }
        }

        return (read, wrong);
    }

    private TResult Work<TResult>(Func<CancellationToken, CancellationToken, Task<TResult>> work) => PkgbuildWork.RunAsync(log, work).GetAwaiter().GetResult();

    private CakeTaskBuilder Register(string name, string path)
    {
        if (name.Equals(AllPackages.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw new CakeException($"{path}: error: a package cannot be called {name}, which is the task that builds all packages; rename it");
        }

        if (!paths.TryAdd(name, path))
        {
            throw new CakeException($"{path}: error: '{name}' is also the name of the package in {paths[name]}; rename one of them");
        }

        var builder = engine.RegisterTask(name);
        ((CakeTask)builder.Task).ErrorHandler = (error, _) => MayGoOn(name) && error is CakeException ? Task.CompletedTask : Task.FromException(error);
        return builder;
    }

    // The others are built first, and then the task for all of them fails.
    private bool MayGoOn(string name) => !plan.IsTarget(name) && plan.Includes(AllPackages.Name);

    private async Task BuildAsync(ICakeContext context, PackageSet packages, Package pkgbuild)
    {
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            Done(context, await PkgbuildWork.RunAsync(log, (cancel, kill) => packages.BuildAsync(pkgbuild, cancel, kill)).ConfigureAwait(false));
        }
        catch (CakeException) when (PipelineCancellation.Current.IsCancelled)
        {
            (context as OrchestratorContext)?.Add(new(pkgbuild.BaseName, BuildOutcome.Cancelled, TimeProvider.System.GetElapsedTime(began), pkgbuild.Version));
            throw;
        }
    }

    private void Done(ICakeContext context, BuildSummaryRow row)
    {
        (context as OrchestratorContext)?.Add(row);
        if (row.Outcome == BuildOutcome.Failed)
        {
            failed.Add(row.Name);
            throw row.Error is { } error ? PkgbuildWork.ToCakeException(error) : new CakeException($"{row.Name} failed: {row.Reason}");
        }

        if (row.Outcome == BuildOutcome.Skipped && !MayGoOn(row.Name))
        {
            throw new CakeException($"{row.Name} was not built: {row.Reason}");
        }
    }

    private void ThrowIfFailed()
    {
        if (failed.Count > 0)
        {
            throw new CakeException($"{failed.Count} of {members.Count} packages failed: {string.Join(", ", failed)}");
        }
    }
}
