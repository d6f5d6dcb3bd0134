using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orchestrator.Supervisor.MacOS;

/// <summary>Starts a command as the leader of a process group of its own.</summary>
[SupportedOSPlatform("macos")]
internal static unsafe class GroupSpawn
{
    /// <returns>Its PID, which is the number of its group.</returns>
    /// <exception cref="CommandException">It cannot be started.</exception>
    internal static int Start(Options options)
    {
        nint attributes, actions;
        _ = Libc.InitializeAttributes(&attributes);
        _ = Libc.InitializeActions(&actions);
        var words = options.Command.Select(Marshal.StringToCoTaskMemUTF8).Append(0).ToArray();
        try
        {
            uint all = uint.MaxValue, none = 0;
            _ = Libc.SetFlags(&attributes, Libc.SetGroup | Libc.SetDefaultSignals | Libc.SetSignalMask);
            _ = Libc.SetGroupOf(&attributes, 0);
            _ = Libc.SetDefaults(&attributes, &all);
            _ = Libc.SetMask(&attributes, &none);
            if (options.Directory is { } directory)
            {
                if (!System.IO.Directory.Exists(directory))
                {
                    throw new CommandException(CommandException.SupervisorFailed, $"cannot change to '{directory}': it is no directory");
                }

                _ = Libc.AddChangeDirectory(&actions, directory);
            }

            if (!options.InheritInput)
            {
                _ = Libc.AddOpen(&actions, 0, "/dev/null", 0, 0);
            }

            int process;
            fixed (nint* arguments = words)
            {
                var error = Libc.SpawnInPath(&process, (byte*)words[0], &actions, &attributes, (byte**)arguments, *Libc.GetEnvironment());
                return error switch
                {
                    0 => process,
                    Libc.NoSuchFile => throw new CommandException(CommandException.NotFound, $"'{options.Command[0]}' was not found"),
                    _ => throw new CommandException(CommandException.CannotExecute, $"cannot execute '{options.Command[0]}': {Marshal.GetPInvokeErrorMessage(error)}"),
                };
            }
        }
        finally
        {
            Array.ForEach(words, Marshal.FreeCoTaskMem);
            _ = Libc.DestroyAttributes(&attributes);
            _ = Libc.DestroyActions(&actions);
        }
    }
}
