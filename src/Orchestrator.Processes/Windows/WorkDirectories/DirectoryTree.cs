using System.Runtime.Versioning;

namespace Orchestrator.Processes.Windows.WorkDirectories;

/// <summary>
/// Empties a directory whatever is in it: read-only files, names that only look like devices or end in a dot, paths longer
/// than 260 characters. What leads elsewhere (a symbolic link, a junction) goes; where it leads to is not touched.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class DirectoryTree
{
    private const int MaxProblems = 100;
    private const string Verbatim = @"\\?\"; // the path as it is: nothing in it is rewritten

    // A virus scanner or an indexer has what is new open for a moment, and says so to nobody; nor can its end be waited for.
    private const int RetryEvery = 20; // ms
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly EnumerationOptions All = new() { AttributesToSkip = 0, ReturnSpecialDirectories = false, IgnoreInaccessible = false };

    /// <summary>Removes everything in a directory but one name.</summary>
    /// <param name="directory">Its full path.</param>
    /// <param name="keep">The name to keep at the top.</param>
    /// <returns>What could not be removed and why; empty if nothing is left.</returns>
    internal static IReadOnlyList<string> Empty(string directory, string keep)
    {
        var root = directory.StartsWith(@"\\", StringComparison.Ordinal) ? directory : Verbatim + directory;
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            var problems = new List<string>();
            Empty(root, keep, problems);
            if (problems.Count == 0 || Environment.TickCount64 > deadline)
            {
                return problems.Count <= MaxProblems ? problems : [.. problems.Take(MaxProblems), $"{directory}: {problems.Count - MaxProblems} more could not be removed"];
            }

            // Windows tells nobody when somebody else closes a file.
            Thread.Sleep(RetryEvery);
        }
    }

    private static void Empty(string directory, string? keep, List<string> problems)
    {
        // A stack of our own: a tree can be deeper than that of a thread.
        var open = new Stack<(string Path, bool IsEmptied)>([(directory, false)]);
        while (open.TryPop(out var current))
        {
            if (current.IsEmptied)
            {
                Try(current.Path, problems, () => Delete(new DirectoryInfo(current.Path)));
                continue;
            }

            if (current.Path != directory)
            {
                open.Push((current.Path, true));
            }

            Try(current.Path, problems, () =>
            {
                foreach (var entry in new DirectoryInfo(current.Path).EnumerateFileSystemInfos("*", All))
                {
                    if (keep is not null && current.Path == directory && entry.Name.Equals(keep, StringComparison.OrdinalIgnoreCase))
                    {
                        continue;
                    }

                    if (entry is DirectoryInfo && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                    {
                        open.Push((current.Path + '\\' + entry.Name, false));
                    }
                    else
                    {
                        Try(entry.FullName, problems, () => Delete(entry));
                    }
                }
            });
        }
    }

    private static void Delete(FileSystemInfo entry)
    {
        if (entry.Attributes.HasFlag(FileAttributes.ReadOnly))
        {
            entry.Attributes &= ~FileAttributes.ReadOnly;
        }

        entry.Delete(); // of a link the link
    }

    private static void Try(string path, List<string> problems, Action remove)
    {
        try
        {
            remove();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Somebody else was faster.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path.Replace(Verbatim, "", StringComparison.Ordinal)}: {exception.Message}");
        }
    }
}
