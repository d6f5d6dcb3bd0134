namespace Orchestrator.Pkgbuild;

/// <summary>All files of a folder and of those below it. Links are neither followed nor among them: what they lead to is somebody else's.</summary>
internal static class FilesBelow
{
    private static readonly EnumerationOptions Own = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    /// <summary>The files with a name.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="pattern">The name; all are <c>*</c>.</param>
    internal static IEnumerable<FileInfo> Of(string path, string pattern = "*") => new DirectoryInfo(path).EnumerateFiles(pattern, Own);

    /// <summary>Their sizes together, in bytes.</summary>
    internal static long Size(string path, CancellationToken cancellationToken)
    {
        try
        {
            return Of(path).Sum(file =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return file.Length;
            });
        }
        catch (IOException)
        {
            return 0; // It is being removed.
        }
    }
}
