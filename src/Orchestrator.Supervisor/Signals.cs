using System.Globalization;

namespace Orchestrator.Supervisor;

/// <summary>Names and numbers of signals (<c>signal(7)</c>; the same on every architecture that .NET runs on).</summary>
internal static class Signals
{
    internal const int Hup = 1;
    internal const int Int = 2;
    internal const int Quit = 3;
    internal const int Kill = 9;
    internal const int Usr1 = 10;
    internal const int Usr2 = 12;
    internal const int Term = 15;
    internal const int Chld = 17;
    internal const int Cont = 18;
    internal const int Stop = 19;

    /// <summary>What cancels a run: every signal that would otherwise end us and leave the run alone, but those of faults.</summary>
    internal static readonly int[] Cancelling = [Int, Term, Hup, Quit, Usr1, Usr2, 14, 16, 24, 26, 27, 29, 30]; // ALRM STKFLT XCPU VTALRM PROF IO PWR

    /// <summary>What the supervisor takes through a descriptor, and has blocked; the same as in BlockSignals.c.</summary>
    internal static readonly int[] Taken = [Chld, .. Cancelling];

    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH",
        "IO", "PWR", "SYS",
    ];

    /// <summary>Name without SIG; the number itself for a real-time signal.</summary>
    internal static string Name(int signal) =>
        signal > 0 && signal < Names.Length ? Names[signal] : signal.ToString(CultureInfo.InvariantCulture);

    /// <summary>From <c>TERM</c>, <c>SIGTERM</c>, <c>term</c> or <c>15</c>; null for anything else.</summary>
    internal static int? Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number is > 0 and < 65 ? number : null;
        }

        var name = text.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal))
        {
            name = name[3..];
        }

        var index = Array.IndexOf(Names, name);
        return index > 0 ? index : null;
    }
}
