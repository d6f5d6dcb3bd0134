using System.Globalization;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

/// <summary>The commands that the shared tests run, on Windows: verbs of <c>tree.c</c>.</summary>
internal static class Commands
{
    /// <summary>Trees of processes that do not want to die; each prints a line when all run.</summary>
    internal static IEnumerable<string> ScriptNames { get; } =
        ["plain", "orphan", "deaf", "detached", "group", "console", "suspended", "breakaway", "job", "chain", "siblings", "storm", "window"];

    /// <summary>A tree that ends when it is asked to.</summary>
    internal const string PlainTree = "plain";

    /// <summary>A program that takes no notice of WM_CLOSE.</summary>
    internal const string Deaf = "window";

    /// <summary>What a process that sleeps is called: all have the name of the test.</summary>
    internal static string SleeperName(Marker marker) => marker.Name;

    /// <summary>Sleeps for ever.</summary>
    internal static SupervisedCommand Sleep(Marker marker) => Tree(marker.Program, "sleep");

    /// <summary>One of the trees.</summary>
    internal static SupervisedCommand Script(string name, Marker marker) => Tree(marker.Program, "script", name);

    /// <summary>Prints <c>out 1</c> to <c>out 3</c> and <c>err 1</c> to <c>err 3</c>, and exits with 7.</summary>
    internal static SupervisedCommand Streams { get; } = Tree("streams");

    /// <summary>Prints a line of 1 MB, one that is not UTF-8, one that ends with CR LF, an empty one, and <c>end</c> without an end.</summary>
    internal static SupervisedCommand OddLines { get; } = Tree("odd-lines");

    /// <summary>Its line that is not UTF-8, in code page 437 or 850, as the systems have it that we test on.</summary>
    internal const string NotUtf8 = "a\u00A0b";

    /// <summary>Prints <c>first</c>, waits until there is a file, and prints <c>second</c>.</summary>
    internal static SupervisedCommand WaitFor(string path) => Tree("wait-for", path);

    /// <summary>Prints a file.</summary>
    internal static SupervisedCommand Copy(string path) => Tree("copy", path);

    /// <summary>Prints its standard input.</summary>
    internal static SupervisedCommand CopyInput { get; } = Tree("copy");

    /// <summary>Prints numbers from 1.</summary>
    internal static SupervisedCommand Lines(int count) => Tree("lines", count.ToString(CultureInfo.InvariantCulture));

    /// <summary>Prints 5000 lines and one more, leaves a process that holds its output, and exits with 3.</summary>
    internal static SupervisedCommand LinesAndLeave(Marker marker) => Tree(marker.Program, "lines-and-leave");

    /// <summary>Leaves two processes, of which one has left the group, and exits with 5.</summary>
    internal static SupervisedCommand LeaveTwo(Marker marker) => Tree(marker.Program, "leave", "2", "5");

    /// <summary>Prints its directory, and between angle brackets the variables VAR and GONE and its arguments.</summary>
    internal static SupervisedCommand Show(IEnumerable<string> arguments) => SupervisedCommand.Create(Marker.Tree, ["show", .. arguments]);

    private static SupervisedCommand Tree(string first, params string[] words) =>
        first.EndsWith(".exe", StringComparison.Ordinal) ? SupervisedCommand.Create(first, words) : SupervisedCommand.Create(Marker.Tree, [first, .. words]);
}
