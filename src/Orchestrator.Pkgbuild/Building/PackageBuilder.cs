using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Builds packages in makepkg's order: read, lint, fetch, verify, extract, <c>prepare</c>, <c>pkgver</c>, <c>build</c>,
/// <c>check</c>, <c>package</c>. From before the fetch until the packages are in place a keeper stands by that removes the
/// work directory, whatever ends the build. Each build's work directory is its own; one builder can do any number at once.
/// </summary>
/// <param name="options">How to build.</param>
/// <param name="log">Takes each line of a build as it comes, from whatever thread, one at a time.</param>
public sealed class PackageBuilder(BuildOptions options, Action<BuildMessage> log)
{
    /// <summary>Builds the packages of a PKGBUILD.</summary>
    /// <param name="path">The PKGBUILD, or the folder that it is in.</param>
    /// <param name="cancel">Cancels the build: what runs is ended, and the work directory removed, before this returns.</param>
    /// <param name="kill">Ends the grace period of what <paramref name="cancel"/> is ending.</param>
    /// <returns>The packages; they may have been up to date already.</returns>
    /// <exception cref="PkgbuildException">It cannot be built, and why. <see cref="PkgbuildException.ExitCode"/> is makepkg's.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing of it is alive, and its work directory is gone.</exception>
    public Task<BuildResult> BuildAsync(string path, CancellationToken cancel = default, CancellationToken kill = default) =>
        BuildGuard.RunAsync(
            log,
            async buildLog =>
            {
                PkgbuildReadOptions reading = new() { Architecture = options.Architecture, AllowNetwork = true, Events = buildLog.NarrateReading };
                var pkgbuild = await PkgbuildReader.ReadAsync(path, reading, cancel).ConfigureAwait(false);
                return await BuildAsync(pkgbuild, buildLog, cancel, kill).ConfigureAwait(false);
            },
            cancel);

    /// <summary>As <see cref="BuildAsync(string, CancellationToken, CancellationToken)"/>, for a PKGBUILD that has been read.</summary>
    /// <inheritdoc cref="BuildAsync(string, CancellationToken, CancellationToken)"/>
    public Task<BuildResult> BuildAsync(Pkgbuild pkgbuild, CancellationToken cancel = default, CancellationToken kill = default) =>
        BuildGuard.RunAsync(log, buildLog => BuildAsync(pkgbuild, buildLog, cancel, kill), cancel);

    private async Task<BuildResult> BuildAsync(Pkgbuild pkgbuild, BuildLog buildLog, CancellationToken cancel, CancellationToken kill)
    {
        cancel.ThrowIfCancellationRequested();
        _ = BashProgram.Path; // if there is none on this Windows, that is the first thing to say
        var began = options.TimeProvider.GetTimestamp();
        foreach (var finding in PkgbuildLinter.Lint(pkgbuild, options.Architecture).Where(finding => !finding.IsError))
        {
            buildLog.Warning(finding.Message);
        }

        PkgbuildLinter.ThrowIfErrors(pkgbuild, options.Architecture);
        var sources = SourceEntry.ReadAll(pkgbuild, options.Architecture);
        var output = OutputFolder.Locate(pkgbuild, options);
        var workRoot = options.WorkRoot ?? Environment.GetEnvironmentVariable(WorkRoot.Variable);
        string[] excluded =
        [
            output.Path,
            SourceCache.Locate(options.SourceCache),
            BuildCache.Locate(options.BuildCache)?.Path ?? "",
            string.IsNullOrEmpty(workRoot) ? "" : Path.GetFullPath(workRoot),
        ];
        Task<string> FingerprintAsync() => Fingerprint.ComputeAsync(pkgbuild, sources, options, excluded, cancel);
        var current = !options.Force && output.Stamp?.IsCurrent(await FingerprintAsync().ConfigureAwait(false), output.Path) == true
            && !(options.RebuildTouched && Fingerprint.LastChange(pkgbuild, sources, excluded) > output.StampTime);
        if (current && !sources.Any(entry => entry.Source.Reference is { IsMoving: true }))
        {
            return UpToDate(pkgbuild, output, buildLog, options.TimeProvider.GetElapsedTime(began));
        }

        ToolPath tools = new(BashProgram.SearchPath(options));
        if (!options.IgnoreDependencies)
        {
            new DependencyCheck(tools, LibraryPath.Default, options.LocalPackages.Union(output.PackagesThere()).ToHashSet(StringComparer.Ordinal))
                .Require(pkgbuild, options.Architecture, !options.NoCheck && pkgbuild.Functions.Contains("check"));
        }

        output.Prepare();
        buildLog.Step($"Building {pkgbuild.BaseName} {pkgbuild.Version}");
        var resume = await ResumableBuild.OpenAsync(pkgbuild, options, buildLog, cancel).ConfigureAwait(false);
        await using var release = resume.ConfigureAwait(false);
        var work = await BuildDirectory.CreateAsync(options.WorkRoot, pkgbuild.BaseName, resume, buildLog, cancel).ConfigureAwait(false);
        await using (work.ConfigureAwait(false))
        {
            PackageBuild build = new(pkgbuild, options, output, work, tools, resume, buildLog, cancel, kill);
            try
            {
                var stamp = await build.RunAsync(sources, FingerprintAsync, current).ConfigureAwait(false);
                return stamp is null
                    ? UpToDate(pkgbuild, output, buildLog, options.TimeProvider.GetElapsedTime(began))
                    : new(pkgbuild.BaseName, stamp.Version, stamp.Describe(output.Path), false, options.TimeProvider.GetElapsedTime(began)) { Reuse = resume.Reuse };
            }
            catch (OperationCanceledException)
            {
                // Before anything is said of the work directory.
                buildLog.Cancelling();
                work.SayWhenRemoved();
                throw;
            }
            catch (Exception) when (options.Keep)
            {
                await work.KeepAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    private static BuildResult UpToDate(Pkgbuild pkgbuild, OutputFolder output, BuildLog buildLog, TimeSpan duration)
    {
        var stamp = output.Stamp!;
        buildLog.Step($"{pkgbuild.BaseName} {stamp.Version} is up to date (use --force to build it again)");
        return new(pkgbuild.BaseName, stamp.Version, stamp.Describe(output.Path), true, duration);
    }
}
