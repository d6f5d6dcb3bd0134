namespace Orchestrator.Pkgbuild;

/// <summary>A source together with the sums that the PKGBUILD gives for it.</summary>
/// <param name="Source">The source.</param>
/// <param name="Suffix">Empty, or <c>_ARCH</c> for a member of <c>source_ARCH</c>.</param>
/// <param name="Sums">The expected sums by kind, <c>SKIP</c> included.</param>
/// <param name="Pkgbuild">What they are written in.</param>
internal sealed record SourceEntry(
    PackageSource Source,
    string Suffix,
    IReadOnlyDictionary<ChecksumKind, string> Sums,
    Pkgbuild Pkgbuild)
{
    /// <summary>What a PKGBUILD writes in the place of a sum that is not to be checked (PKGBUILD(5)).</summary>
    internal const string Skip = "SKIP";

    /// <summary>The array that the source is a member of.</summary>
    internal string Array => "source" + Suffix;

    /// <summary>The line (from 1) that the source is written in.</summary>
    internal int Line => Pkgbuild.PlaceOfField(Array, value: Source.Text).Line;

    /// <summary>The sums that are to be computed: all but those that say SKIP.</summary>
    internal IEnumerable<ChecksumKind> Kinds => Sums.Where(sum => sum.Value != Skip).Select(sum => sum.Key);

    /// <summary>All sources for an architecture. The PKGBUILD has passed <see cref="PkgbuildLinter"/>: there is a sum for each.</summary>
    /// <exception cref="PkgbuildException"><see cref="MakepkgExitCode.PkgbuildError"/>: a source cannot be read.</exception>
    internal static IReadOnlyList<SourceEntry> ReadAll(Pkgbuild pkgbuild, string architecture)
    {
        List<SourceEntry> entries = [];
        foreach (var suffix in new[] { "", "_" + architecture })
        {
            var sources = pkgbuild.Fields.Array("source" + suffix);
            var sums = Checksums.AllKinds
                .Select(kind => (Kind: kind, Sums: pkgbuild.Fields.Array(Checksums.ArrayOf(kind) + suffix)))
                .Where(array => array.Sums.Count > 0)
                .ToList();
            entries.AddRange(sources.Select((text, index) => new SourceEntry(
                PackageSource.Parse(text, pkgbuild.Path, pkgbuild.PlaceOfField("source" + suffix, value: text).Line),
                suffix,
                sums.ToDictionary(array => array.Kind, array => array.Sums[index]),
                pkgbuild)));
        }

        return RequireDistinctNames(entries);
    }

    /// <summary>The error for sums that are wrong; null if all are right.</summary>
    /// <param name="actual">The sums of the file, of all <see cref="Kinds"/>.</param>
    internal PkgbuildException? Compare(IReadOnlyDictionary<ChecksumKind, string> actual)
    {
        foreach (var kind in Kinds)
        {
            var expected = Sums[kind];
            if (!string.Equals(expected, actual[kind], StringComparison.OrdinalIgnoreCase))
            {
                return Wrong(kind, $"expected {expected}, but it is {actual[kind]}");
            }
        }

        return null;
    }

    /// <summary>The error for a sum that is wrong.</summary>
    internal PkgbuildException Wrong(ChecksumKind kind, string message)
    {
        var array = Checksums.ArrayOf(kind) + Suffix;
        return new(
            MakepkgExitCode.Failure,
            $"{Source.Name} did not pass the validity check: {array}: {message}",
            Pkgbuild.Path,
            Pkgbuild.PlaceOfField(array, value: Sums[kind]).Line);
    }

    // makepkg lets the second of two sources with one name overwrite the first.
    private static List<SourceEntry> RequireDistinctNames(List<SourceEntry> entries)
    {
        foreach (var same in entries.GroupBy(entry => entry.Source.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            var second = same.ElementAt(1);
            if (second.Source.Text != same.First().Source.Text)
            {
                throw new PkgbuildException(
                    MakepkgExitCode.PkgbuildError,
                    $"Two sources have the name '{same.Key}': give one of them another one with NAME::URL",
                    second.Pkgbuild.Path,
                    second.Line);
            }
        }

        return entries;
    }
}
