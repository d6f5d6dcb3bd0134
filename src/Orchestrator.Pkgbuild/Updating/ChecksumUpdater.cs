using Orchestrator.Pkgbuild.Bash;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Writes the sums of a PKGBUILD's sources into it, as <c>updpkgsums(8)</c> does: of all architectures, in the kinds of sum
/// that it uses. Only sums that have changed are replaced; every other byte, comments and layout among them, stays.
/// </summary>
/// <param name="options">Where sources are kept, how they are downloaded, and for which architecture the PKGBUILD is read.</param>
/// <param name="log">Takes each line as it comes, from whatever thread, one at a time.</param>
public sealed class ChecksumUpdater(BuildOptions options, Action<BuildMessage> log)
{
    /// <summary>What makepkg writes where a PKGBUILD has no sums yet.</summary>
    private const ChecksumKind DefaultKind = ChecksumKind.Sha256;

    /// <summary>Fetches what is missing, computes all sums, and writes those that are not what the PKGBUILD says.</summary>
    /// <param name="path">The PKGBUILD, or the folder that it is in.</param>
    /// <param name="evaluation">Whether the PKGBUILD may be run, contained, where a value depends on a program. The default is no.</param>
    /// <param name="cancel">Cancels it: what runs is ended, and the PKGBUILD stays as it is.</param>
    /// <param name="kill">Ends the grace period of what <paramref name="cancel"/> is ending.</param>
    /// <returns>Whether the PKGBUILD has changed.</returns>
    /// <exception cref="PkgbuildException">A source cannot be had, or the sums are not written as arrays; the PKGBUILD stays as it is.</exception>
    /// <exception cref="NeedsEvaluationException">A value depends on running a program, and that is not allowed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<bool> UpdateAsync(
        string path,
        PkgbuildEvaluation evaluation = PkgbuildEvaluation.Never,
        CancellationToken cancel = default,
        CancellationToken kill = default) =>
        BuildGuard.RunAsync(log, buildLog => UpdateAsync(path, evaluation, buildLog, cancel, kill), cancel);

    private async Task<bool> UpdateAsync(string path, PkgbuildEvaluation evaluation, BuildLog buildLog, CancellationToken cancel, CancellationToken kill)
    {
        var file = PkgbuildFile.Open(path);
        PkgbuildReadOptions reading = new() { Architecture = options.Architecture, Evaluation = evaluation, Events = buildLog.NarrateReading };
        var pkgbuild = await PkgbuildReader.ReadAsync(file, reading, cancel).ConfigureAwait(false);
        var work = await BuildDirectory.CreateAsync(options.WorkRoot, pkgbuild.BaseName, null, buildLog, cancel).ConfigureAwait(false);
        await using (work.ConfigureAwait(false))
        {
            ContainedRunner runner = new(work.Directory, buildLog, options, cancel, kill);
            var wanted = await ComputeAsync(pkgbuild, work.Path, runner, buildLog, cancel).ConfigureAwait(false);
            var text = SumArrays.Write(file, pkgbuild, wanted);
            if (text == file.Text)
            {
                buildLog.Step($"The sums in {file.Path} are up to date");
                return false;
            }

            await RequireAsync(file, text, wanted, reading, work.Path, cancel).ConfigureAwait(false);
            cancel.ThrowIfCancellationRequested();
            WholeFile.Write(file.Path, stream => stream.Write(ByteText.Encode(text)));
            buildLog.Step($"Sums updated: {file.Path}");
            return true;
        }
    }

    private async Task<IReadOnlyList<SumArray>> ComputeAsync(
        Pkgbuild pkgbuild, string work, ContainedRunner runner, BuildLog buildLog, CancellationToken cancel)
    {
        var cache = SourceCache.Open(options.SourceCache);
        GitRepository git = new(cache, runner, buildLog);
        SourceFetcher fetcher = new(cache, git, new(options.Download, options.TimeProvider, buildLog), buildLog);
        List<string> suffixes = ["", .. pkgbuild.Fields.Array("arch").Where(name => name != "any").Select(name => "_" + name)];
        List<ChecksumKind> kinds = [.. Checksums.AllKinds.Where(kind => suffixes.Exists(suffix => pkgbuild.Fields.Arrays.ContainsKey(Checksums.ArrayOf(kind) + suffix)))];
        kinds = kinds.Count > 0 ? kinds : [DefaultKind];

        buildLog.Step("Generating checksums for source files...");
        List<SumArray> arrays = [];
        foreach (var suffix in suffixes)
        {
            var sources = pkgbuild.Fields.Array("source" + suffix);
            List<IReadOnlyDictionary<ChecksumKind, string>> sums = [];
            for (var index = 0; index < sources.Count; index++)
            {
                var entry = EntryOf(pkgbuild, suffix, sources[index], index);
                sums.Add(await SumsAsync(entry, kinds, work, fetcher, git, cancel).ConfigureAwait(false));
            }

            arrays.AddRange(kinds
                .Where(kind => sources.Count > 0 || pkgbuild.Fields.Array(Checksums.ArrayOf(kind) + suffix).Count > 0)
                .Select(kind => new SumArray(Checksums.ArrayOf(kind) + suffix, "source" + suffix, [.. sums.Select(all => all[kind])])));
        }

        return arrays;
    }

    // With those sums that are there already, whether or not they are as many as the sources.
    private static SourceEntry EntryOf(Pkgbuild pkgbuild, string suffix, string text, int index)
    {
        var place = pkgbuild.PlaceOfField("source" + suffix, value: text);
        return new(
            PackageSource.Parse(text, pkgbuild.Path, place.Line),
            suffix,
            Checksums.AllKinds
                .Select(kind => (Kind: kind, Sums: pkgbuild.Fields.Array(Checksums.ArrayOf(kind) + suffix)))
                .Where(array => index < array.Sums.Count && array.Sums[index].Length > 0)
                .ToDictionary(array => array.Kind, array => array.Sums[index]),
            pkgbuild);
    }

    private static async Task<IReadOnlyDictionary<ChecksumKind, string>> SumsAsync(
        SourceEntry entry, List<ChecksumKind> kinds, string work, SourceFetcher fetcher, GitRepository git, CancellationToken cancel)
    {
        var skipped = kinds.ToDictionary(kind => kind, _ => SourceEntry.Skip);
        if (SignatureVerifier.IsSignature(entry.Source))
        {
            return skipped;
        }

        if (entry.Source.Reference is not { } reference)
        {
            return (await fetcher.FetchUnverifiedAsync(entry, work, kinds, cancel).ConfigureAwait(false)).Sums!;
        }

        // makepkg 6.1 gives a sum to a tag or a commit. Whoever has one wants one; else SKIP stays.
        if (reference.IsMoving || !entry.Kinds.Any())
        {
            return skipped;
        }

        var fetched = await git.FetchAsync(entry, cancel).ConfigureAwait(false);
        foreach (var (kind, sum) in await git.SumsAsync(fetched).ConfigureAwait(false))
        {
            skipped[kind] = sum;
        }

        return skipped;
    }

    // Nothing is written that would not be read as what it is meant to be.
    private static async Task RequireAsync(
        PkgbuildFile file, string text, IReadOnlyList<SumArray> wanted, PkgbuildReadOptions reading, string work, CancellationToken cancel)
    {
        var copy = Path.Combine(work, "PKGBUILD");
        await File.WriteAllBytesAsync(copy, ByteText.Encode(text), cancel).ConfigureAwait(false);
        PkgbuildFile changed = new(copy, text) { StartDirectory = file.StartDirectory };
        var again = await PkgbuildReader.ReadAsync(changed, reading, cancel).ConfigureAwait(false);
        if (wanted.FirstOrDefault(array => !again.Fields.Array(array.Name).SequenceEqual(array.Sums, StringComparer.OrdinalIgnoreCase)) is { } wrong)
        {
            throw SumArrays.NotPlain(file.Path, again.LineOf(wrong.Name), wrong.Name);
        }
    }
}
