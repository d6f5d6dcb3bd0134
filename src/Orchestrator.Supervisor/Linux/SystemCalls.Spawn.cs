using System.Runtime.InteropServices;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Orchestrator.Supervisor.Linux;

internal static unsafe partial class SystemCalls
{
    private const short SetProcessGroup = 0x02;
    private const short SetSignalDefault = 0x04;
    private const short SetSignalMask = 0x08;

    /// <summary>
    /// Starts a program in a group of its own, with the default mask and action of every signal: posix_spawn(3).
    /// Searched in PATH if its name has no slash.
    /// </summary>
    /// <param name="arguments">argv, the program first, each as the kernel wants it.</param>
    /// <param name="environment">envp, likewise.</param>
    /// <param name="options">What else it is given.</param>
    /// <returns>Its PID.</returns>
    /// <exception cref="LinuxException">It cannot be started.</exception>
    internal static int Spawn(
        IReadOnlyList<byte[]> arguments,
        IReadOnlyList<byte[]> environment,
        SpawnOptions options)
    {
        // Larger than the structures of glibc (80 and 336 bytes) and of musl.
        var actions = stackalloc byte[512];
        var attributes = stackalloc byte[512];
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        if (options.KeepIgnored > 0)
        {
            sigdelset(&all, options.KeepIgnored);
        }

        CheckError(posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init");
        CheckError(posix_spawnattr_init(attributes), "posix_spawnattr_init");
        var argv = Pin(arguments);
        var envp = Pin(environment);
        try
        {
            CheckError(posix_spawnattr_setsigmask(attributes, &none), "posix_spawnattr_setsigmask");
            CheckError(posix_spawnattr_setsigdefault(attributes, &all), "posix_spawnattr_setsigdefault");
            CheckError(posix_spawnattr_setpgroup(attributes, 0), "posix_spawnattr_setpgroup");
            CheckError(
                posix_spawnattr_setflags(attributes, SetProcessGroup | SetSignalDefault | SetSignalMask),
                "posix_spawnattr_setflags");
            fixed (byte* devNull = "/dev/null\0"u8, path = options.Directory is null ? null : Encode(options.Directory))
            {
                if (options.NullInput)
                {
                    CheckError(posix_spawn_file_actions_addopen(actions, 0, devNull, O_RDONLY, 0), "posix_spawn_file_actions_addopen");
                }

                if (options.Inherited is { } inherited)
                {
                    // Onto itself: that clears close-on-exec in the child alone.
                    CheckError(posix_spawn_file_actions_adddup2(actions, inherited.Number, inherited.Number), "posix_spawn_file_actions_adddup2");
                }

                for (var number = 0; number < options.Streams.Count; number++)
                {
                    if (options.Streams[number] is { } stream)
                    {
                        CheckError(posix_spawn_file_actions_adddup2(actions, stream.Number, number), "posix_spawn_file_actions_adddup2");
                    }
                }

                if (path != null)
                {
                    CheckError(posix_spawn_file_actions_addchdir_np(actions, path), "posix_spawn_file_actions_addchdir_np");
                }

                int pid;
                CheckError(posix_spawnp(&pid, argv[0], actions, attributes, argv, envp), "posix_spawn");
                return pid;
            }
        }
        finally
        {
            Unpin(argv);
            Unpin(envp);
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
        }
    }

    /// <summary>Becomes another program: execve(2).</summary>
    /// <exception cref="LinuxException">It cannot be started.</exception>
    internal static void Execute(ReadOnlySpan<byte> path, IReadOnlyList<byte[]> arguments, IReadOnlyList<byte[]> environment)
    {
        var argv = Pin(arguments);
        var envp = Pin(environment);
        fixed (byte* file = path)
        {
            _ = execve(file, argv, envp);
        }

        var error = errno;
        Unpin(argv);
        Unpin(envp);
        throw new LinuxException("execve", error);
    }

    /// <summary>A vector as execve(2) takes it, until <see cref="Unpin"/>.</summary>
    internal static byte** Pin(IReadOnlyList<byte[]> strings)
    {
        var vector = (byte**)NativeMemory.AllocZeroed((nuint)strings.Count + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < strings.Count; i++)
        {
            vector[i] = (byte*)NativeMemory.Alloc((nuint)strings[i].Length);
            strings[i].CopyTo(new Span<byte>(vector[i], strings[i].Length));
        }

        return vector;
    }

    internal static void Unpin(byte** vector)
    {
        for (var entry = vector; *entry != null; entry++)
        {
            NativeMemory.Free(*entry);
        }

        NativeMemory.Free(vector);
    }

    // The posix_spawn family returns the error number instead of setting errno.
    private static void CheckError(int error, string call)
    {
        if (error != 0)
        {
            throw new LinuxException(call, error);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int execve(byte* path, byte** argv, byte** envp);

    [LibraryImport("libc")]
    private static partial int posix_spawnp(int* pid, byte* file, void* actions, void* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_addopen(void* actions, int fd, byte* path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(void* actions, int fd, int newFd);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_addchdir_np(void* actions, byte* path);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setpgroup(void* attributes, int pgroup);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(void* attributes, sigset_t* mask);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(void* attributes, sigset_t* signals);
}
