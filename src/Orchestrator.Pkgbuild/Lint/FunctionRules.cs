namespace Orchestrator.Pkgbuild;

/// <summary>Rules <c>package-function</c> and <c>package-variable</c>.</summary>
internal static class FunctionRules
{
    internal static void Check(LintReport report)
    {
        if (report.Pkgbuild.Names.Count > 1)
        {
            CheckSplitPackage(report);
        }
        else if (report.Pkgbuild.Names.Count == 1)
        {
            CheckSinglePackage(report, $"package_{report.Pkgbuild.Names[0]}");
        }

        CheckVariables(report);
    }

    private static void CheckSplitPackage(LintReport report)
    {
        var functions = report.Pkgbuild.Functions;
        if (functions.Contains("package"))
        {
            report.AddToFunction(
                LintSeverity.Fatal, "package-function", "package() must not be there where there is more than one package; each has its package_NAME()", "package");
        }

        foreach (var function in report.Pkgbuild.Names.Select(name => $"package_{name}").Where(function => !functions.Contains(function)))
        {
            report.Add(
                LintSeverity.Fatal, "package-function", $"{Printable.OneLine(function)}() is missing; each package of several needs its own", "pkgname", value: function["package_".Length..]);
        }
    }

    private static void CheckSinglePackage(LintReport report, string own)
    {
        var functions = report.Pkgbuild.Functions;
        if (functions.Contains("package") && functions.Contains(own))
        {
            report.AddToFunction(LintSeverity.Fatal, "package-function", $"package() and {own}() are both there; keep one", own);
        }
        else if (functions.Contains("build") && !functions.Contains("package") && !functions.Contains(own))
        {
            report.AddToFunction(LintSeverity.Fatal, "package-function", "package() is missing; it installs into $pkgdir what build() has built", "build");
        }
    }

    private static void CheckVariables(LintReport report)
    {
        var forbidden = PkgbuildSchema.Arrays.Concat(PkgbuildSchema.Strings).Except(PkgbuildSchema.Overrides)
            .SelectMany(report.VariantsOf)
            .ToHashSet();
        foreach (var (function, scope) in report.Scopes.Where(scope => scope.Function is not null))
        {
            foreach (var name in scope.Arrays.Keys.Concat(scope.Strings.Keys).Where(forbidden.Contains))
            {
                report.Add(
                    report.SeverityOf(name), "package-variable", $"{name} is set, which a package function cannot override; set it at the top level", name, function);
            }
        }
    }
}
