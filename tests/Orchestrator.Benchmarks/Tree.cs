using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>A command that says READY when all its processes run, and then does nothing.</summary>
/// <param name="Program">Looked up in PATH.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record Tree(string Program, params IReadOnlyList<string> Arguments)
{
    internal static Tree Obedient { get; } = Bash("sleep 600 & (sleep 600 & sleep 600 & echo READY; wait) & wait");

    internal static Tree Deaf { get; } = Bash("trap '' TERM; (trap '' TERM; sleep 600) & sleep 600 & echo READY; wait");

    /// <summary>Children of one parent, each a program of its own.</summary>
    internal static Tree Siblings(int count) =>
        Bash($"for ((i = 0; i < {Text(count)}; i++)); do sleep 600 & done; echo READY; wait");

    /// <summary>The same without an exec(2) each, so that 10,000 are there within seconds.</summary>
    internal static Tree Forks(int count) => new(
        "perl",
        "-e",
        "$| = 1; for (1 .. $ARGV[0]) { my $pid = fork; defined $pid or die qq(fork: $!); if (!$pid) { sleep 600 while 1 } } print qq(READY\\n); sleep 600 while 1",
        Text(count));

    /// <summary>Each the only child of the one before.</summary>
    internal static Tree Chain(int length)
    {
        const string Script = """if (($1 > 1)); then bash -c "$0" "$0" $(($1 - 1)) & wait; else echo READY; exec sleep 600; fi""";
        return new("bash", "-c", Script, Script, Text(length));
    }

    private static Tree Bash(string script) => new("bash", "-c", script);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
