using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Supervisor;

namespace Orchestrator.Processes.Windows;

/// <summary>A process that was created in a job, and leads a process group.</summary>
/// <param name="Id">Its PID, which is the number of its group, too.</param>
/// <param name="Handle">Its handle; as long as it is open, nobody else gets the PID.</param>
[SupportedOSPlatform("windows")]
internal sealed record ContainedProcess(int Id, SafeProcessHandle Handle) : IDisposable
{
    private const nuint HandleList = 0x20002; // PROC_THREAD_ATTRIBUTE_HANDLE_LIST
    private const nuint JobList = 0x2000D; // PROC_THREAD_ATTRIBUTE_JOB_LIST
    private const int UseStandardHandles = 0x100; // STARTF_USESTDHANDLES

    /// <summary>
    /// Starts a process. It is in the job before its first instruction, so that there is no moment in which it, or anything
    /// that it starts, is not.
    /// </summary>
    /// <param name="job">What is to hold it; null for a process that is to outlive us.</param>
    /// <param name="program">The file.</param>
    /// <param name="commandLine">Its arguments.</param>
    /// <param name="directory">Its working directory.</param>
    /// <param name="environment">Its environment.</param>
    /// <param name="streams">The only handles that it gets.</param>
    /// <param name="ownConsole">Whether it gets a console of its own, which has no window; else it shares ours.</param>
    /// <exception cref="CommandException">It cannot be started.</exception>
    internal static unsafe ContainedProcess Start(
        JobObject? job, string program, string commandLine, string directory, EnvironmentBlock environment, StandardHandles streams, bool ownConsole)
    {
        var handles = stackalloc nint[] { streams.Input.DangerousGetHandle(), streams.Output.DangerousGetHandle(), streams.Error.DangerousGetHandle() };
        var jobHandle = job?.Handle.DangerousGetHandle() ?? 0;
        using var attributes = new AttributeList(job is null ? 1 : 2);
        attributes.Add(HandleList, handles, 3);
        if (job is not null)
        {
            attributes.Add(JobList, &jobHandle, 1);
        }

        var startup = new StartupInfoEx
        {
            Size = sizeof(StartupInfoEx),
            Flags = UseStandardHandles,
            StandardInput = handles[0],
            StandardOutput = handles[1],
            StandardError = handles[2],
            AttributeList = attributes.Pointer,
        };
        var flags = CreationFlags.NewProcessGroup | CreationFlags.UnicodeEnvironment | CreationFlags.ExtendedStartupInfo
            | (ownConsole ? CreationFlags.NoWindow : 0)
            | (job is null ? 0 : CreationFlags.Suspended);
        ProcessInformation created;
        fixed (char* name = program, line = (commandLine + '\0').ToCharArray(), block = environment.ToString(), folder = directory)
        {
            if (!Kernel32.CreateProcess(name, line, 0, 0, inheritHandles: true, flags, block, folder, &startup, &created))
            {
                throw Explain(Marshal.GetLastPInvokeError(), program, directory);
            }
        }

        var process = new ContainedProcess(created.ProcessId, new(created.Process, ownsHandle: true));
        try
        {
            if (job is not null)
            {
                // Windows before 8.1 and systems that only look like Windows may pass over the attribute. It has not run yet.
                job.Assign(process.Handle);
                if (Kernel32.ResumeThread(created.Thread) == uint.MaxValue)
                {
                    throw new Win32Exception();
                }
            }
        }
        catch (Win32Exception exception)
        {
            _ = Kernel32.TerminateProcess(process.Handle, 1);
            process.Dispose();
            throw new CommandException(CommandException.SupervisorFailed, $"cannot hold '{program}' in a Job Object: {exception.Message}");
        }
        finally
        {
            _ = Kernel32.CloseHandle(created.Thread);
        }

        return process;
    }

    /// <summary>Its exit status, once it has ended.</summary>
    internal int ExitCode => Kernel32.GetExitCodeProcess(Handle, out var code) ? (int)code : throw new Win32Exception();

    public void Dispose() => Handle.Dispose();

    private static CommandException Explain(int error, string program, string directory) => error switch
    {
        Kernel32.FileNotFound or Kernel32.PathNotFound => new(CommandException.NotFound, $"'{program}' was not found"),
        Kernel32.DirectoryName => new(CommandException.SupervisorFailed, $"the working directory '{directory}' cannot be used: {new Win32Exception(error).Message}"),
        Kernel32.BadExeFormat => new(CommandException.CannotExecute, $"cannot execute '{program}': it is not a program for this machine"),
        Kernel32.ElevationRequired => new(CommandException.CannotExecute, $"cannot execute '{program}': it wants to be run as administrator; start the build as administrator"),
        Kernel32.AccessDenied => new(CommandException.CannotExecute, $"cannot execute '{program}': {new Win32Exception(error).Message}"),
        _ => new(CommandException.CannotExecute, $"cannot execute '{program}': {new Win32Exception(error).Message} (error {error})"),
    };

    private sealed unsafe class AttributeList : IDisposable
    {
        internal AttributeList(int count)
        {
            nuint size = 0;
            _ = Kernel32.InitializeProcThreadAttributeList(0, count, 0, ref size); // says how much it needs
            Pointer = (nint)NativeMemory.Alloc(size);
            if (!Kernel32.InitializeProcThreadAttributeList(Pointer, count, 0, ref size))
            {
                var error = Marshal.GetLastPInvokeError();
                NativeMemory.Free((void*)Pointer);
                throw new Win32Exception(error);
            }
        }

        internal nint Pointer { get; }

        internal void Add(nuint attribute, nint* values, int count)
        {
            if (!Kernel32.UpdateProcThreadAttribute(Pointer, 0, attribute, (nint)values, (nuint)(count * sizeof(nint)), 0, 0))
            {
                throw new Win32Exception();
            }
        }

        public void Dispose()
        {
            Kernel32.DeleteProcThreadAttributeList(Pointer);
            NativeMemory.Free((void*)Pointer);
        }
    }
}
