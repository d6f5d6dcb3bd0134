namespace Orchestrator.Pkgbuild.Bash;

/// <summary>The variables that an arithmetic expression reads and sets.</summary>
internal interface IArithmeticVariables
{
    /// <summary>The value of a variable; empty if it has none.</summary>
    string Get(string name, string? subscript);

    /// <summary>Sets a variable.</summary>
    void Set(string name, string? subscript, string value);
}
