using System.Runtime.Versioning;
using Orchestrator.Supervisor.WorkDirectories;

namespace Orchestrator.Processes.Windows.WorkDirectories;

/// <summary>
/// A work directory that we hold. Its marker file names the run that it belongs to and is also its lock: who uses the
/// directory has it open for reading and shares that; who removes the directory shares it with nobody. The system closes the
/// handles of whoever is ended.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class HeldDirectory : IDisposable
{
    /// <summary>Name of the marker file.</summary>
    internal const string MarkerName = ".orchestrator-work";

    private const int MaxAttempts = 10;
    private FileStream marker;

    private HeldDirectory(string path, FileStream marker, WorkMarker content) =>
        (Path, this.marker, Run, IsCopy) = (path, marker, content.Run, content.Directory != FileIndex.Of(path));

    /// <summary>Its full path.</summary>
    internal string Path { get; }

    /// <summary>The run that made it.</summary>
    internal string Run { get; }

    /// <summary>Whether its marker was written for another directory: it was copied, with what it says.</summary>
    internal bool IsCopy { get; }

    private string MarkerPath => System.IO.Path.Combine(Path, MarkerName);

    /// <summary>
    /// Holds a directory shared. It is made if it does not exist; an empty one is marked; any other must be marked already, so
    /// that nothing of anybody else's is ever removed.
    /// </summary>
    /// <exception cref="WorkDirectoryRefusedException">It is not ours to remove, or it cannot be used.</exception>
    internal static HeldDirectory Claim(string path, string run)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (DirectoryRules.Refusal(full) is { } refusal)
        {
            throw new WorkDirectoryRefusedException(full, refusal);
        }

        try
        {
            // Others may be removing it, or making it for themselves, at this moment: then the next try finds what they left.
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                if ((Directory.Exists(full) ? Open(full, FileShare.Read | FileShare.Delete) : null) is { } held)
                {
                    if (!held.IsCopy)
                    {
                        return held;
                    }

                    held.Dispose();
                    throw new WorkDirectoryRefusedException(full, $"its {MarkerName} file was written for another directory; name a new or an empty one");
                }

                if (Mark(full, run))
                {
                    continue;
                }
            }

            throw new WorkDirectoryRefusedException(full, "another process is removing it");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new WorkDirectoryRefusedException(full, exception.Message);
        }
    }

    /// <summary>Holds a directory exclusively, to remove it. Null if it is not ours, or if somebody uses it.</summary>
    internal static HeldDirectory? TryTakeOver(string path)
    {
        try
        {
            return DirectoryRules.LinkRefusal(path) is null && Directory.Exists(path) ? Open(path, FileShare.Delete) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // somebody has it open
        }
    }

    /// <summary>Whether nobody else holds it; from then on nobody can.</summary>
    internal bool TryHoldExclusively()
    {
        marker.Dispose();
        try
        {
            marker = OpenMarker(Path, FileShare.Delete);
            return true;
        }
        catch (IOException)
        {
            marker = OpenMarker(Path, FileShare.Read | FileShare.Delete);
            return false;
        }
    }

    /// <summary>Removes it with all that is in it; the marker goes last, so that a sweep can finish what is cut off.</summary>
    /// <returns>What could not be removed and why; empty if it is gone.</returns>
    internal IReadOnlyList<string> Remove()
    {
        var problems = DirectoryTree.Empty(Path, MarkerName);
        if (problems.Count > 0)
        {
            return problems;
        }

        try
        {
            File.Delete(MarkerPath);
            marker.Dispose(); // only now does its name go
            Directory.Delete(Path);
            return [];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [$"{Path}: {exception.Message}"];
        }
    }

    /// <summary>Takes the mark off, so that the directory is nobody's and stays.</summary>
    internal void Release() => File.Delete(MarkerPath);

    public void Dispose() => marker.Dispose();

    // Null if it is not marked.
    private static HeldDirectory? Open(string path, FileShare share)
    {
        FileStream opened;
        try
        {
            opened = OpenMarker(path, share);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        var text = new byte[WorkMarker.MaxLength];
        if (WorkMarker.Parse(text.AsSpan(0, opened.ReadAtLeast(text, text.Length, throwOnEndOfStream: false))) is { } content)
        {
            return new(path, opened, content);
        }

        opened.Dispose();
        return null;
    }

    private static FileStream OpenMarker(string path, FileShare share) =>
        new(System.IO.Path.Combine(path, MarkerName), FileMode.Open, FileAccess.Read, share, bufferSize: 1);

    // False if another process is faster. Under another name first: a marker that others can see is complete.
    private static bool Mark(string path, string run)
    {
        if (File.Exists(path))
        {
            throw new WorkDirectoryRefusedException(path, "it is not a directory");
        }

        Directory.CreateDirectory(path);
        if (Directory.EnumerateFileSystemEntries(path).Any(entry => !System.IO.Path.GetFileName(entry).StartsWith(MarkerName + ".", StringComparison.Ordinal)))
        {
            return File.Exists(System.IO.Path.Combine(path, MarkerName))
                ? false
                : throw new WorkDirectoryRefusedException(path, $"it is not empty and has no {MarkerName} file; name a new or an empty directory, since everything in a work directory is removed");
        }

        var temporary = System.IO.Path.Combine(path, $"{MarkerName}.{Guid.NewGuid():N}");
        using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
        {
            stream.Write(new WorkMarker(run, FileIndex.Of(path)).ToBytes());
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(temporary, System.IO.Path.Combine(path, MarkerName)); // replaces nothing
            return true;
        }
        catch (IOException)
        {
            File.Delete(temporary);
            return false;
        }
    }
}
