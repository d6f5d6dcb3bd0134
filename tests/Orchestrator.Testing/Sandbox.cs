using System.Globalization;
using System.Runtime.InteropServices;

namespace Orchestrator.Testing;

/// <summary>Command lines that put what follows them into an environment where something fails. Each ends by exec, so that the PID stays.</summary>
public static class Sandbox
{
    /// <summary>An error number, as a refused system call gives it.</summary>
    public const int NotPermitted = 1; // EPERM
    public const int NotImplemented = 38; // ENOSYS

    // Numbers of Linux 5.1 and newer, the same on every architecture.
    public const int PidfdSendSignal = 424;
    public const int PidfdOpen = 434;
    public const int OpenAt2 = 437;

    // struct sock_filter and sock_fprog of seccomp(2): return SECCOMP_RET_ERRNO for the calls, else SECCOMP_RET_ALLOW.
    private const string Filter = """
        my ($prctl, $error, @calls) = (shift, shift, split /,/, shift);
        my @filter = ([0x20, 0, 0, 0], (map { [0x15, @calls - $_, 0, $calls[$_]] } 0..$#calls), [6, 0, 0, 0x7fff0000], [6, 0, 0, 0x50000 | $error]);
        my $instructions = join '', map { pack 'SCCL', @$_ } @filter;
        my $program = pack 'Sx6P', scalar @filter, $instructions;
        syscall($prctl, 38, 1, 0, 0, 0) == 0 or die "PR_SET_NO_NEW_PRIVS: $!";
        syscall($prctl, 22, 2, $program) == 0 or die "PR_SET_SECCOMP: $!";
        exec @ARGV or die "exec: $!";
        """;

    /// <summary>Some system calls fail.</summary>
    public static IReadOnlyList<string> Refusing(int error, params IEnumerable<int> calls)
    {
        var prctl = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 157 : 167;
        return ["perl", "-e", Filter, Text(prctl), Text(error), string.Join(',', calls.Select(Text))];
    }

    /// <summary>Another user. For root.</summary>
    public static IReadOnlyList<string> AsUser(int uid) => ["setpriv", $"--reuid={Text(uid)}", $"--regid={Text(uid)}", "--clear-groups", "--"];

    /// <summary>Nothing is at /proc. For root.</summary>
    public static IReadOnlyList<string> WithoutProc => Mounting("mount -t tmpfs none /proc");

    /// <summary>/proc shows an ordinary user nobody else's processes. For root, on Linux 5.8 and newer; before, it would change the machine's /proc.</summary>
    public static IReadOnlyList<string> WithHiddenProc => Mounting("mount -t proc -o hidepid=2 proc /proc");

    /// <summary>A mount namespace in which a shell command has been run.</summary>
    public static IReadOnlyList<string> Mounting(string command) => ["unshare", "--mount", "sh", "-c", command + " && exec \"$@\"", "sh"];

    /// <summary>A limit of a resource, as prlimit(1) names it.</summary>
    public static IReadOnlyList<string> Limited(string resource, int limit) => ["prlimit", $"--{resource}={Text(limit)}", "--"];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
