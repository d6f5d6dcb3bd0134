using System.Net.Http.Headers;

namespace Orchestrator.Pkgbuild;

/// <summary>A file that is being downloaded, and what it takes to go on with it: the validator of the content that it is a part of.</summary>
internal sealed class PartialFile(string path)
{
    private readonly string validatorPath = path + ".validator";

    internal string Path => path;

    /// <summary>How much is there already and may be gone on with; 0 to begin anew.</summary>
    internal long Length => Validator is null ? 0 : new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    /// <summary>The ETag or date that the server gave for the content, for <c>If-Range</c>; null if there is none.</summary>
    internal RangeConditionHeaderValue? Validator =>
        File.Exists(validatorPath) && RangeConditionHeaderValue.TryParse(File.ReadAllText(validatorPath), out var value) ? value : null;

    /// <summary>Opens the file to be gone on with, or from its beginning.</summary>
    internal FileStream Open(bool resume) => new(
        path, resume ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);

    /// <summary>Remembers what the content is, before any of it is written.</summary>
    internal void Begin(HttpResponseMessage response)
    {
        Delete();

        // A weak ETag says that the meaning is the same, not the bytes: RFC 9110, 13.1.5.
        var validator = response.Headers.ETag is { IsWeak: false } tag ? tag.ToString()
            : response.Content.Headers.LastModified is { } date ? date.ToString("r")
            : null;
        if (validator is not null)
        {
            File.WriteAllText(validatorPath, validator);
        }
    }

    internal void Delete()
    {
        File.Delete(path);
        File.Delete(validatorPath);
    }

    /// <summary>Gives the complete file its own name, in one step.</summary>
    internal void MoveTo(string destination)
    {
        File.Move(path, destination, overwrite: true);
        File.Delete(validatorPath);
    }
}
