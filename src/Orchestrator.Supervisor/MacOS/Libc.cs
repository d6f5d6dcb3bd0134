using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orchestrator.Supervisor.MacOS;

/// <summary>The system calls of macOS that a process group is held by; numbers and layouts are those of its 64-bit headers.</summary>
[SupportedOSPlatform("macos")]
internal static unsafe partial class Libc
{
    internal const int NoSuchProcess = 3; // ESRCH
    internal const int NoSuchFile = 2; // ENOENT
    internal const int ProcessFilter = -5; // EVFILT_PROC
    internal const int UserFilter = -10; // EVFILT_USER
    internal const ushort AddOnce = 0x1 | 0x10; // EV_ADD | EV_ONESHOT
    internal const ushort AddAndClear = 0x1 | 0x20; // EV_ADD | EV_CLEAR
    internal const uint NoteExit = 0x80000000; // NOTE_EXIT
    internal const uint NoteTrigger = 0x01000000; // NOTE_TRIGGER
    internal const int KillSignal = 9; // SIGKILL
    internal const int ContinueSignal = 19; // SIGCONT
    internal const short SetGroup = 0x2; // POSIX_SPAWN_SETPGROUP
    internal const short SetDefaultSignals = 0x4; // POSIX_SPAWN_SETSIGDEF
    internal const short SetSignalMask = 0x8; // POSIX_SPAWN_SETSIGMASK

    private const string Library = "libc";

    /// <summary>kqueue(2).</summary>
    [LibraryImport(Library, EntryPoint = "kqueue", SetLastError = true)]
    internal static partial int Kqueue();

    /// <summary>kevent(2).</summary>
    [LibraryImport(Library, EntryPoint = "kevent", SetLastError = true)]
    internal static partial int Kevent(int queue, KernelEvent* changes, int changeCount, KernelEvent* events, int eventCount, TimeSpec* timeout);

    /// <summary>kill(2); a negative number is that of a process group.</summary>
    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);

    /// <summary>waitpid(2).</summary>
    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    internal static partial int WaitPid(int process, int* status, int options);

    /// <summary>getppid(2).</summary>
    [LibraryImport(Library, EntryPoint = "getppid")]
    internal static partial int GetParentId();

    /// <summary>sysctl(3).</summary>
    [LibraryImport(Library, EntryPoint = "sysctl", SetLastError = true)]
    internal static partial int SysCtl(int* name, uint nameLength, void* old, nuint* oldLength, void* value, nuint valueLength);

    /// <summary>posix_spawnp(2): returns the error number.</summary>
    [LibraryImport(Library, EntryPoint = "posix_spawnp")]
    internal static partial int SpawnInPath(int* process, byte* file, nint* actions, nint* attributes, byte** arguments, byte** environment);

    /// <summary>posix_spawnattr_init(3).</summary>
    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    internal static partial int InitializeAttributes(nint* attributes);

    /// <summary>posix_spawnattr_setflags(3).</summary>
    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int SetFlags(nint* attributes, short flags);

    /// <summary>posix_spawnattr_setpgroup(3).</summary>
    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setpgroup")]
    internal static partial int SetGroupOf(nint* attributes, int group);

    /// <summary>posix_spawnattr_setsigdefault(3); a set is 32 bits.</summary>
    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    internal static partial int SetDefaults(nint* attributes, uint* signals);

    /// <summary>posix_spawnattr_setsigmask(3).</summary>
    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigmask")]
    internal static partial int SetMask(nint* attributes, uint* signals);

    /// <summary>posix_spawnattr_destroy(3).</summary>
    [LibraryImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    internal static partial int DestroyAttributes(nint* attributes);

    /// <summary>posix_spawn_file_actions_init(3).</summary>
    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int InitializeActions(nint* actions);

    /// <summary>posix_spawn_file_actions_addopen(3).</summary>
    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int AddOpen(nint* actions, int descriptor, string path, int flags, ushort mode);

    /// <summary>posix_spawn_file_actions_addchdir_np(3), macOS 10.15.</summary>
    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int AddChangeDirectory(nint* actions, string path);

    /// <summary>posix_spawn_file_actions_destroy(3).</summary>
    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int DestroyActions(nint* actions);

    /// <summary>_NSGetEnviron(3): where the environment is.</summary>
    [LibraryImport(Library, EntryPoint = "_NSGetEnviron")]
    internal static partial byte*** GetEnvironment();
}

/// <summary>struct kevent (<c>sys/event.h</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelEvent
{
    internal nuint Identity;
    internal short Filter;
    internal ushort Flags;
    internal uint FilterFlags;
    internal nint Data;
    internal nint UserData;
}

/// <summary>struct timespec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    internal nint Seconds;
    internal nint Nanoseconds;
}
