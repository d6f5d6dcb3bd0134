using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Orchestrator.Pkgbuild;

namespace Orchestrator.MSBuild;

/// <summary>
/// Builds packages, each after those that it depends on, as <c>orchestrator build</c> does. What is up to date is passed over. A
/// build that is cancelled or killed leaves no process and no work directory.
/// </summary>
public sealed class BuildPkgbuild : PkgbuildTask
{
    /// <summary>Where archives and installed trees go. The default is <c>$PKGDEST</c>, else <c>out</c> beside each PKGBUILD.</summary>
    public string? OutputDirectory { get; set; }

    /// <summary>Whether packages are built that are up to date. The default is false.</summary>
    public bool Force { get; set; }

    /// <summary>Whether <c>check()</c> is passed over. The default is false.</summary>
    public bool NoCheck { get; set; }

    /// <summary>Whether signatures of sources are passed over; their sums are checked all the same. The default is false.</summary>
    public bool SkipPgpCheck { get; set; }

    /// <summary>Whether a new version that <c>pkgver()</c> prints is written into the PKGBUILD. The default is false.</summary>
    public bool UpdatePkgVer { get; set; }

    /// <summary>Whether everything is compiled anew, and nothing kept for a next build. The default is false.</summary>
    public bool NoBuildCache { get; set; }

    /// <summary>Whether packages are built although dependencies seem to be missing. The default is false.</summary>
    public bool IgnoreDependencies { get; set; }

    /// <summary>Whether packages whose dependencies are missing are passed over, with a warning, instead of failing the build. The default is false.</summary>
    public bool SkipMissingDependencies { get; set; }

    /// <summary>Variables for all that the build runs, as <c>NAME=VALUE</c>.</summary>
    public string[]? EnvironmentVariables { get; set; }

    /// <summary>From the first signal to SIGKILL, in milliseconds. The default is <c>CANCEL_TIMEOUT_MS</c>, else 500.</summary>
    public string? GracePeriod { get; set; }

    /// <summary>
    /// The archives of all packages, built or up to date, in the order of the build, with <c>PackageName</c>, <c>PackageVersion</c>,
    /// <c>Architecture</c>, <c>Tree</c> (the installed tree) and <c>IsUpToDate</c> as metadata.
    /// </summary>
    [Output]
    public ITaskItem[] Archives { get; private set; } = [];

    private protected override async System.Threading.Tasks.Task RunAsync(Action<OutputKind, string> print, CancellationToken cancel, CancellationToken kill)
    {
        BuildOptions options;
        try
        {
            options = ReadOptions();
        }
        catch (ParameterException error)
        {
            Log.LogProjectError(BuildEngine, error.Code, error.Message);
            return;
        }

        List<ITaskItem> archives = [];
        var builder = new PackageSetBuilder(
            options,
            message => Print(message, print),
            row =>
            {
                if (row is { Outcome: BuildOutcome.Skipped })
                {
                    print(OutputKind.Warning, $"{row.Name} was not built: {row.Reason}");
                }

                archives.AddRange(row.Result is { } result ? result.Packages.Select(package => ToItem(package, result.IsUpToDate)) : []);
            });
        _ = await builder.BuildAsync(Pkgbuilds.Select(item => item.GetMetadata("FullPath")), cancel, kill).ConfigureAwait(false);
        Archives = [.. archives];
    }

    private BuildOptions ReadOptions() => new()
    {
        OutputDirectory = string.IsNullOrWhiteSpace(OutputDirectory) ? null : Path.GetFullPath(OutputDirectory),
        Force = Force,
        RebuildTouched = true,
        NoCheck = NoCheck,
        SkipPgpCheck = SkipPgpCheck,
        UpdatePkgVer = UpdatePkgVer,
        NoBuildCache = NoBuildCache,
        IgnoreDependencies = IgnoreDependencies,
        SkipMissingDependencies = SkipMissingDependencies,
        Environment = (EnvironmentVariables ?? []).Select(Variable).ToDictionary(variable => variable.Key, variable => (string?)variable.Value),
        GracePeriod = RunParameters.Milliseconds(ErrorCode.GracePeriod, nameof(GracePeriod), GracePeriod),
    };

    private static KeyValuePair<string, string> Variable(string text) => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var end
        ? new(text[..end], text[(end + 1)..])
        : throw new ParameterException(ErrorCode.EnvironmentVariables, $"EnvironmentVariables: \"{text}\" is not NAME=VALUE");

    private void Print(BuildMessage message, Action<OutputKind, string> print)
    {
        switch (message)
        {
            case { Error: { } error }:
                LogError(error);
                break;
            case { Kind: BuildMessageKind.Warning }:
                print(OutputKind.Warning, message.Text["==> WARNING: ".Length..]);
                break;
            default:
                print(OutputKind.Output, message.Text);
                break;
        }
    }

    private static TaskItem ToItem(BuiltPackage package, bool isUpToDate)
    {
        var item = new TaskItem(package.ArchivePath);
        item.SetMetadata("PackageName", package.Name);
        item.SetMetadata("PackageVersion", package.Version);
        item.SetMetadata("Architecture", package.Architecture);
        item.SetMetadata("Tree", package.TreePath);
        item.SetMetadata("IsUpToDate", isUpToDate ? "true" : "false");
        return item;
    }
}
