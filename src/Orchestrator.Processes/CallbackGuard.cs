using System.Runtime.ExceptionServices;

namespace Orchestrator.Processes;

/// <summary>
/// Calls what a caller gave us. Whatever that throws ends the run, and is thrown to the caller after the run has been ended.
/// </summary>
/// <param name="failed">Called when a callback has thrown: ends the run.</param>
internal sealed class CallbackGuard(Action failed)
{
    private ExceptionDispatchInfo? error;

    /// <summary>Calls a callback.</summary>
    internal void Call(Action callback)
    {
        try
        {
            callback();
        }
#pragma warning disable CA1031 // Whatever a caller's callback throws is thrown to the caller, after the run has been ended.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
        }
    }

    /// <summary>Hands on output; not after an error, but then it must still be read, so that the command is not stopped by a full pipe before it is ended.</summary>
    internal void Write(IOutputWriter writer, ReadOnlySpan<byte> piece)
    {
        if (error is null)
        {
            try
            {
                writer.Write(piece);
            }
#pragma warning disable CA1031 // As above.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fail(exception);
            }
        }
    }

    /// <summary>Throws the first error; nothing if there was none.</summary>
    internal void ThrowIfFailed() => error?.Throw();

    private void Fail(Exception exception)
    {
        Interlocked.CompareExchange(ref error, ExceptionDispatchInfo.Capture(exception), null);
        failed();
    }
}
