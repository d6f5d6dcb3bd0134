namespace Orchestrator.Pkgbuild;

/// <summary>Rules <c>type</c> (a string where an array belongs, or the other way round), <c>sparse</c> and <c>empty</c>.</summary>
internal static class TypeRules
{
    internal static void Check(LintReport report)
    {
        foreach (var (function, scope) in report.Scopes)
        {
            foreach (var name in PkgbuildSchema.Arrays.SelectMany(report.VariantsOf).Where(scope.Strings.ContainsKey))
            {
                report.Add(report.SeverityOf(name), "type", $"{name} is a string; it must be an array: {name}=(…)", name, function);
            }

            foreach (var name in PkgbuildSchema.Strings.Where(scope.Arrays.ContainsKey))
            {
                report.Add(LintSeverity.Fatal, "type", $"{name} is an array; it must be a string: {name}=…", name, function);
            }

            foreach (var name in scope.Arrays.Keys.Where(name => name is not "pkgname" and not "arch" && scope.Array(name).Contains("")))
            {
                report.Add(LintSeverity.Error, "empty", $"{name} has an empty member; remove it", name, function, value: "");
            }
        }

        foreach (var name in report.Pkgbuild.SparseArrays)
        {
            report.Add(
                name == "source" ? LintSeverity.Fatal : LintSeverity.Error,
                "sparse",
                $"{name} has gaps between its indices; list its members without indices",
                name);
        }
    }
}
