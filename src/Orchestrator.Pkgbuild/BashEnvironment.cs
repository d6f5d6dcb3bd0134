using System.Collections;
using System.Collections.Immutable;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// What must not pass from the caller's environment into a bash that runs a PKGBUILD, since it changes bash itself: files
/// that it would source first, options, functions under the names of commands.
/// </summary>
internal static class BashEnvironment
{
    private static readonly ImmutableArray<string> Names =
        ["BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "CDPATH", "IFS", "GLOBIGNORE", "POSIXLY_CORRECT", "BASH_COMPAT", "BASH_XTRACEFD"];

    /// <summary>Those variables, each with null: as a change that removes them.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Removals() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => (string)variable.Key)
            .Where(name => Names.Contains(name) || name.StartsWith("BASH_FUNC_", StringComparison.Ordinal))
            .Select(name => KeyValuePair.Create(name, (string?)null));
}
