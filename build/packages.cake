// The main job as a Cake script: the same pipeline as the Frosting host beside it, with the addin. `dotnet cake` compiles the
// addin and then runs this; a repository of your own says `#addin nuget:?package=Orchestrator.Cake&version=0.1.0` instead of #r.
#r "../artifacts/bin/Orchestrator.Cake/debug/CliWrap.dll"
#r "../artifacts/bin/Orchestrator.Cake/debug/BouncyCastle.Cryptography.dll"
#r "../artifacts/bin/Orchestrator.Cake/debug/Orchestrator.Processes.dll"
#r "../artifacts/bin/Orchestrator.Cake/debug/Orchestrator.Pkgbuild.dll"
#r "../artifacts/bin/Orchestrator.Cake/debug/Orchestrator.Cake.dll"

Context.Environment.WorkingDirectory = Context.Environment.WorkingDirectory.GetParent(); // the root of the repository

var settings = new PkgbuildSettings
{
    OutputDirectory = Argument("output", EnvironmentVariable("PKGDEST") ?? "artifacts/packages"),
    Force = HasArgument("force"),
    Keep = HasArgument("keep"),
    NoCheck = HasArgument("nocheck"),
    SkipMissingDependencies = true,
};
foreach (var name in Arguments<string>("package", new string[0]))
{
    settings.Packages.Add(name);
}

// From here on an abort ends what runs, skips what was to come, and runs Teardown.
Setup(context => context.UseBuildCancellation());

Teardown(_ => Information("Teardown: nothing is left running"));

Task("Packages")
    .Description("Builds the packages in pkgbuilds/: --package=NAME, --force, --keep, --nocheck, --output=DIR")
    .Does(() =>
{
    foreach (var row in BuildPkgbuilds("pkgbuilds", settings).Rows)
    {
        Information("{0,-24} {1,-10} {2}", row.Name, row.Outcome, row.Reason ?? "");
    }
});

Task("Lint")
    .Description("Prints what is wrong in the PKGBUILDs")
    .DoesForEach(GetFiles("pkgbuilds/*/PKGBUILD"), file =>
{
    if (LintPkgbuild(file).Any(finding => finding.IsError))
    {
        throw new CakeException($"{file} has errors");
    }
});

Task("Test")
    .Description("Runs all tests")
    .Does(() =>
{
    if (StartProcessGroup("./test.sh") != 0)
    {
        throw new CakeException("tests failed");
    }
});

Task("Sweep")
    .Description("Ends and removes what dead builds left behind")
    .Does(() => SweepWorkDirectories());

Task("Default")
    .Description("The main job: Packages")
    .IsDependentOn("Packages");

RunTarget(Argument("target", "Default"));
