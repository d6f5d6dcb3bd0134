using System.IO.Compression;

namespace Orchestrator.Pkgbuild;

/// <summary>Unpacks zip by .NET alone, for machines that have no bsdtar.</summary>
internal static class ManagedZip
{
    private const UnixFileMode DefaultMode = (UnixFileMode)0b110_100_100;

    /// <summary>Unpacks an archive, after all its members have passed the guard.</summary>
    /// <exception cref="PkgbuildException">A member is refused.</exception>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    internal static async Task ExtractAsync(string path, MemberGuard guard, string srcdir, CancellationToken cancellationToken)
    {
        var archive = await ZipFile.OpenReadAsync(path, cancellationToken).ConfigureAwait(false);
        await using (archive.ConfigureAwait(false))
        {
            var members = archive.Entries
                .Select(entry => (Entry: entry, Kind: KindOf(entry), Path: guard.Check(entry.FullName, KindOf(entry), null)))
                .ToList();
            foreach (var (entry, kind, member) in members)
            {
                var file = Path.Combine(srcdir, member);
                if (kind == MemberKind.Directory)
                {
                    Directory.CreateDirectory(file);
                    continue;
                }

                var content = await entry.OpenAsync(cancellationToken).ConfigureAwait(false);
                await using (content.ConfigureAwait(false))
                {
                    if (kind == MemberKind.SymbolicLink)
                    {
                        using StreamReader target = new(content);
                        UnpackedFile.PrepareFor(file);
                        File.CreateSymbolicLink(file, await target.ReadToEndAsync(cancellationToken).ConfigureAwait(false));
                    }
                    else
                    {
                        var mode = ModeOf(entry) is var bits and not 0 ? (UnixFileMode)(bits & 0x1FF) : DefaultMode;
                        await UnpackedFile.WriteAsync(file, content, mode, entry.LastWriteTime, cancellationToken).ConfigureAwait(false);
                    }
                }
            }
        }
    }

    private static MemberKind KindOf(ZipArchiveEntry entry) => (uint)(ModeOf(entry) & 0xF000) switch
    {
        FileStatus.SymbolicLink => MemberKind.SymbolicLink,
        _ when entry.FullName.EndsWith('/') => MemberKind.Directory,
        0 or FileStatus.Regular => MemberKind.File,
        _ => MemberKind.Special,
    };

    // Info-ZIP keeps st_mode in the upper half of the external attributes.
    private static int ModeOf(ZipArchiveEntry entry) => (entry.ExternalAttributes >> 16) & 0xFFFF;
}
