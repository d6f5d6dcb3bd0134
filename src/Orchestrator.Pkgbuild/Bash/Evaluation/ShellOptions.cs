namespace Orchestrator.Pkgbuild.Bash;

/// <summary>The options of a shell (<c>set</c>, <c>shopt</c>) that change what is evaluated.</summary>
internal sealed class ShellOptions
{
    /// <summary><c>set -e</c>.</summary>
    internal bool ExitsOnError { get; set; }

    /// <summary><c>set -u</c>.</summary>
    internal bool RefusesUnset { get; set; }

    /// <summary><c>set -f</c>.</summary>
    internal bool HasNoGlobs { get; set; }

    /// <summary><c>set -a</c> and the others, which change nothing here, by letter.</summary>
    internal HashSet<char> Others { get; private set; } = [];

    /// <summary>Those of <c>shopt</c> that are on.</summary>
    internal HashSet<string> Shopt { get; private set; } =
        ["checkwinsize", "cmdhist", "complete_fullquote", "extquote", "force_fignore", "globasciiranges", "globskipdots", "hostcomplete",
         "interactive_comments", "patsub_replacement", "progcomp", "promptvars", "sourcepath"];

    /// <summary><c>extglob</c>.</summary>
    internal bool HasExtendedGlobs
    {
        get => Shopt.Contains("extglob");
        set => _ = value ? Shopt.Add("extglob") : Shopt.Remove("extglob");
    }

    /// <summary><c>nocasematch</c>.</summary>
    internal bool IgnoresCase => Shopt.Contains("nocasematch");

    internal ShellOptions Clone() => new()
    {
        ExitsOnError = ExitsOnError,
        RefusesUnset = RefusesUnset,
        HasNoGlobs = HasNoGlobs,
        Others = [.. Others],
        Shopt = [.. Shopt],
    };
}
