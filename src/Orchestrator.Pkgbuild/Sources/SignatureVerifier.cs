using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Checks signatures with gpg, as makepkg does: those of git sources that say <c>?signed</c>, and files that are the detached
/// signature of another source (<c>.sig</c>, <c>.sign</c>, <c>.asc</c>). Whose they may be is said by <c>validpgpkeys</c>.
/// </summary>
internal sealed class SignatureVerifier(GitRepository git, ContainedRunner runner, ToolPath tools, BuildLog log)
{
    // A signature is often of the archive before it was compressed.
    private static readonly IReadOnlyList<(string Extension, string[] Decompress)> Compressions =
    [
        ("", ["cat"]), (".gz", ["gzip", "-cdf"]), (".bz2", ["bzip2", "-cdf"]), (".xz", ["xz", "-cd"]), (".lrz", ["lrzip", "-q", "-d", "-o", "-"]),
        (".lzo", ["lzop", "-cdq"]), (".Z", ["uncompress", "-cf"]), (".zst", ["zstd", "-dqcf"]),
    ];

    /// <summary>Whether a source is the signature of another one.</summary>
    internal static bool IsSignature(PackageSource source) =>
        source.Protocol != SourceProtocol.Git && Path.GetExtension(source.Name) is ".sig" or ".sign" or ".asc";

    /// <summary>Checks all signatures, and says of each how it is.</summary>
    /// <exception cref="PkgbuildException">
    /// <see cref="MakepkgExitCode.Failure"/>: some are not good; <see cref="MakepkgExitCode.MissingTool"/>: gpg, or what unpacks a file.
    /// </exception>
    internal async Task VerifyAsync(IReadOnlyList<FetchedSource> sources)
    {
        List<FetchedSource> signed = [.. sources.Where(source => source.Source.MustBeSigned || IsSignature(source.Source))];
        if (signed.Count == 0)
        {
            return;
        }

        log.Step("Verifying source file signatures with gpg...");
        List<(FetchedSource Source, string What, string Problem)> bad = [];
        foreach (var source in signed)
        {
            var what = source.Source.MustBeSigned ? $"{source.Source.Name} git repo" : Path.GetFileNameWithoutExtension(source.Source.Name);
            var (problem, warning) = await JudgeAsync(source, sources).ConfigureAwait(false);
            log.SubDetail($"{what} ... {(problem is not null ? $"FAILED ({problem})" : warning is not null ? $"Passed (WARNING: {warning}.)" : "Passed")}");
            if (problem is not null)
            {
                bad.Add((source, what, problem));
            }
            else if (warning is not null)
            {
                log.Warning($"{what}: {warning}; make sure that you really trust it");
            }
        }

        if (bad is [var (first, _, _), ..])
        {
            throw new PkgbuildException(
                MakepkgExitCode.Failure,
                string.Join("; ", bad.Select(wrong => $"The signature of {wrong.What} could not be verified: {wrong.Problem}")),
                first.Entry.Pkgbuild.Path,
                first.Entry.Pkgbuild.PlaceOfField(first.Entry.Array, value: first.Source.Text).Line);
        }
    }

    private async Task<(string? Problem, string? Warning)> JudgeAsync(FetchedSource source, IReadOnlyList<FetchedSource> all)
    {
        IReadOnlyList<string> status;
        if (source.Source.MustBeSigned)
        {
            status = await git.SignatureStatusAsync(source).ConfigureAwait(false);
        }
        else if (Signed(source, all) is var (path, decompress))
        {
            status = await StatusAsync(source, path, decompress).ConfigureAwait(false);
        }
        else
        {
            return ("SOURCE FILE NOT FOUND", null);
        }

        return (PgpSignature.Problem(status, source.Entry.Pkgbuild.Fields.Array("validpgpkeys")), PgpSignature.Warning(status));
    }

    // What a signature is of: another source, or a file beside the PKGBUILD.
    private static (string Path, string[] Decompress)? Signed(FetchedSource signature, IReadOnlyList<FetchedSource> all)
    {
        var name = Path.GetFileNameWithoutExtension(signature.Source.Name);
        foreach (var (extension, decompress) in Compressions)
        {
            var beside = Path.Combine(signature.Entry.Pkgbuild.StartDirectory, name + extension);
            if (all.FirstOrDefault(other => other.Source.Protocol != SourceProtocol.Git && other.Source.Name == name + extension)?.Path
                is { } path || File.Exists(path = beside))
            {
                return (path, decompress);
            }
        }

        return null;
    }

    private async Task<IReadOnlyList<string>> StatusAsync(FetchedSource signature, string path, string[] decompress)
    {
        foreach (var tool in new[] { "gpg", decompress[0] }.Where(tool => tools.Find(tool) is null))
        {
            throw new PkgbuildException(
                MakepkgExitCode.MissingTool,
                $"{tool} is needed to verify {signature.Source.Name}, and is not installed (--skippgpcheck builds without)",
                signature.Entry.Pkgbuild.Path,
                signature.Entry.Line);
        }

        List<string> status = [];
        await runner.RunAsync(
            SupervisedCommand.Create(
                BashProgram.Path, ["--norc", "--noprofile", "-c", "\"${@:3}\" <\"$2\" | gpg --quiet --batch --status-fd 1 --verify -- \"$1\" - 2>/dev/null", "bash", BashPath.Of(signature.Path), BashPath.Of(path), .. decompress])
                .WithEnvironmentVariables(BashEnvironment.Removals())
                .WithStandardOutput(status.Add)
                .WithStandardError(log.ErrorOutput)).ConfigureAwait(false);
        return status;
    }
}
