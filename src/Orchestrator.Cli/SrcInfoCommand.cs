using System.CommandLine;
using Orchestrator.Pkgbuild;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator srcinfo</c>.</summary>
internal static class SrcInfoCommand
{
    private const int NeedsEvaluation = 20;

    internal static Command Create()
    {
        var evaluate = new Option<bool>("--evaluate") { Description = "Allow the PKGBUILD to be run, contained" };
        var file = new Argument<string>("PKGBUILD") { Description = "The PKGBUILD, or the folder that it is in" };
        file.RejectOptions();
        var command = new Command("srcinfo", "Print .SRCINFO as makepkg --printsrcinfo does") { evaluate, file };
        command.SetAction(parsed => Cancellable.RunAsync(async cancellation =>
        {
            var path = PackageFolder.Select(".", [parsed.GetValue(file)!])[0];
            if (!parsed.GetValue(evaluate))
            {
                // Reading metadata must not run a stranger's script, and there is no reader yet that does without.
                await Console.Error.WriteLineAsync($"{path}(1): needs evaluation: PKGBUILD: this version reads a PKGBUILD by running it; --evaluate allows that").ConfigureAwait(false);
                return NeedsEvaluation;
            }

            var pkgbuild = await PkgbuildReader.ReadAsync(path, null, cancellation.Token).ConfigureAwait(false);
            PkgbuildLinter.ThrowIfErrors(pkgbuild, least: LintSeverity.Fatal);
            await Console.Out.WriteAsync(SrcInfo.Write(pkgbuild)).ConfigureAwait(false);
            return 0;
        }));
        return command;
    }
}
