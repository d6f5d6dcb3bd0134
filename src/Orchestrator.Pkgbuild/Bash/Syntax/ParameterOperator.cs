namespace Orchestrator.Pkgbuild.Bash;

/// <summary>What <c>${…}</c> does with a value.</summary>
internal enum ParameterOperator
{
    /// <summary><c>${x}</c>.</summary>
    None,

    /// <summary><c>${#x}</c>.</summary>
    Length,

    /// <summary><c>${!x*}</c>: names of variables.</summary>
    Names,

    /// <summary><c>${!a[@]}</c>: subscripts of an array.</summary>
    Keys,

    /// <summary><c>${x-y}</c>.</summary>
    Default,

    /// <summary><c>${x=y}</c>.</summary>
    AssignDefault,

    /// <summary><c>${x?y}</c>.</summary>
    Required,

    /// <summary><c>${x+y}</c>.</summary>
    Alternative,

    /// <summary><c>${x#p}</c>.</summary>
    RemoveShortestPrefix,

    /// <summary><c>${x##p}</c>.</summary>
    RemoveLongestPrefix,

    /// <summary><c>${x%p}</c>.</summary>
    RemoveShortestSuffix,

    /// <summary><c>${x%%p}</c>.</summary>
    RemoveLongestSuffix,

    /// <summary><c>${x/p/r}</c>.</summary>
    ReplaceFirst,

    /// <summary><c>${x//p/r}</c>.</summary>
    ReplaceAll,

    /// <summary><c>${x/#p/r}</c>.</summary>
    ReplacePrefix,

    /// <summary><c>${x/%p/r}</c>.</summary>
    ReplaceSuffix,

    /// <summary><c>${x^p}</c>.</summary>
    UpperFirst,

    /// <summary><c>${x^^p}</c>.</summary>
    UpperAll,

    /// <summary><c>${x,p}</c>.</summary>
    LowerFirst,

    /// <summary><c>${x,,p}</c>.</summary>
    LowerAll,

    /// <summary><c>${x~p}</c>.</summary>
    ToggleFirst,

    /// <summary><c>${x~~p}</c>.</summary>
    ToggleAll,

    /// <summary><c>${x:o:l}</c>.</summary>
    Substring,

    /// <summary><c>${x@U}</c>.</summary>
    Transform,

    /// <summary>Nothing that bash knows: it says so when it gets there, not before.</summary>
    Invalid,
}
