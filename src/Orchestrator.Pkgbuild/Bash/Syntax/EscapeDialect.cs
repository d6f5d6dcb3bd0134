namespace Orchestrator.Pkgbuild.Bash;

/// <summary>Places in which backslash escapes mean slightly different things.</summary>
internal enum EscapeDialect
{
    /// <summary><c>$'…'</c>.</summary>
    DollarQuotes,

    /// <summary><c>echo -e</c>.</summary>
    Echo,

    /// <summary>The format of <c>printf</c>.</summary>
    PrintfFormat,

    /// <summary>An argument of <c>%b</c>.</summary>
    PrintfArgument,
}
