using System.ComponentModel;
using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace Orchestrator.Benchmarks;

/// <summary>The least that starting a program can cost: <c>posix_spawn(3)</c> and <c>waitpid(2)</c>.</summary>
internal sealed unsafe partial class PosixSpawn : IDisposable
{
    private readonly byte** arguments;
    private readonly int count;

    /// <param name="commandLine">The program, looked up in PATH if it has no slash, and its arguments.</param>
    internal PosixSpawn(params IReadOnlyList<string> commandLine)
    {
        count = commandLine.Count;
        arguments = (byte**)NativeMemory.AllocZeroed((nuint)count + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < count; i++)
        {
            arguments[i] = (byte*)Marshal.StringToCoTaskMemUTF8(commandLine[i]);
        }
    }

    /// <summary>Starts it; its standard streams and environment are ours.</summary>
    /// <returns>Its PID.</returns>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    internal int Start()
    {
        int pid;
        var error = posix_spawnp(&pid, arguments[0], null, null, arguments, *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ"));
        return error == 0 ? pid : throw new Win32Exception(error);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit status, as waitpid(2) gives it.</returns>
    /// <exception cref="Win32Exception">It is no child of ours.</exception>
    internal static int Wait(int pid)
    {
        int status;
        return waitpid(pid, &status, 0) == pid ? status : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Starts it and waits for its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    internal void Run()
    {
        if (Wait(Start()) is not 0 and var status)
        {
            throw new InvalidOperationException($"status {status}");
        }
    }

    public void Dispose()
    {
        for (var i = 0; i < count; i++)
        {
            Marshal.FreeCoTaskMem((nint)arguments[i]);
        }

        NativeMemory.Free(arguments);
    }

    [LibraryImport("libc")]
    private static partial int posix_spawnp(int* pid, byte* file, void* actions, void* attributes, byte** argv, byte** envp);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int pid, int* status, int options);
}
