namespace Orchestrator.Pkgbuild;

/// <summary>How much a folder holds.</summary>
internal static class DirectorySize
{
    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <summary>The sizes of its files in bytes, those in folders below included; links are not followed.</summary>
    internal static long Of(string path)
    {
        try
        {
            return new DirectoryInfo(path).EnumerateFiles("*", All).Sum(file => file.LinkTarget is null ? file.Length : 0);
        }
        catch (IOException)
        {
            return 0; // It is being removed.
        }
    }
}
