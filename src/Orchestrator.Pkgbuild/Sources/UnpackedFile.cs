namespace Orchestrator.Pkgbuild;

/// <summary>Writes members of archives into <c>srcdir</c>.</summary>
internal static class UnpackedFile
{
    // umask 0022, and neither set-user-ID nor set-group-ID, which only somebody else's build could have meant.
    private const UnixFileMode Allowed = (UnixFileMode)0b111_101_101;

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The mode that a member gets.</summary>
    internal static UnixFileMode ModeOf(UnixFileMode mode) => (mode & Allowed) | Owner;

    /// <summary>Writes a file in place of whatever had its name.</summary>
    internal static async Task WriteAsync(
        string path, Stream content, UnixFileMode mode, DateTimeOffset modificationTime, CancellationToken cancellationToken)
    {
        PrepareFor(path);
        FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        await using (file.ConfigureAwait(false))
        {
            await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
        }

        NativeFile.SetMode(path, ModeOf(mode));
        File.SetLastWriteTimeUtc(path, modificationTime.UtcDateTime);
    }

    /// <summary>Makes the folder that a member is in, and removes what has its name: a link of that name must not be written through.</summary>
    internal static void PrepareFor(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
    }
}
