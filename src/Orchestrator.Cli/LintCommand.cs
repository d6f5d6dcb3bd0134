using System.CommandLine;
using Orchestrator.Pkgbuild;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator lint</c>.</summary>
internal static class LintCommand
{
    internal static Command Create()
    {
        var files = new Argument<string[]>("PKGBUILD") { Description = "PKGBUILDs, or the folders that they are in", Arity = ArgumentArity.OneOrMore };
        files.RejectOptions();
        var command = new Command("lint", "Print what is wrong in PKGBUILDs (which are run, contained, to be read)") { files };
        command.SetAction(parsed => Cancellable.RunAsync(async cancellation =>
        {
            var exitCode = MakepkgExitCode.Success;
            foreach (var file in parsed.GetValue(files)!)
            {
                try
                {
                    var findings = PkgbuildLinter.Lint(await PkgbuildReader.ReadAsync(file, null, cancellation.Token).ConfigureAwait(false));
                    foreach (var finding in findings)
                    {
                        Console.WriteLine(finding);
                    }

                    exitCode = findings.Any(finding => finding.IsError) ? MakepkgExitCode.PkgbuildError : exitCode;
                }
                catch (PkgbuildException exception) when (exception.ExitCode == MakepkgExitCode.PkgbuildError)
                {
                    // What cannot even be read is a finding like any other.
                    Console.WriteLine(exception.CanonicalMessage);
                    exitCode = exception.ExitCode;
                }
            }

            return (int)exitCode;
        }));
        return command;
    }
}
