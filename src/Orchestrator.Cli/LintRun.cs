using Orchestrator.Pkgbuild;

namespace Orchestrator.Cli;

/// <summary>Checks PKGBUILDs one after the other, and collects what is wrong. No file keeps those after it from being checked.</summary>
/// <param name="options">How they are read.</param>
/// <param name="print">Whether findings are printed.</param>
internal sealed class LintRun(PkgbuildReadOptions options, bool print)
{
    private readonly List<LintFinding> findings = [];
    private readonly List<UnknownField> unknown = [];
    private readonly List<PkgbuildException> failures = [];

    /// <summary>What is wrong comes before what could not be opened, and that before what could not be known.</summary>
    internal int ExitCode =>
        findings.Exists(finding => finding.IsError) ? (int)MakepkgExitCode.PkgbuildError :
        failures.Count > 0 ? (int)failures[0].ExitCode :
        unknown.Count > 0 ? Cancellable.NeedsEvaluation :
        (int)MakepkgExitCode.Success;

    internal SarifLog ToSarif() => new() { Findings = findings, UnknownFields = unknown, Failures = failures };

    internal async Task AddAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            var pkgbuild = await PkgbuildReader.ReadAsync(file, options, cancellationToken).ConfigureAwait(false);
            foreach (var finding in PkgbuildLinter.Lint(pkgbuild))
            {
                Add(finding);
            }
        }
        catch (NeedsEvaluationException exception)
        {
            foreach (var field in exception.Fields)
            {
                unknown.Add(field);
                await Console.Error.WriteLineAsync(field.ToString()).ConfigureAwait(false);
            }
        }
        catch (PkgbuildException exception) when (exception.ExitCode == MakepkgExitCode.PkgbuildError && exception.File is not null)
        {
            // What cannot even be read is a finding like any other.
            Add(LintFinding.FromError(exception));
        }
        catch (PkgbuildException exception)
        {
            failures.Add(exception);
            await Console.Error.WriteLineAsync(exception.CanonicalMessage).ConfigureAwait(false);
        }
    }

    private void Add(LintFinding finding)
    {
        findings.Add(finding);
        if (print)
        {
            Console.WriteLine(finding);
        }
    }
}
