using System.Runtime.InteropServices;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>Starts a program right in a control group, in the native supervisor alone: SpawnIntoGroup.c.</summary>
internal static unsafe partial class GroupSpawn
{
    /// <summary>As <see cref="SystemCalls.Spawn"/>.</summary>
    /// <param name="group">The directory of the control group.</param>
    /// <param name="arguments">argv, the program first, each as the kernel wants it.</param>
    /// <param name="environment">envp, likewise.</param>
    /// <param name="options">What else it is given.</param>
    /// <returns>Its PID; null if the kernel does not do it, or does not let us.</returns>
    /// <exception cref="LinuxException">It cannot be started.</exception>
    internal static int? TryStart(FileDescriptor group, IReadOnlyList<byte[]> arguments, IReadOnlyList<byte[]> environment, SpawnOptions options)
    {
        if (!OwnProgram.IsNative)
        {
            return null;
        }

        Span<int> streams = [-1, -1, -1];
        for (var number = 0; number < options.Streams.Count; number++)
        {
            streams[number] = options.Streams[number]?.Number ?? -1;
        }

        var argv = SystemCalls.Pin(arguments);
        var envp = SystemCalls.Pin(environment);
        try
        {
            fixed (byte* directory = options.Directory is null ? null : SystemCalls.Encode(options.Directory))
            fixed (int* numbers = streams)
            {
                var pid = Spawn(group.Number, argv, envp, directory, numbers, options.NullInput ? 1 : 0, options.KeepIgnored);
                return pid < 0 ? throw new LinuxException("posix_spawn", -pid) : pid == 0 ? null : pid;
            }
        }
        finally
        {
            SystemCalls.Unpin(argv);
            SystemCalls.Unpin(envp);
        }
    }

    [LibraryImport("libc", EntryPoint = "orchestrator_spawn")]
    private static partial int Spawn(int group, byte** argv, byte** envp, byte* directory, int* streams, int nullInput, int keepIgnored);
}
