using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Pkgbuild;

/// <summary>An exclusive lock on a file, between processes and within one. The kernel drops it when its holder dies.</summary>
internal sealed class FileLock : IDisposable
{
    private readonly SafeFileHandle file;

    private FileLock(SafeFileHandle file) => this.file = file;

    /// <summary>Waits until the lock is ours.</summary>
    /// <param name="path">The file; it is made if need be, and stays.</param>
    /// <param name="waiting">Called if somebody else holds the lock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="IOException">The file cannot be opened, or its file system has no locks.</exception>
    internal static async Task<FileLock> AcquireAsync(string path, Action waiting, CancellationToken cancellationToken)
    {
        var file = NativeFile.OpenForLock(path);
        if (!NativeFile.TryLockExclusively(file))
        {
            waiting();
            await WaitAsync(file, path, cancellationToken).ConfigureAwait(false);
        }

        return new(file);
    }

    /// <summary>Takes the lock if it is free.</summary>
    /// <param name="path">The file; it is made if need be, and stays.</param>
    /// <returns>Null if somebody else holds it, or if the file system has no locks.</returns>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    internal static FileLock? TryAcquire(string path)
    {
        var file = NativeFile.OpenForLock(path);
        if (NativeFile.TryLockExclusively(file))
        {
            return new(file);
        }

        file.Dispose();
        return null;
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => file.Dispose();

    // flock(2) blocks and cannot be cancelled: a thread of its own waits, and a lock that comes too late is given back.
    private static async Task WaitAsync(SafeFileHandle file, string path, CancellationToken cancellationToken)
    {
        var locked = Task.Factory.StartNew(
            () => NativeFile.LockExclusively(file), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        // The delay is the cancellation as a task: it has no end of its own.
        await Task.WhenAny(locked, Task.Delay(Timeout.Infinite, cancellationToken)).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested || locked.IsFaulted)
        {
            _ = locked.ContinueWith(
                done => { _ = done.Exception; file.Dispose(); }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
        }

        try
        {
            await locked.ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new IOException($"{path}: {error.Message}", error);
        }
    }
}
