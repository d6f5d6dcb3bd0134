namespace Orchestrator.Pkgbuild;

/// <summary>Collects findings, and gives the rules a view of the PKGBUILD that has every value once, with its place.</summary>
internal sealed class LintReport(Pkgbuild pkgbuild)
{
    private readonly HashSet<LintFinding> findings = [];

    internal Pkgbuild Pkgbuild => pkgbuild;

    /// <summary>The architectures of all packages of the file, without repetition.</summary>
    internal IReadOnlyList<string> Architectures { get; } =
    [
        .. pkgbuild.Overrides.Values.Select(fields => fields.Array("arch")).Prepend(pkgbuild.Fields.Array("arch"))
            .SelectMany(architectures => architectures).Distinct(),
    ];

    /// <summary>Each set of fields of the file, with the function that it stands in; null at the top level.</summary>
    internal IEnumerable<(string? Function, PkgbuildFields Fields)> Scopes =>
        pkgbuild.Overrides.OrderBy(package => package.Key, StringComparer.Ordinal)
            .Select(package => ((string?)FunctionOf(package.Key), package.Value))
            .Prepend((null, pkgbuild.Fields));

    /// <summary>The members of an array in every scope; what a package function only adds to is not repeated.</summary>
    internal IEnumerable<(string Value, string? Function)> MembersOf(string array)
    {
        var global = pkgbuild.Fields.Array(array);
        return Scopes.SelectMany(scope => (scope.Function is null ? global : scope.Fields.Array(array).Except(global))
            .Select(value => (value, scope.Function)));
    }

    /// <summary>An array, and its variants for the architectures.</summary>
    internal IEnumerable<string> VariantsOf(string array) =>
        Architectures.Where(architecture => architecture != "any").Select(architecture => $"{array}_{architecture}").Prepend(array);

    /// <summary>
    /// How bad it is if a variable is wrong: makepkg does not look at variants for an architecture that only a package function
    /// names.
    /// </summary>
    internal LintSeverity SeverityOf(string variable)
    {
        var known = pkgbuild.Fields.Array("arch");
        return known.Any(IsVariant) || !Architectures.Any(IsVariant) ? LintSeverity.Fatal : LintSeverity.Error;

        bool IsVariant(string architecture) => variable.EndsWith($"_{architecture}", StringComparison.Ordinal);
    }

    /// <param name="severity">How bad it is.</param>
    /// <param name="rule">Name of the rule.</param>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="variable">Where it is wrong; null for the variable of the rule's name.</param>
    /// <param name="function">The function that it is in; null for the top level.</param>
    /// <param name="value">The value, or the member of the array, that is wrong; null for the variable as such.</param>
    internal void Add(LintSeverity severity, string rule, string message, string? variable = null, string? function = null, string? value = null) =>
        Add(severity, rule, function is null ? message : $"{function}(): {message}", pkgbuild.PlaceOfField(variable ?? rule, function, value));

    /// <summary>What is wrong with a function as such.</summary>
    internal void AddToFunction(LintSeverity severity, string rule, string message, string function) =>
        Add(severity, rule, message, pkgbuild.PlaceOfFunction(function));

    internal IReadOnlyList<LintFinding> InOrder() => [.. findings.OrderBy(finding => finding.Line).ThenBy(finding => finding.Column)];

    private void Add(LintSeverity severity, string rule, string message, PkgbuildPlace place) =>
        findings.Add(new(severity, rule, Printable.OneLine(message), pkgbuild.Path, place.Line) { Column = place.Column });

    private string FunctionOf(string package) =>
        pkgbuild.Functions.Contains($"package_{package}") ? $"package_{package}" : "package";
}
