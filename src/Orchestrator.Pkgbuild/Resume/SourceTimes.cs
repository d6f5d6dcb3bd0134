using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// The times of source files, from one build to the next. Sources are extracted, copied and patched anew by each build, and so
/// are new to whatever compares times, as cargo does; or, from an archive, older than what was compiled from others. So
/// where all of them are what they were, they get the times that they had; else all of them are new.
/// </summary>
/// <param name="entry">The cache entry that they are remembered in.</param>
internal sealed class SourceTimes(string entry)
{
    private const int CopyBuffer = 1 << 16;
    private readonly string path = Path.Combine(entry, "sources");

    /// <summary>Sets times, and remembers them.</summary>
    /// <param name="sourceDirectory"><c>srcdir</c>, when all is there that <c>build()</c> finds.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Whether all of it is what it was in the build before.</returns>
    /// <exception cref="IOException">A file cannot be read, or its time not set.</exception>
    internal async Task<bool> ApplyAsync(string sourceDirectory, CancellationToken cancellationToken)
    {
        var now = DateTime.UtcNow;
        var files = Entries(new(sourceDirectory)).OrderBy(file => file.FullName, StringComparer.Ordinal).ToList();
        var digest = await DigestAsync(files, sourceDirectory, cancellationToken).ConfigureAwait(false);
        // Of a build with nothing to go on with they may stay what they are.
        var isFirst = !File.Exists(path) && !Directory.Exists(Path.Combine(entry, "cargo"));
        var before = Read();
        var isSame = before?.Digest == digest;
        StringBuilder text = new(digest);
        text.Append('\n');

        // Folders last: a folder's time does not change with the times of its files, but a file that is made new would change it.
        foreach (var file in files)
        {
            var name = Path.GetRelativePath(sourceDirectory, file.FullName);
            var time = isFirst ? file.LastWriteTimeUtc : isSame && before!.Value.Times.TryGetValue(name, out var known) ? known : now;
            if (!isFirst)
            {
                file.LastWriteTimeUtc = time;
            }

            text.Append(CultureInfo.InvariantCulture, $"{time.Ticks}\t{name}\0");
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
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(sourceDirectory, info.FullName)}\0{(info is FileInfo ? "file" : "folder")}\0{(int)info.UnixFileMode}\0"));
            if (info is not FileInfo file)
            {
                continue;
            }

            hash.AppendData(BitConverter.GetBytes(file.Length));
            using var content = File.OpenHandle(file.FullName, options: FileOptions.SequentialScan);
            long offset = 0;
            for (int read; (read = await RandomAccess.ReadAsync(content, buffer, offset, cancellationToken).ConfigureAwait(false)) > 0; offset += read)
            {
                hash.AppendData(buffer.AsSpan(0, read));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // A git folder is another one after each clone, and nothing is compiled from it. Links are what they lead to.
    private static IEnumerable<FileSystemInfo> Entries(DirectoryInfo folder)
    {
        foreach (var found in folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }))
        {
            if (found.LinkTarget is not null || NativeFile.Status(found.FullName).Type is not (FileStatus.Regular or FileStatus.Directory))
            {
                continue;
            }

            yield return found;
            if (found is DirectoryInfo below && found.Name != ".git")
            {
                foreach (var entry in Entries(below))
                {
                    yield return entry;
                }
            }
        }
    }
}
