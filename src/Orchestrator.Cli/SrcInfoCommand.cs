using System.CommandLine;
using Orchestrator.Pkgbuild;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator srcinfo</c>.</summary>
internal static class SrcInfoCommand
{
    internal static Command Create()
    {
        var evaluate = new Option<bool>("--evaluate") { Description = "Allow the PKGBUILD to be run, contained" };
        var file = new Argument<string>("PKGBUILD") { Description = "The PKGBUILD, or the folder that it is in" };
        file.RejectOptions();
        var command = new Command("srcinfo", "Print .SRCINFO as makepkg --printsrcinfo does") { evaluate, file };
        command.SetAction(parsed => Cancellable.RunAsync(async cancellation =>
        {
            var path = PackageFolder.Select(".", [parsed.GetValue(file)!])[0];
            PkgbuildReadOptions options = new() { IsForSrcInfo = true, Evaluation = parsed.GetValue(evaluate) ? PkgbuildEvaluation.WhenNeeded : PkgbuildEvaluation.Never };
            var pkgbuild = await PkgbuildReader.ReadAsync(path, options, cancellation.Token).ConfigureAwait(false);
            PkgbuildLinter.ThrowIfErrors(pkgbuild, least: LintSeverity.Fatal);
            using var output = Console.OpenStandardOutput();
            await output.WriteAsync(SrcInfo.WriteBytes(pkgbuild)).ConfigureAwait(false);
            return 0;
        }));
        return command;
    }
}
