namespace Orchestrator.Pkgbuild;

/// <summary>Checks sources against the sums of the PKGBUILD.</summary>
internal sealed class SourceVerifier(GitRepository git, BuildLog log)
{
    /// <summary>Checks all sources; every kind of sum of a file is computed in one pass over it.</summary>
    /// <exception cref="PkgbuildException">A source is not what the PKGBUILD says.</exception>
    internal async Task VerifyAsync(IReadOnlyList<FetchedSource> sources, CancellationToken cancellationToken)
    {
        var computed = new Dictionary<FetchedSource, IReadOnlyDictionary<ChecksumKind, string>>();
        foreach (var source in sources)
        {
            computed[source] = source.Sums ?? await SumsAsync(source, cancellationToken).ConfigureAwait(false);
        }

        foreach (var array in sources.GroupBy(source => source.Entry.Array))
        {
            foreach (var kind in Checksums.AllKinds.Where(kind => array.First().Entry.Sums.ContainsKey(kind)))
            {
                log.Step($"Validating {array.Key} files with {Checksums.ArrayOf(kind)}...");
                foreach (var source in array)
                {
                    Check(source.Entry, kind, computed[source]);
                }
            }
        }
    }

    private async Task<IReadOnlyDictionary<ChecksumKind, string>> SumsAsync(FetchedSource source, CancellationToken cancellationToken)
    {
        if (!source.Entry.Kinds.Any())
        {
            return new Dictionary<ChecksumKind, string>();
        }

        if (source.Source.Reference is { } reference)
        {
            return reference.IsMoving
                ? throw source.Entry.Wrong(
                    source.Entry.Kinds.First(), "a git source has a sum only with #tag= or #commit=; write SKIP")
                : await git.SumsAsync(source).ConfigureAwait(false);
        }

        return await Checksums.OfFileAsync(source.Path, source.Entry.Kinds, cancellationToken).ConfigureAwait(false);
    }

    private void Check(SourceEntry entry, ChecksumKind kind, IReadOnlyDictionary<ChecksumKind, string> sums)
    {
        var expected = entry.Sums[kind];
        if (expected == SourceEntry.Skip)
        {
            log.SubDetail($"{entry.Source.Name} ... Skipped");
        }
        else if (string.Equals(expected, sums[kind], StringComparison.OrdinalIgnoreCase))
        {
            log.SubDetail($"{entry.Source.Name} ... Passed");
        }
        else
        {
            log.SubDetail($"{entry.Source.Name} ... FAILED");
            throw entry.Wrong(kind, $"expected {expected}, but it is {sums[kind]}");
        }
    }
}
