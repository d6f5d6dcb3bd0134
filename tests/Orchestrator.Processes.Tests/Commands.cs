using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

/// <summary>The commands that the tests run: here scripts of bash; on Windows, where the same tests run, a program of its own.</summary>
internal static class Commands
{
    /// <summary>Scripts that start processes which do not want to die; each prints a line when all run.</summary>
    internal static IEnumerable<string> ScriptNames => Scripts.ByName.Keys;

    /// <summary>The script that ends by itself when it is asked to.</summary>
    internal const string PlainTree = "plain tree";

    /// <summary>The script that does not end when it is asked to.</summary>
    internal const string Deaf = "deaf to SIGTERM, SIGINT and SIGHUP";

    /// <summary>What a process that sleeps is called.</summary>
    internal static string SleeperName(Marker _) => "sleep";

    /// <summary>Sleeps for an hour.</summary>
    internal static SupervisedCommand Sleep(Marker marker) => SupervisedCommand.Create("sleep", marker.Seconds);

    /// <summary>Ends at once, with 0.</summary>
    internal static SupervisedCommand True { get; } = SupervisedCommand.Create("true");

    /// <summary>One of the scripts.</summary>
    internal static SupervisedCommand Script(string name, Marker marker) =>
        Bash(Scripts.For(name, marker)).WithEnvironmentVariable("TEST_MARK", marker.Seconds);

    /// <summary>Prints <c>out 1</c> to <c>out 3</c> and <c>err 1</c> to <c>err 3</c>, and exits with 7.</summary>
    internal static SupervisedCommand Streams { get; } = Bash("for i in 1 2 3; do echo out $i; echo err $i >&2; done; exit 7");

    /// <summary>Prints a line of 1 MB, one that is not UTF-8, one that ends with CR LF, an empty one, and <c>end</c> without an end.</summary>
    internal static SupervisedCommand OddLines { get; } = Bash(@"head -c 1000000 /dev/zero | tr '\0' x; echo; printf 'a\xffb\n'; printf 'dos\r\n'; printf '\n'; printf end");

    /// <summary>Its line that is not UTF-8.</summary>
    internal const string NotUtf8 = "a\uFFFDb";

    /// <summary>Prints <c>first</c>, waits until there is a file, and prints <c>second</c>.</summary>
    internal static SupervisedCommand WaitFor(string path) => Bash($"echo first; until [ -e '{path}' ]; do sleep 0.01; done; echo second");

    /// <summary>Prints a file.</summary>
    internal static SupervisedCommand Copy(string path) => SupervisedCommand.Create("cat", path);

    /// <summary>Prints its standard input.</summary>
    internal static SupervisedCommand CopyInput { get; } = SupervisedCommand.Create("cat");

    /// <summary>Prints numbers from 1.</summary>
    internal static SupervisedCommand Lines(int count) => Bash($"seq {count}");

    /// <summary>Prints 5000 lines and one more, leaves a process that holds its output, and exits with 3.</summary>
    internal static SupervisedCommand LinesAndLeave(Marker marker) =>
        Bash($"seq 5000; setsid sleep {marker.Seconds} & until grep -qx sleep /proc/$!/comm; do :; done; echo end; exit 3");

    /// <summary>Leaves two processes, of which one has left the group, and exits with 5.</summary>
    internal static SupervisedCommand LeaveTwo(Marker marker) =>
        Bash($"sleep {marker.Seconds} & setsid sleep {marker.Seconds} & until [ $(pgrep -cx -f 'sleep {marker.Seconds}') = 2 ]; do :; done; exit 5");

    /// <summary>Prints its directory, and between angle brackets the variables VAR and GONE and its arguments.</summary>
    internal static SupervisedCommand Show(IEnumerable<string> arguments) =>
        SupervisedCommand.Create("bash", ["-c", "pwd; printf '<%s>' \"$VAR\" \"$GONE\" \"$@\"", "bash", .. arguments]);

    private static SupervisedCommand Bash(string script) => SupervisedCommand.Create("bash", "-c", script);
}
