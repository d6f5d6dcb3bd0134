using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Writes a tree into a tar archive that depends on nothing but the tree and the date: names in ordinal order, everything
/// owned by root, one time for all.
/// </summary>
internal static class PackageArchive
{
    private const string Zstd = "zstd";

    /// <summary>Writes an archive, compressed with zstd if that tool is there, else with gzip.</summary>
    /// <param name="tree">What goes into it; the folder itself does not.</param>
    /// <param name="archive">The archive without the extension of its compression: <c>…/NAME-VERSION-ARCH.pkg.tar</c>.</param>
    /// <param name="date">The time of everything in it.</param>
    /// <param name="tools">Where zstd is looked for.</param>
    /// <param name="runner">Runs zstd.</param>
    /// <returns>The path of the archive.</returns>
    internal static async Task<string> CreateAsync(string tree, string archive, DateTimeOffset date, ToolPath tools, ContainedRunner runner)
    {
        if (tools.Find(Zstd) is not { } zstd)
        {
            await WriteAsync(tree, archive + ".gz", date, compress: true, runner.Cancelled).ConfigureAwait(false);
            return archive + ".gz";
        }

        await WriteAsync(tree, archive, date, compress: false, runner.Cancelled).ConfigureAwait(false);

        // All cores: the result is the same for any number of them.
        await runner.RunToolAsync(
            SupervisedCommand.Create(zstd, "-q", "-f", "-T0", "--rm", archive, "-o", archive + ".zst"),
            "Failed to create package file").ConfigureAwait(false);
        NativeFile.SetMode(archive + ".zst", BuildEnvironment.FileMode);
        return archive + ".zst";
    }

    /// <summary>Writes an archive by .NET alone.</summary>
    /// <exception cref="PkgbuildException">The tree has something in it that no archive can hold.</exception>
    internal static async Task WriteAsync(string tree, string archive, DateTimeOffset date, bool compress, CancellationToken cancellationToken)
    {
        FileStream file = new(archive, FileMode.Create, FileAccess.Write, FileShare.None);
        await using (file.ConfigureAwait(false))
        {
            // .NET writes no time into the header of gzip.
            Stream content = compress ? new GZipStream(file, CompressionLevel.Optimal) : file;
            await using (content.ConfigureAwait(false))
            {
                // GNU's format and not PAX: .NET puts its process id into PAX headers, so that no two archives were the same.
                TarWriter writer = new(content, TarEntryFormat.Gnu);
                await using (writer.ConfigureAwait(false))
                {
                    await WriteTreeAsync(tree, writer, date, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        NativeFile.SetMode(archive, BuildEnvironment.FileMode);
    }

    private static async Task WriteTreeAsync(string tree, TarWriter writer, DateTimeOffset date, CancellationToken cancellationToken)
    {
        Dictionary<(ulong Device, ulong Inode), string> linked = [];
        foreach (var name in Enumerate(tree, "").Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Path.Combine(tree, name);
            var status = Status(path, name);
            var existing = status.Type == FileStatus.Regular && status.Links > 1
                && !linked.TryAdd((status.Device, status.Inode), BashPath.MemberName(name))
                ? linked[(status.Device, status.Inode)]
                : null;
            var entry = Describe(path, BashPath.MemberName(name), status, existing);
            entry.Mode = status.Mode;
            entry.ModificationTime = date;
            entry.UserName = entry.GroupName = "root";
            if (entry.EntryType == TarEntryType.RegularFile)
            {
                FileStream content = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
                await using (content.ConfigureAwait(false))
                {
                    entry.DataStream = content;
                    await writer.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
                }
            }
            else
            {
                await writer.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Symbolic links are not followed: they are members themselves.
    private static IEnumerable<string> Enumerate(string tree, string folder)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(Path.Combine(tree, folder)))
        {
            var name = folder.Length == 0 ? Path.GetFileName(path) : $"{folder}/{Path.GetFileName(path)}";
            yield return name;
            if (Status(path, name).Type == FileStatus.Directory)
            {
                foreach (var below in Enumerate(tree, name))
                {
                    yield return below;
                }
            }
        }
    }

    private static FileStatus Status(string path, string name) => name.Contains(Rune.ReplacementChar.ToString(), StringComparison.Ordinal) && !Path.Exists(path)
        ? throw new PkgbuildException(MakepkgExitCode.Failure, $"pkgdir has a file whose name is not UTF-8: {Printable.OneLine(name)}")
        : NativeFile.Status(path);

    private static GnuTarEntry Describe(string path, string name, FileStatus status, string? existing) => (status.Type, existing) switch
    {
        (FileStatus.Regular, { } first) => new(TarEntryType.HardLink, name) { LinkName = first },
        (FileStatus.Regular, _) => new(TarEntryType.RegularFile, name),
        (FileStatus.Directory, _) => new(TarEntryType.Directory, name + "/"),
        (FileStatus.SymbolicLink, _) => new(TarEntryType.SymbolicLink, name) { LinkName = NativeFile.LinkTarget(path) },
        (FileStatus.Fifo, _) => new(TarEntryType.Fifo, name),
        _ => throw new PkgbuildException(
            MakepkgExitCode.Failure, $"pkgdir has a device or a socket, which no package can hold: {Printable.OneLine(name)}"),
    };
}
