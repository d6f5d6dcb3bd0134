using System.Text;

namespace Orchestrator.Pkgbuild;

/// <summary>A text file that others append to, read as it grows.</summary>
internal sealed class GrowingFile(string path)
{
    private long position;

    /// <summary>How long it is, in bytes; 0 if it is not there.</summary>
    internal long Length => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    /// <summary>The lines that were finished since the last time. The last line may still be being written, or its writer was killed.</summary>
    internal IReadOnlyList<string> ReadNew()
    {
        if (Length <= position)
        {
            return [];
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = position;
        using MemoryStream bytes = new();
        file.CopyTo(bytes);
        var text = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        var end = text.LastIndexOf((byte)'\n') + 1;
        position += end;
        return Encoding.UTF8.GetString(text[..end]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Removes it: from now on another one grows.</summary>
    internal void Delete()
    {
        File.Delete(path);
        position = 0;
    }
}
