using System.CommandLine;
using Orchestrator.Pkgbuild;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator lint</c>.</summary>
internal static class LintCommand
{
    internal static Command Create()
    {
        var evaluate = new Option<bool>("--evaluate") { Description = "Allow PKGBUILDs to be run, contained, where they cannot be read without" };
        var sarif = new Option<string?>("--sarif") { Description = "Write a SARIF log for code scanning, too; - is standard output, instead of text", HelpName = "FILE" };
        sarif.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is "")
            {
                result.AddError("--sarif needs the name of a file");
            }
        });
        var files = new Argument<string[]>("PKGBUILD") { Description = "PKGBUILDs, or the folders that they are in", Arity = ArgumentArity.OneOrMore };
        files.RejectOptions();
        var command = new Command("lint", "Print all that is wrong in PKGBUILDs") { evaluate, sarif, files };
        command.SetAction(parsed => Cancellable.RunAsync(async cancellation =>
        {
            var log = parsed.GetValue(sarif);
            PkgbuildReadOptions options = new() { Evaluation = parsed.GetValue(evaluate) ? PkgbuildEvaluation.WhenNeeded : PkgbuildEvaluation.Never };
            LintRun run = new(options, print: log != "-");
            foreach (var file in parsed.GetValue(files)!)
            {
                await run.AddAsync(file, cancellation.Token).ConfigureAwait(false);
            }

            if (log == "-")
            {
                Print(run.ToSarif());
            }
            else if (log is not null)
            {
                run.ToSarif().Save(log);
            }

            return run.ExitCode;
        }));
        return command;
    }

    private static void Print(SarifLog log)
    {
        using var output = Console.OpenStandardOutput();
        try
        {
            log.Write(output);
        }
        catch (IOException exception)
        {
            throw new PkgbuildException(
                MakepkgExitCode.Failure, $"the SARIF log cannot be written to standard output: {exception.Message}", innerException: exception);
        }
    }
}
