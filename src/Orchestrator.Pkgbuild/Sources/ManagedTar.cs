using System.Formats.Tar;
using System.IO.Compression;

namespace Orchestrator.Pkgbuild;

/// <summary>Unpacks tar, with or without gzip, by .NET alone, for machines that have no bsdtar.</summary>
internal static class ManagedTar
{
    /// <summary>Unpacks an archive, after all its members have passed the guard.</summary>
    /// <exception cref="PkgbuildException">A member is refused.</exception>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    internal static async Task ExtractAsync(string path, bool compressed, MemberGuard guard, string srcdir, CancellationToken cancellationToken)
    {
        Dictionary<string, UnixFileMode> folders = new(StringComparer.Ordinal);
        List<string> members = [];
        await ReadAsync(
            path,
            compressed,
            entry =>
            {
                members.Add(guard.Check(entry.Name, KindOf(entry), entry.LinkName));
                return Task.CompletedTask;
            },
            cancellationToken).ConfigureAwait(false);

        var index = 0;
        await ReadAsync(path, compressed, entry => WriteAsync(entry, members[index++]), cancellationToken).ConfigureAwait(false);

        // Last, since nothing could be written into a folder that is read-only.
        foreach (var (folder, mode) in folders)
        {
            NativeFile.SetMode(folder, mode);
        }

        async Task WriteAsync(TarEntry entry, string member)
        {
            var file = Path.Combine(srcdir, member);
            switch (KindOf(entry))
            {
                case MemberKind.Directory:
                    Directory.CreateDirectory(file);
                    folders[file] = UnpackedFile.ModeOf(entry.Mode);
                    break;
                case MemberKind.File:
                    await UnpackedFile.WriteAsync(
                        file, entry.DataStream ?? Stream.Null, entry.Mode, entry.ModificationTime, cancellationToken).ConfigureAwait(false);
                    break;
                case MemberKind.SymbolicLink:
                    UnpackedFile.PrepareFor(file);
                    File.CreateSymbolicLink(file, entry.LinkName);
                    break;
                case MemberKind.HardLink:
                    UnpackedFile.PrepareFor(file);
                    NativeFile.Link(Path.Combine(srcdir, entry.LinkName), file);
                    break;
            }
        }
    }

    /// <summary>What kind of member an entry is.</summary>
    internal static MemberKind KindOf(TarEntry entry) => entry.EntryType switch
    {
        TarEntryType.Directory or TarEntryType.DirectoryList => MemberKind.Directory,
        TarEntryType.SymbolicLink => MemberKind.SymbolicLink,
        TarEntryType.HardLink => MemberKind.HardLink,
        TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile => MemberKind.File,
        _ => MemberKind.Special,
    };

    private static async Task ReadAsync(string path, bool compressed, Func<TarEntry, Task> use, CancellationToken cancellationToken)
    {
        var file = File.OpenRead(path);
        await using (file.ConfigureAwait(false))
        {
            Stream content = compressed ? new GZipStream(file, CompressionMode.Decompress) : file;
            await using (content.ConfigureAwait(false))
            {
                using TarReader reader = new(content);
                while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
                {
                    if (entry.EntryType != TarEntryType.GlobalExtendedAttributes)
                    {
                        await use(entry).ConfigureAwait(false);
                    }
                }
            }
        }
    }
}
