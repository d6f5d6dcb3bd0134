namespace Orchestrator.Pkgbuild;

/// <summary>
/// One member of a <c>source</c> array (<c>PKGBUILD(5)</c>): <c>[NAME::]URL</c>, and for git <c>#branch=</c>,
/// <c>#tag=</c> or <c>#commit=</c> and <c>?signed</c>.
/// </summary>
public sealed record PackageSource
{
    private PackageSource(string text) => Text = text;

    /// <summary>The member as it is written.</summary>
    public string Text { get; }

    /// <summary>Its name in <c>srcdir</c>, by makepkg's rules: what stands before <c>::</c>, else the last part of the URL.</summary>
    public required string Name { get; init; }

    /// <summary>Where it comes from.</summary>
    public required SourceProtocol Protocol { get; init; }

#pragma warning disable CA1056 // It need not be one that System.Uri knows: git has its own, and names follow makepkg's rules for text.
    /// <summary>What to fetch; for git without <c>git+</c>, fragment and query. For a local file its name.</summary>
    public required string Url { get; init; }
#pragma warning restore CA1056

    /// <summary>What of a git repository is wanted; null for other protocols.</summary>
    public GitReference? Reference { get; init; }

    /// <summary>Whether the commit or tag must carry a good signature (<c>?signed</c>).</summary>
    public bool MustBeSigned { get; init; }

    /// <summary>Reads one member of a <c>source</c> array.</summary>
    /// <param name="text">The member.</param>
    /// <param name="file">The PKGBUILD, for the error.</param>
    /// <param name="line">Its line, for the error; 0 if it is not known.</param>
    /// <exception cref="PkgbuildException">
    /// <see cref="MakepkgExitCode.PkgbuildError"/>: an unknown protocol or reference, or a name that would leave <c>srcdir</c>.
    /// </exception>
    public static PackageSource Parse(string text, string? file = null, int line = 0)
    {
        ArgumentNullException.ThrowIfNull(text);
        var separator = text.IndexOf("::", StringComparison.Ordinal);
        var url = separator < 0 ? text : text[(separator + 2)..];
        var protocol = ProtocolOf(url);
        var git = protocol == SourceProtocol.Git;
        var name = separator >= 0 ? text[..separator] : git ? RepositoryName(url) : LastPart(url);

        if (protocol is null)
        {
            throw Error($"Unknown download protocol '{url[..url.IndexOf("://", StringComparison.Ordinal)]}' in source '{text}': "
                + "local files, file, http, https and git+URL are supported");
        }

        if (protocol == SourceProtocol.Local && separator < 0 && text.Contains('/', StringComparison.Ordinal))
        {
            throw Error($"Source '{text}' is neither a URL nor the name of a file beside the PKGBUILD");
        }

        if (name is "" or "." or ".." || name.AsSpan().ContainsAny('/', '\0'))
        {
            throw Error($"'{name}' cannot be the name of a file in srcdir (source '{text}'): write NAME::URL with a plain file name");
        }

        if (OperatingSystem.IsWindows() && WindowsFileName.Problem(name) is { } problem)
        {
            throw Error($"'{name}' cannot be the name of a file in srcdir (source '{text}'): {problem}; write NAME::URL with another one");
        }

        return new(text)
        {
            Name = name,
            Protocol = protocol.Value,
            Url = protocol == SourceProtocol.Local ? name : git ? RepositoryUrl(url) : url,
            Reference = git ? ReferenceOf(url) ?? throw Error(
                $"Unrecognized reference '{Fragment(url)}' in source '{text}': #branch=, #tag= and #commit= are supported") : null,
            MustBeSigned = git && Query(url) == "signed",
        };

        PkgbuildException Error(string message) => new(MakepkgExitCode.PkgbuildError, message, file, line);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static SourceProtocol? ProtocolOf(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return SourceProtocol.Local;
        }

        // git+https and git+ssh are git's own affair; https+anything is nobody's.
        return url[..scheme].Split('+')[0] switch
        {
            "file" => SourceProtocol.File,
            "http" or "https" => SourceProtocol.Http,
            "git" => SourceProtocol.Git,
            _ => null,
        };
    }

    private static string LastPart(string url) => url[(url.LastIndexOf('/') + 1)..];

    private static string RepositoryName(string url)
    {
        var name = LastPart(Before(Before(url, '#'), '?').TrimEnd('/'));
        var suffix = name.IndexOf(".git", StringComparison.Ordinal);
        return suffix < 0 ? name : name[..suffix];
    }

    private static string RepositoryUrl(string url)
    {
        var bare = Before(Before(url, '#'), '?');
        return bare.StartsWith("git+", StringComparison.Ordinal) ? bare["git+".Length..] : bare;
    }

    private static GitReference? ReferenceOf(string url)
    {
        var fragment = Fragment(url);
        var equals = fragment.IndexOf('=', StringComparison.Ordinal);
        var value = fragment[(equals + 1)..];

        // A value that begins with a dash would be an option to git.
        return (fragment, equals < 0 ? "" : fragment[..equals]) switch
        {
            ("", _) => GitReference.Head,
            _ when value is "" || value[0] == '-' => null,
            (_, "branch") => new(GitReferenceKind.Branch, value),
            (_, "tag") => new(GitReferenceKind.Tag, value),
            (_, "commit") => new(GitReferenceKind.Commit, value),
            _ => null,
        };
    }

    // Both orders are in use: URL#tag=v1?signed and URL?signed#tag=v1.
    private static string Fragment(string url) => Before(After(url, '#'), '?');

    private static string Query(string url) => Before(After(url, '?'), '#');

    private static string Before(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var index ? text[..index] : text;

    private static string After(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var index ? text[(index + 1)..] : "";
}
