using System.CommandLine;
using Orchestrator.Pkgbuild;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator updpkgsums</c>.</summary>
internal static class UpdateSumsCommand
{
    internal static Command Create()
    {
        var evaluate = new Option<bool>("--evaluate") { Description = "Allow the PKGBUILDs to be run, contained" };
        var files = new Argument<string[]>("PKGBUILD") { Description = "PKGBUILDs, or the folders that they are in", Arity = ArgumentArity.OneOrMore };
        files.RejectOptions();
        var command = new Command("updpkgsums", "Fetch the sources of PKGBUILDs and write their sums into them") { evaluate, files };
        command.SetAction(parsed => Cancellable.RunAsync(async cancellation =>
        {
            ChecksumUpdater updater = new(new(), BuildLines.Print);
            var evaluation = parsed.GetValue(evaluate) ? PkgbuildEvaluation.WhenNeeded : PkgbuildEvaluation.Never;
            foreach (var path in PackageFolder.Select(".", parsed.GetValue(files)!))
            {
                await updater.UpdateAsync(path, evaluation, cancellation.Token, cancellation.KillToken).ConfigureAwait(false);
            }

            return 0;
        }));
        return command;
    }
}
