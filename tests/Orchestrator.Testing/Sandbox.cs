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

    private static readonly int Prctl = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 157 : 167;

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
    public static IReadOnlyList<string> Refusing(int error, params IEnumerable<int> calls) =>
        ["perl", "-e", Filter, Text(Prctl), Text(error), string.Join(',', calls.Select(Text))];

    /// <summary>Another process is traced (PTRACE_SEIZE, <c>ptrace(2)</c>), and never waited for.</summary>
    public static IReadOnlyList<string> Tracing(int pid) =>
        ["perl", "-e", "syscall(0 + shift, 0x4206, 0 + shift, 0, 0) == 0 or die \"ptrace: $!\"; exec @ARGV or die \"exec: $!\";", Text(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 101 : 117), Text(pid)];

    /// <summary>For a shell: a process that hides its environment (PR_SET_DUMPABLE, <c>prctl(2)</c>) and then says READY.</summary>
    public static string Undumpable =>
        $"perl -e '$| = 1; syscall(0 + {Text(Prctl)}, 4, 0, 0, 0, 0) == 0 or die; print \"READY\\n\"; close STDOUT; sleep 3600'";

    /// <summary>Another user. For root.</summary>
    public static IReadOnlyList<string> AsUser(int uid) => ["setpriv", $"--reuid={Text(uid)}", $"--regid={Text(uid)}", "--clear-groups", "--"];

    /// <summary>Nothing is at /proc. For root.</summary>
    public static IReadOnlyList<string> WithoutProc => Mounting("mount -t tmpfs none /proc");

    /// <summary>/proc shows an ordinary user nobody else's processes. For root, on Linux 5.8 and newer; before, it would change the machine's /proc.</summary>
    public static IReadOnlyList<string> WithHiddenProc => Mounting("mount -t proc -o hidepid=2 proc /proc");

    /// <summary>A mount namespace in which a shell command has been run. Where <see cref="Shell.CanMountAsync"/>.</summary>
    public static IReadOnlyList<string> Mounting(string command) => ["unshare", .. Shell.MountNamespace, "sh", "-c", command + " && exec \"$@\"", "sh"];

    /// <summary>A limit of a resource, as prlimit(1) names it.</summary>
    public static IReadOnlyList<string> Limited(string resource, int limit) => ["prlimit", $"--{resource}={Text(limit)}", "--"];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
