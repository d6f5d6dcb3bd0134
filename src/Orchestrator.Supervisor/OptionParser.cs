using System.Globalization;

namespace Orchestrator.Supervisor;

/// <summary>Reads the command line.</summary>
internal static class OptionParser
{
    internal const string Help = """
        Usage: orchestrator-supervise [OPTION]... -- COMMAND [ARGUMENT]...
               orchestrator-supervise [OPTION]... --hold --work-dir DIR
               orchestrator-supervise --owner PID [--events PATH]... --serve
        Run COMMAND so that nothing it starts outlives it.

          --owner PID[:START]    cancel when this process ends; START is its start time as in
                                 /proc/PID/stat; repeatable (default: the parent, if it is not PID 1)
          --lifeline PATH        a FIFO or pipe whose end of file means that the owner is gone; with or
                                 instead of --owner; repeatable
          --grace MS             from the first signal to SIGKILL (500, or CANCEL_TIMEOUT_MS)
          --kill-wait MS         after SIGKILL, before survivors are reported (5000)
          --signal NAME          the first signal (TERM)
          --timeout MS           cancel after this long (none)
          --leftovers POLICY     what outlives COMMAND: kill, keep or fail (kill)
          --allow NAME           a program that may outlive COMMAND; repeatable
          --work-dir DIR         a directory that belongs to the run
          --remove-work-dir WHEN cancelled, always or never (cancelled)
          --hold                 no command: keep the work directory until a signal or an owner's end;
                                 SIGUSR1 instead leaves the directory where it is
          --serve                no command: run those that standard input asks for, one after the other,
                                 until its end; for the libraries, which know the form of a request
          --directory DIR        working directory of COMMAND
          --umask N              its file mode creation mask, octal
          --stdin null|inherit   its standard input (null)
          --containment LEVEL    auto, group, supervised, cgroup or namespace (auto)
          --events PATH          where event lines go: a file, FIFO or Unix socket; repeatable
          --quiet                no errors on standard error: who reads the events tells them
          --probe                print as JSON what this machine offers
          --version, --help

        Exit status: COMMAND's own; 128+N if signal N ended it; when cancelled 128+N for the signal N that
        this program got, 143 if an owner ended, 124 after --timeout; 120 leftovers under --leftovers fail;
        125 this program failed or something survived; 126 COMMAND cannot be executed; 127 it was not found.
        """;

    /// <summary>Reads options until <c>--</c> or the first word that is none.</summary>
    /// <exception cref="UsageException">An option is unknown, or its value is wrong.</exception>
    internal static Options Parse(IReadOnlyList<string> arguments, string? cancelTimeout)
    {
        var options = new Options();
        var owners = new List<OwnerOption>();
        var lifelines = new List<string>();
        var allowed = new HashSet<string>(StringComparer.Ordinal);
        var events = new List<string>();
        TimeSpan? grace = null;
        var index = 0;
        while (index < arguments.Count && arguments[index].StartsWith('-'))
        {
            var word = arguments[index++];
            if (word == "--")
            {
                break;
            }

            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word : word[..equals];
            string Value() => equals >= 0 ? word[(equals + 1)..]
                : index < arguments.Count ? arguments[index++]
                : throw new UsageException($"{name} needs a value");
            switch (name)
            {
                case "--owner": owners.Add(Owner(Value())); break;
                case "--lifeline": lifelines.Add(NotEmpty(name, Value())); break;
                case "--grace": grace = Milliseconds(name, Value()); break;
                case "--kill-wait": options = options with { KillWait = Milliseconds(name, Value()) }; break;
                case "--signal": options = options with { Signal = Signal(Value()) }; break;
                case "--timeout": options = options with { Timeout = Milliseconds(name, Value()) }; break;
                case "--leftovers": options = options with { Leftovers = OneOf(name, Value(), ("kill", LeftoversPolicy.Kill), ("keep", LeftoversPolicy.Keep), ("fail", LeftoversPolicy.Fail)) }; break;
                case "--allow": allowed.Add(NotEmpty(name, Value())); break;
                case "--work-dir": options = options with { WorkDirectory = NotEmpty(name, Value()) }; break;
                case "--remove-work-dir": options = options with { Removal = OneOf(name, Value(), ("cancelled", Removal.Cancelled), ("always", Removal.Always), ("never", Removal.Never)) }; break;
                case "--directory": options = options with { Directory = NotEmpty(name, Value()) }; break;
                case "--umask": options = options with { Umask = Octal(name, Value()) }; break;
                case "--stdin": options = options with { InheritInput = OneOf(name, Value(), ("null", false), ("inherit", true)) }; break;
                case "--containment": options = options with { Containment = Level(name, Value()) }; break;
                case "--events": events.Add(NotEmpty(name, Value())); break;
                case "--quiet" when equals < 0: options = options with { Quiet = true }; break;
                case "--hold" when equals < 0: options = options with { Mode = Mode.Hold }; break;
                case "--serve" when equals < 0: options = options with { Mode = Mode.Serve }; break;
                case "--probe" when equals < 0: return options with { Mode = Mode.Probe };
                case "--version" when equals < 0: return options with { Mode = Mode.Version };
                case "--help" or "-h" when equals < 0: return options with { Mode = Mode.Help };
                default: throw new UsageException($"unknown option '{word}'");
            }
        }

        options = options with
        {
            Owners = owners,
            Lifelines = lifelines,
            Allowed = new(allowed),
            Events = events,
            Grace = grace ?? FromEnvironment(cancelTimeout) ?? Options.DefaultGrace,
            Command = Rest(arguments, index),
        };
        return options switch
        {
            { Mode: Mode.Run, Command: [] } => throw new UsageException("no command: put it after --"),
            { Mode: Mode.Run, Command: ["", ..] } => throw new UsageException("the command is empty"),
            { Mode: Mode.Hold, Command: [_, ..] } => throw new UsageException("--hold takes no command"),
            { Mode: Mode.Hold, WorkDirectory: null } => throw new UsageException("--hold needs --work-dir"),
            { Mode: Mode.Serve, Command: [_, ..] } => throw new UsageException("--serve takes no command"),
            { Mode: Mode.Serve, Owners: [], Lifelines: [] } => throw new UsageException("--serve needs --owner"),
            _ => options,
        };
    }

    private static OwnerOption Owner(string value)
    {
        var parts = value.Split(':');
        return parts.Length <= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0
            ? parts.Length == 1 ? new(pid, null)
            : ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start) ? new(pid, start)
            : throw Wrong("--owner", value, "PID or PID:START")
            : throw Wrong("--owner", value, "PID or PID:START");
    }

    private static TimeSpan Milliseconds(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw Wrong(name, value, $"milliseconds from 0 to {int.MaxValue}");

    // A misspelt variable must not stop a build that it was only to fine-tune.
    private static TimeSpan? FromEnvironment(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        Diagnostics.Print($"CANCEL_TIMEOUT_MS is '{value}', which is not a number of milliseconds: 500 is taken");
        return null;
    }

    private static int Signal(string value) =>
        Signals.Parse(value) ?? throw Wrong("--signal", value, "a signal name such as TERM or INT");

    private static int Octal(string name, string value)
    {
        var result = 0;
        foreach (var digit in value)
        {
            result = digit is >= '0' and <= '7' && result < 0x40 ? (result * 8) + (digit - '0') : throw Wrong(name, value, "octal digits, such as 022");
        }

        return value.Length > 0 ? result : throw Wrong(name, value, "octal digits, such as 022");
    }

    private static string NotEmpty(string name, string value) =>
        value.Length > 0 ? value : throw new UsageException($"{name} is empty");

    private static Containment Level(string name, string value)
    {
        ReadOnlySpan<Containment> levels = OperatingSystem.IsWindows()
            ? [Containment.Auto, Containment.Job]
            : [Containment.Auto, Containment.Group, Containment.Supervised, Containment.Cgroup, Containment.Namespace];
        var choices = new (string, Containment)[levels.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            choices[i] = (levels[i].Name(), levels[i]);
        }

        return OneOf(name, value, choices);
    }

    // The names are said, not reflected on: that would cost each run a tenth of its time.
    private static T OneOf<T>(string name, string value, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        foreach (var choice in choices)
        {
            if (choice.Name == value)
            {
                return choice.Value;
            }
        }

        throw Wrong(name, value, string.Join(", ", choices.ToArray().Select(choice => choice.Name)));
    }

    private static string[] Rest(IReadOnlyList<string> arguments, int first)
    {
        var rest = new string[arguments.Count - first];
        for (var i = 0; i < rest.Length; i++)
        {
            rest[i] = arguments[first + i];
        }

        return rest;
    }

    private static UsageException Wrong(string name, string value, string expected) =>
        new($"{name} '{value}' is wrong: expected {expected}");
}
