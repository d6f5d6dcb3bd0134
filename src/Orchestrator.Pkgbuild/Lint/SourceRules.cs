namespace Orchestrator.Pkgbuild;

/// <summary>
/// Rules <c>source</c> (what can be fetched) and <c>sums</c>: every source has one sum of each kind that is given, and at
/// least one kind is.
/// </summary>
internal static class SourceRules
{
    private static readonly Dictionary<string, int> HexDigits = new()
    {
        ["md5sums"] = 32,
        ["sha1sums"] = 40,
        ["sha224sums"] = 56,
        ["sha256sums"] = 64,
        ["sha384sums"] = 96,
        ["sha512sums"] = 128,
        ["b2sums"] = 128,
    };

    private static readonly string[] SignatureSuffixes = [".sig", ".asc", ".sign"];

    internal static void Check(LintReport report, string? architecture)
    {
        foreach (var source in report.VariantsOf("source"))
        {
            CheckCounts(report, source, source["source".Length..]);

            // What only another architecture fetches does not keep this one from being built.
            if (architecture is null || source == "source" || source == $"source_{architecture}")
            {
                CheckSources(report, source, source["source".Length..]);
            }
        }

        foreach (var kind in PkgbuildSchema.Sums)
        {
            foreach (var array in report.VariantsOf(kind))
            {
                CheckSums(report, kind, array);
            }
        }
    }

    private static void CheckCounts(LintReport report, string source, string suffix)
    {
        var fields = report.Pkgbuild.Fields;
        var sources = fields.Array(source).Count;
        var sums = PkgbuildSchema.Sums.Select(kind => kind + suffix).Where(array => fields.Array(array).Count > 0).ToList();
        foreach (var array in sums.Where(array => fields.Array(array).Count != sources))
        {
            report.Add(
                LintSeverity.Error,
                "sums",
                $"{array} has {Members(fields.Array(array).Count)}, but {source} has {Members(sources)}; each source needs its sum (SKIP for none)",
                array);
        }

        if (sources > 0 && sums.Count == 0)
        {
            report.Add(
                LintSeverity.Error, "sums", $"{source} has no sums; add sha256sums{suffix}=(…) with one for each source (SKIP for none)", source);
        }
    }

    private static void CheckSources(LintReport report, string array, string suffix)
    {
        var fields = report.Pkgbuild.Fields;
        var sources = fields.Array(array);
        var sums = PkgbuildSchema.Sums.Select(kind => fields.Array(kind + suffix)).Where(sums => sums.Count == sources.Count).ToList();
        for (var index = 0; index < sources.Count; index++)
        {
            // An empty member is another rule's finding.
            if (sources[index].Length == 0 || Parse(report, array, sources[index]) is not { } source)
            {
                continue;
            }

            var isSkipped = sums.Count > 0 && sums.TrueForAll(sums => sums[index] == "SKIP");
            if (isSkipped && source.Protocol == SourceProtocol.Http && fields.Array("validpgpkeys").Count == 0 &&
                !SignatureSuffixes.Any(suffix => source.Name.EndsWith(suffix, StringComparison.Ordinal)))
            {
                report.Add(LintSeverity.Warning, "sums", $"{array}: {Printable.Quote(source.Text)} is taken unverified: it has neither a sum nor a signature", array, value: source.Text);
            }
        }
    }

    private static PackageSource? Parse(LintReport report, string array, string text)
    {
        try
        {
            return PackageSource.Parse(text);
        }
        catch (PkgbuildException exception)
        {
            report.Add(LintSeverity.Error, "source", $"{array}: {Printable.OneLine(exception.Message)}", array, value: text);
            return null;
        }
    }

    private static void CheckSums(LintReport report, string kind, string array)
    {
        var sums = report.Pkgbuild.Fields.Array(array);
        for (var index = 0; index < sums.Count; index++)
        {
            var sum = sums[index];
            if (sum.Length > 0 && sum != "SKIP" && !IsSum(kind, sum))
            {
                var form = HexDigits.TryGetValue(kind, out var digits) ? $"{digits} hexadecimal digits" : "a decimal number";
                report.Add(LintSeverity.Error, "sums", $"{array}: {Printable.Quote(sum)} is no sum of this kind: it must be {form}, or SKIP", array, value: sum);
            }
        }
    }

    private static bool IsSum(string kind, string sum) => HexDigits.TryGetValue(kind, out var digits)
        ? sum.Length == digits && sum.All(char.IsAsciiHexDigit)
        : sum.All(char.IsAsciiDigit);

    private static string Members(int count) => count == 1 ? "1 member" : $"{count} members";
}
