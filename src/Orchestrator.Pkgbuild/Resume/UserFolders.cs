namespace Orchestrator.Pkgbuild;

/// <summary>Where files of a user go by the XDG Base Directory Specification.</summary>
internal static class UserFolders
{
    /// <summary><c>$XDG_CACHE_HOME</c>, if it is an absolute path, else <c>~/.cache</c>.</summary>
    internal static string Cache =>
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache)
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
