// The main job as a Cake script: `dotnet tool restore && dotnet cake`, once ./build.sh has compiled the libraries.
// --package=NAME chooses packages, --force builds what is up to date.
#r "artifacts/bin/Build/debug/CliWrap.dll"
#r "artifacts/bin/Build/debug/BouncyCastle.Cryptography.dll"
#r "artifacts/bin/Build/debug/runtimes/linux-x64/lib/netstandard2.0/Tmds.LibC.dll"
#r "artifacts/bin/Build/debug/Orchestrator.Processes.dll"
#r "artifacts/bin/Build/debug/Orchestrator.Pkgbuild.dll"
using Orchestrator.Processes;
using Orchestrator.Pkgbuild;

// Cake has no cancellation of its own: this turns Ctrl+C, SIGTERM, SIGHUP and the end of the dotnet CLI into a token, and
// keeps Cake alive until the clean-up is done.
var end = RunEnd.Cancelled;
var cancellation = BuildCancellation.Start(reason => end = reason);
AppDomain.CurrentDomain.ProcessExit += (_, _) => Environment.ExitCode = cancellation.ExitCode ?? Environment.ExitCode;

Task("Packages").Does(async () =>
{
    var options = new BuildOptions
    {
        OutputDirectory = EnvironmentVariable("PKGDEST") ?? MakeAbsolute(Directory("artifacts/packages")).FullPath,
        Force = HasArgument("force"),
        SkipMissingDependencies = true,
    };
    try
    {
        var summary = await new PackageSetBuilder(options, message => Console.WriteLine(message.Text))
            .BuildAsync(PackageFolder.Select("pkgbuilds", Arguments<string>("package", (string)null).Where(name => name is not null).ToArray()), cancellation.Token, cancellation.KillToken);
        foreach (var row in summary.Rows)
        {
            Information("{0,-24} {1,-10} {2}", row.Name, row.Outcome, row.Reason ?? "");
        }

        if (summary.Count(BuildOutcome.Failed) > 0)
        {
            throw new CakeException("packages failed");
        }
    }
    catch (OperationCanceledException)
    {
        throw new CakeException(RunNarration.Error(end));
    }
});

Teardown(_ => Information("Teardown: nothing is left running"));

RunTarget(Argument("target", "Packages"));
