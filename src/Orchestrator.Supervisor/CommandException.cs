using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Supervisor;

/// <summary>The command could not be started.</summary>
internal sealed class CommandException(int status, string message) : Exception(message)
{
    internal const int SupervisorFailed = 125;
    internal const int CannotExecute = 126;
    internal const int NotFound = 127;

    internal int Status { get; } = status;

    internal static CommandException From(string program, LinuxException exception)
    {
        // ENOENT is also what a script gets whose #! names an interpreter that is not there.
        if (exception.Error == LibC.ENOENT && program.Contains('/', StringComparison.Ordinal) && File.Exists(program))
        {
            return new(CannotExecute, $"cannot execute '{program}': the interpreter that it names does not exist");
        }

        // Not the program's fault, but the machine's, or a limit's.
        if (exception.Error == LibC.EAGAIN)
        {
            return new(SupervisorFailed, $"cannot start '{program}': no more processes are allowed (RLIMIT_NPROC, or the pids limit of a control group)");
        }

        if (exception.IsOutOfDescriptors || exception.Error == LibC.ENOMEM)
        {
            return new(SupervisorFailed, $"cannot start '{program}': {LinuxException.Describe(exception.Error)}");
        }

        return exception.Error == LibC.ENOENT || exception.Error == LibC.ENOTDIR
            ? new(NotFound, $"'{program}' was not found")
            : new(CannotExecute, $"cannot execute '{program}': {LinuxException.Describe(exception.Error)}");
    }
}
