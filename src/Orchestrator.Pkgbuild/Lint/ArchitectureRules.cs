namespace Orchestrator.Pkgbuild;

/// <summary>Rules <c>arch</c> and <c>arch-specific</c>.</summary>
internal static class ArchitectureRules
{
    internal static void Check(LintReport report, string? architecture)
    {
        var fields = report.Pkgbuild.Fields;
        if (!fields.Arrays.TryGetValue("arch", out var architectures) || architectures.Count == 0)
        {
            if (!fields.Strings.ContainsKey("arch"))
            {
                // makepkg finds it missing only where it builds.
                report.Add(LintSeverity.Error, "arch", "arch is missing; set it to ('any'), or to the architectures that the package can be built for");
            }

            return;
        }

        CheckNames(report, architectures);
        foreach (var (function, scope) in report.Scopes)
        {
            CheckSuffixes(report, function, scope);
        }

        if (architecture is not null)
        {
            CheckAvailable(report, architecture);
        }
    }

    private static void CheckNames(LintReport report, IReadOnlyList<string> architectures)
    {
        if (architectures.Contains("any") && architectures.Count > 1)
        {
            report.Add(LintSeverity.Fatal, "arch", "arch has 'any' together with other architectures; 'any' stands alone", value: "any");
        }

        foreach (var name in architectures)
        {
            if (name.Length == 0)
            {
                report.Add(LintSeverity.Error, "arch", "arch has an empty member", value: "");
            }
            else if (!name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_'))
            {
                // makepkg lets letters of all the world pass, then fails over a variable of such a name.
                var severity = name.All(character => char.IsLetterOrDigit(character) || character == '_') ? LintSeverity.Error : LintSeverity.Fatal;
                report.Add(severity, "arch", $"arch has {Printable.Quote(name)}; an architecture consists of letters, digits and '_'", value: name);
            }
        }
    }

    private static void CheckSuffixes(LintReport report, string? function, PkgbuildFields scope)
    {
        foreach (var name in scope.Arrays.Keys.Concat(scope.Strings.Keys))
        {
            foreach (var architecture in report.Architectures.Where(architecture => name.EndsWith($"_{architecture}", StringComparison.Ordinal)))
            {
                var field = name[..^(architecture.Length + 1)];
                if (PkgbuildSchema.ArchitectureArrays.Contains(field))
                {
                    if (architecture == "any")
                    {
                        report.Add(report.SeverityOf(name), "arch-specific", $"{name} is set, but 'any' is no one architecture; use {field}", name, function);
                    }
                }
                else if (PkgbuildSchema.Arrays.Contains(field) || PkgbuildSchema.Strings.Contains(field))
                {
                    report.Add(report.SeverityOf(name), "arch-specific", $"{name} is set, but {field} cannot depend on the architecture", name, function);
                }
            }
        }
    }

    private static void CheckAvailable(LintReport report, string architecture)
    {
        foreach (var (function, scope) in report.Scopes)
        {
            if (scope.Arrays.TryGetValue("arch", out var architectures) && architectures.Count > 0 &&
                !architectures.Contains("any") && !architectures.Contains(architecture))
            {
                report.Add(
                    LintSeverity.Error,
                    "arch",
                    $"the package is not available for {architecture}, only for {Printable.OneLine(string.Join(", ", architectures))}",
                    function: function);
            }
        }
    }
}
