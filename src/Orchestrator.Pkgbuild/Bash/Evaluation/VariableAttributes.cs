namespace Orchestrator.Pkgbuild.Bash;

/// <summary>Attributes of a variable (<c>declare</c>).</summary>
[Flags]
internal enum VariableAttributes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>-x</c>.</summary>
    Exported = 1,

    /// <summary><c>-r</c>.</summary>
    ReadOnly = 2,

    /// <summary><c>-i</c>.</summary>
    Integer = 4,

    /// <summary><c>-l</c>.</summary>
    Lower = 8,

    /// <summary><c>-u</c>.</summary>
    Upper = 16,

    /// <summary><c>-c</c>.</summary>
    Capitalized = 32,

    /// <summary><c>-n</c>.</summary>
    Reference = 64,

    /// <summary><c>-a</c>.</summary>
    Indexed = 128,

    /// <summary><c>-A</c>.</summary>
    Associative = 256,
}
