using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// The times of source files, from one build to the next. Sources are extracted, copied and patched anew by each build, and so
/// are new to whatever compares times, as cargo does; or, from an archive, older than what was compiled from others. So
/// where all of them are what they were, they get the times that they had then; else nothing is to be made of their times.
/// </summary>
/// <param name="entry">The cache entry that they are remembered in.</param>
internal sealed class SourceTimes(string entry)
{
    private const int CopyBuffer = 1 << 16;
    private readonly string path = Path.Combine(entry, "sources");

    /// <summary>Whether there is a package of cargo among sources, which may be a link.</summary>
    internal static bool HaveManifest(string sourceDirectory) =>
        Entries(new(sourceDirectory)).Any(file => file.Name == "Cargo.toml");

    /// <summary>Sets times, and remembers them.</summary>
    /// <param name="sourceDirectory"><c>srcdir</c>, when all is there that <c>build()</c> finds.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Whether all of it is what it was in the build before.</returns>
    /// <exception cref="IOException">A file cannot be read, or its time not set.</exception>
    internal async Task<bool> ApplyAsync(string sourceDirectory, CancellationToken cancellationToken)
    {
        var files = Entries(new(sourceDirectory)).OrderBy(file => file.FullName, StringComparer.Ordinal).ToList();
        var digest = await DigestAsync(files, sourceDirectory, cancellationToken).ConfigureAwait(false);
        var before = Read();
        var isSame = before?.Digest == digest && !files.Exists(file => LeadsOut(file, sourceDirectory));
        StringBuilder text = new(digest);
        text.Append('\n');
        foreach (var file in files.Where(file => file.LinkTarget is null))
        {
            var name = Path.GetRelativePath(sourceDirectory, file.FullName);
            // A file with two names may be the user's own.
            if (isSame && before!.Value.Times.TryGetValue(name, out var known) && (file is DirectoryInfo || NativeFile.Status(file.FullName).Links == 1))
            {
                file.LastWriteTimeUtc = known;
            }

            text.Append(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks}\t{name}\0");
        }

        // In one step: what is half-written is none.
        var unfinished = path + ".new";
        await File.WriteAllTextAsync(unfinished, text.ToString(), cancellationToken).ConfigureAwait(false);
        File.Move(unfinished, path, overwrite: true);
        return isSame;
    }

    private (string Digest, Dictionary<string, DateTime> Times)? Read()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var text = File.ReadAllText(path);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        Dictionary<string, DateTime> times = new(StringComparer.Ordinal);
        foreach (var line in end < 0 ? [] : text[(end + 1)..].Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split('\t', 2) is not [var ticks, var name] || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var time) || time > DateTime.MaxValue.Ticks)
            {
                return null;
            }

            times[name] = new(time, DateTimeKind.Utc);
        }

        return end < 0 ? null : (text[..end], times);
    }

    private static async Task<string> DigestAsync(IEnumerable<FileSystemInfo> files, string sourceDirectory, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[CopyBuffer];
        foreach (var info in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(sourceDirectory, info.FullName)}\0{info.LinkTarget}\0{(info is FileInfo ? "file" : "folder")}\0{(int)info.UnixFileMode}\0"));
            if (info is not FileInfo file || Content(file) is not { } content)
            {
                continue;
            }

            using (content)
            {
                hash.AppendData(BitConverter.GetBytes(RandomAccess.GetLength(content)));
                long offset = 0;
                for (int read; (read = await RandomAccess.ReadAsync(content, buffer, offset, cancellationToken).ConfigureAwait(false)) > 0; offset += read)
                {
                    hash.AppendData(buffer.AsSpan(0, read));
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Null where there is nothing to be read, as behind a link to nothing.
    private static SafeFileHandle? Content(FileInfo file)
    {
        if (!File.Exists(file.FullName))
        {
            return null;
        }

        var path = file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName;
        return NativeFile.Status(path).Type == FileStatus.Regular ? File.OpenHandle(path, options: FileOptions.SequentialScan) : null;
    }

    // What is in a folder somewhere else is not looked at.
    private static bool LeadsOut(FileSystemInfo file, string sourceDirectory) =>
        file.LinkTarget is not null
        && Directory.Exists(file.FullName)
        && file.ResolveLinkTarget(returnFinalTarget: true) is { } target
        && !(target.FullName + '/').StartsWith(sourceDirectory + '/', StringComparison.Ordinal);

    // A git folder is another one after each clone, and nothing is compiled from it.
    private static IEnumerable<FileSystemInfo> Entries(DirectoryInfo folder)
    {
        foreach (var found in folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }))
        {
            if (NativeFile.Status(found.FullName).Type is not (FileStatus.Regular or FileStatus.Directory or FileStatus.SymbolicLink))
            {
                continue;
            }

            yield return found;
            if (found is DirectoryInfo { LinkTarget: null } below && found.Name != ".git")
            {
                foreach (var entry in Entries(below))
                {
                    yield return entry;
                }
            }
        }
    }
}
