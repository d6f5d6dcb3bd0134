using System.CommandLine;
using Orchestrator.Pkgbuild;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator build</c>.</summary>
internal static class BuildCommand
{
    internal static Command Create()
    {
        var root = new Option<string>("--root") { Description = "Where packages are looked for", DefaultValueFactory = _ => ".", HelpName = "DIR" };
        var output = new Option<string?>("--output") { Description = "Where packages go ($PKGDEST, else out/ beside each PKGBUILD)", HelpName = "DIR" };
        var force = new Option<bool>("--force", "-f") { Description = "Build what is up to date, too" };
        var keep = new Option<bool>("--keep") { Description = "Leave the work directory of a failed build, and say where" };
        var noCheck = new Option<bool>("--nocheck") { Description = "Do not run check()" };
        var skipPgpCheck = new Option<bool>("--skippgpcheck") { Description = "Do not check signatures of sources; sums are checked all the same" };
        var updatePkgVer = new Option<bool>("--update-pkgver") { Description = "Write the version that pkgver() prints into the PKGBUILD" };
        var noCache = new Option<bool>("--no-cache") { Description = "Compile everything anew, and keep nothing for a next build" };
        var noDependencies = new Option<bool>("--nodeps", "-d") { Description = "Build although dependencies seem to be missing" };
        var packages = new Argument<string[]>("PACKAGE") { Description = "A PKGBUILD, a folder with one, or a name below --root; none is all", Arity = ArgumentArity.ZeroOrMore };
        packages.RejectOptions();
        var command = new Command("build", "Build packages, each after those that it needs") { root, output, force, keep, noCheck, skipPgpCheck, updatePkgVer, noCache, noDependencies, packages };
        command.SetAction(parsed => Cancellable.RunAsync(async cancellation =>
        {
            if (Environment.IsPrivilegedProcess)
            {
                await Console.Error.WriteLineAsync("==> WARNING: building as root: a PKGBUILD can do anything to this machine").ConfigureAwait(false);
            }

            var options = new BuildOptions
            {
                OutputDirectory = parsed.GetValue(output),
                Force = parsed.GetValue(force),
                Keep = parsed.GetValue(keep),
                NoCheck = parsed.GetValue(noCheck),
                SkipPgpCheck = parsed.GetValue(skipPgpCheck),
                UpdatePkgVer = parsed.GetValue(updatePkgVer),
                NoBuildCache = parsed.GetValue(noCache),
                IgnoreDependencies = parsed.GetValue(noDependencies),
            };
            var builder = new PackageSetBuilder(options, BuildLines.Print);
            var summary = await builder.BuildAsync(
                PackageFolder.Select(parsed.GetValue(root)!, parsed.GetValue(packages)!),
                cancellation.Token,
                cancellation.KillToken).ConfigureAwait(false);
            return (int)summary.ExitCode;
        }));
        return command;
    }
}
