using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>One build, from the fetch to the packages in their place, inside a work directory that a keeper holds.</summary>
internal sealed class PackageBuild(
    Pkgbuild pkgbuild,
    BuildOptions options,
    OutputFolder output,
    BuildDirectory work,
    ToolPath tools,
    ResumableBuild resume,
    BuildLog log,
    CancellationToken cancel,
    CancellationToken kill)
{
    private readonly WorkLayout layout = new(work.Path);
    private readonly ContainedRunner runner = new(work.Directory, log, options, cancel, kill);

    /// <summary>Builds.</summary>
    /// <param name="sources">All sources.</param>
    /// <param name="fingerprint">Computes the digest of what is built, from the files as they are.</param>
    /// <param name="currentButForGit">Whether nothing is to be built unless a git source has moved.</param>
    /// <returns>What was built; null if everything is up to date.</returns>
    internal async Task<BuildStamp?> RunAsync(IReadOnlyList<SourceEntry> sources, Func<Task<string>> fingerprint, bool currentButForGit)
    {
        // Of the files as they were before anything was made of them.
        var digest = await fingerprint().ConfigureAwait(false);
        var cache = SourceCache.Open(options.SourceCache);
        GitRepository git = new(cache, runner, log);
        var fetched = await FetchAsync(sources, cache, git).ConfigureAwait(false);
        if (currentButForGit && output.Stamp!.HasCommits(fetched))
        {
            return null;
        }

        await VerifyAsync(fetched, git).ConfigureAwait(false);
        var date = BuildEnvironment.SourceDate(pkgbuild, options, fetched);
        var environment = BuildEnvironment.Create(pkgbuild, options, layout, date);
        if (Functions().Has("verify"))
        {
            await Functions().RunAsync("verify", pkgbuild.StartDirectory).ConfigureAwait(false);
        }

        resume.Attach(layout, tools);
        PackageVersion? version = null;
        while (version is null)
        {
            try
            {
                await ExtractAsync(fetched, git).ConfigureAwait(false);
                version = await RunFunctionsAsync(Functions()).ConfigureAwait(false);
            }
            catch (PkgbuildException error) when (error.ExitCode is MakepkgExitCode.FunctionFailed && resume.TakesTheBlame())
            {
                layout.Empty();
            }
        }

        await resume.FinishAsync().ConfigureAwait(false);
        FunctionRunner Functions() => new(pkgbuild, layout, environment, runner, log, resume);
        var commits = fetched.Where(source => source.Commit is not null)
            .DistinctBy(source => source.Source.Text)
            .ToDictionary(source => source.Source.Text, source => source.Commit!);
        string[] provides =
        [
            .. LocalPackages.Scopes(pkgbuild)
                .SelectMany(scope => scope.Array("provides", options.Architecture))
                .Select(provided => Dependency.Parse(provided).Name)
                .Distinct(StringComparer.Ordinal),
        ];
        return await PackageAsync(new(digest, version, commits, provides, []), date, fingerprint).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<FetchedSource>> FetchAsync(IReadOnlyList<SourceEntry> sources, SourceCache cache, GitRepository git)
    {
        log.Step("Retrieving sources...");
        SourceFetcher fetcher = new(cache, git, new(options.Download, options.TimeProvider, log), log);
        List<FetchedSource> fetched = [];
        foreach (var entry in sources)
        {
            fetched.Add(await fetcher.FetchAsync(entry, cancel).ConfigureAwait(false));
        }

        return fetched;
    }

    private async Task VerifyAsync(IReadOnlyList<FetchedSource> fetched, GitRepository git)
    {
        await new SourceVerifier(git, log).VerifyAsync(fetched, cancel).ConfigureAwait(false);
        if (!options.SkipPgpCheck)
        {
            await new SignatureVerifier(git, runner, tools, log).VerifyAsync(fetched).ConfigureAwait(false);
        }
    }

    private async Task ExtractAsync(IReadOnlyList<FetchedSource> fetched, GitRepository git)
    {
        log.Step("Extracting sources...");
        SourceExtractor extractor = new(runner, git, tools, log);
        foreach (var source in fetched)
        {
            await extractor.ExtractAsync(source, layout.SourceDirectory).ConfigureAwait(false);
        }
    }

    /// <returns>The version that is built.</returns>
    private async Task<PackageVersion> RunFunctionsAsync(FunctionRunner functions)
    {
        var version = pkgbuild.Version;
        if (functions.Has("prepare"))
        {
            await functions.RunAsync("prepare", layout.SourceDirectory).ConfigureAwait(false);
        }

        if (functions.Has("pkgver"))
        {
            var found = await functions.UpdateVersionAsync().ConfigureAwait(false);
            if (found != version.PkgVer)
            {
                version = version with { PkgVer = found, PkgRel = "1" };
                log.Step($"Updated version: {pkgbuild.BaseName} {version}");
            }
        }

        await resume.BeginAsync(layout, cancel).ConfigureAwait(false);
        if (functions.Has("build"))
        {
            await functions.RunAsync("build", layout.SourceDirectory).ConfigureAwait(false);
        }

        if (functions.Has("check") && !options.NoCheck)
        {
            await functions.RunAsync("check", layout.SourceDirectory).ConfigureAwait(false);
        }

        foreach (var name in pkgbuild.Names)
        {
            WorkLayout.Create(layout.PackageBase, name);
            var function = pkgbuild.IsSplit ? "package_" + name : "package";
            if (functions.Has(function))
            {
                await functions.RunAsync(function, layout.SourceDirectory, name).ConfigureAwait(false);
            }

            PackageTidying.Apply(layout.PackageDirectory(name), OptionsOf(name), log);
        }

        return version;
    }

    private async Task<BuildStamp> PackageAsync(BuildStamp stamp, DateTimeOffset date, Func<Task<string>> fingerprint)
    {
        if (NativeFile.CanRename(work.Path, output.Path))
        {
            return await PackageAsync(stamp, date, fingerprint, work.Path, runner).ConfigureAwait(false);
        }

        // Another file system: a work directory there, with a keeper of its own, so that from it all can be renamed.
        var beside = await BuildDirectory.CreateAsync(output.WorkRootPath, pkgbuild.BaseName, null, log, cancel).ConfigureAwait(false);
        await using (beside.ConfigureAwait(false))
        {
            ContainedRunner copier = new(beside.Directory, log, options, cancel, kill);
            foreach (var name in pkgbuild.Names)
            {
                await copier.RunToolAsync(
                    BashProgram.Tool("cp", "-a", "--", BashPath.Of(layout.PackageDirectory(name)), BashPath.Of(TreeIn(beside.Path, name))),
                    $"Cannot copy package {name} to {output.Path}").ConfigureAwait(false);
            }

            return await PackageAsync(stamp, date, fingerprint, beside.Path, copier).ConfigureAwait(false);
        }
    }

    private async Task<BuildStamp> PackageAsync(BuildStamp stamp, DateTimeOffset date, Func<Task<string>> fingerprint, string stage, ContainedRunner stageRunner)
    {
        List<StagedPackage> packages = [];
        foreach (var name in pkgbuild.Names)
        {
            log.Step($"Creating package \"{name}\"...");
            var tree = stage == work.Path ? layout.PackageDirectory(name) : TreeIn(stage, name);
            var architecture = ArchitectureOf(name);
            log.Detail("Compressing package...");
            var archive = await PackageArchive.CreateAsync(
                tree, Path.Combine(stage, $"{name}-{stamp.Version}-{architecture}.pkg.tar"), date, tools, stageRunner).ConfigureAwait(false);
            packages.Add(new(name, architecture, archive, tree));
        }

        stamp = stamp with
        {
            Packages = [.. packages.Select(package => new BuildStamp.Package(
                package.Name, package.Architecture, Path.GetFileName(package.Archive), new FileInfo(package.Archive).Length))],
        };

        // The last moment to cancel: putting packages into place takes a few renames, and is done for all or for none.
        cancel.ThrowIfCancellationRequested();
        if (options.UpdatePkgVer && stamp.Version != pkgbuild.Version)
        {
            // Somebody may have changed the file meanwhile; then the next build is not up to date.
            var isUnchanged = await fingerprint().ConfigureAwait(false) == stamp.Fingerprint;
            if (VersionRewriting.Update(pkgbuild.Path, stamp.Version.PkgVer) is { } problem)
            {
                log.Warning($"pkgver was not updated in {pkgbuild.Path}: {problem}");
            }
            else if (isUnchanged)
            {
                stamp = stamp with { Fingerprint = await fingerprint().ConfigureAwait(false) };
            }
        }

        output.Publish(packages, stage, stamp);
        log.Step($"Finished making: {pkgbuild.BaseName} {stamp.Version}");
        return stamp;
    }

    private static string TreeIn(string stage, string name) => Path.Combine(stage, "tree-" + name);

    private IReadOnlyList<string> OptionsOf(string name) => pkgbuild.Overrides.GetValueOrDefault(name) is { } own && own.Arrays.ContainsKey("options")
        ? own.Array("options")
        : pkgbuild.Fields.Array("options");

    private string ArchitectureOf(string name)
    {
        var own = pkgbuild.Overrides.GetValueOrDefault(name)?.Array("arch") ?? [];
        var architectures = own.Count > 0 ? own : pkgbuild.Fields.Array("arch");
        return architectures.Contains("any", StringComparer.Ordinal) ? "any" : options.Architecture;
    }
}
