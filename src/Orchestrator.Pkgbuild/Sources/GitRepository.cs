using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>Git sources: a bare mirror in the cache, and a working copy in <c>srcdir</c>.</summary>
internal sealed class GitRepository(SourceCache cache, ContainedRunner runner, BuildLog log)
{
    // Set while a git hook runs, they would lead every git here into the wrong repository: githooks(5).
    private static readonly string[] Misleading =
    [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX",
    ];

    /// <summary>Makes or updates the mirror, and finds the commit that is wanted.</summary>
    /// <exception cref="PkgbuildException">The repository cannot be had, or has no such branch, tag or commit.</exception>
    internal async Task<FetchedSource> FetchAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        var mirror = cache.MirrorPath(entry.Source);
        using (await SourceCache.LockAsync(mirror, log, cancellationToken).ConfigureAwait(false))
        {
            if (Directory.Exists(mirror))
            {
                await UpdateAsync(entry, mirror).ConfigureAwait(false);
            }
            else
            {
                await CloneAsync(entry, mirror).ConfigureAwait(false);
            }

            return new(entry, mirror) { Commit = await FindCommitAsync(entry, mirror).ConfigureAwait(false) };
        }
    }

    /// <summary>Makes the working copy in <c>srcdir</c>, on a branch <c>makepkg</c> at the commit.</summary>
    internal async Task CheckOutAsync(FetchedSource source, string srcdir)
    {
        log.Detail($"Creating working copy of {source.Source.Name} git repo...");
        var failure = $"Failure while creating working copy of {source.Source.Name} git repo";
        var copy = Path.Combine(srcdir, source.Source.Name);
        await RequireUnforgedTagAsync(source).ConfigureAwait(false);

        // The copy borrows the mirror's objects: nothing here ever removes objects from a mirror.
        await runner.RunToolAsync(Git("clone", "--quiet", "--shared", "--no-checkout", "--", source.Path, copy), failure).ConfigureAwait(false);
        await runner.RunToolAsync(
            Git("-C", copy, "checkout", "--quiet", "--force", "--no-track", "-B", "makepkg", source.Commit!, "--"), failure).ConfigureAwait(false);
    }

    /// <summary>The sums of what is checked out, as makepkg 6.1 defines them: those of <c>git archive</c>.</summary>
    internal async Task<IReadOnlyDictionary<ChecksumKind, string>> SumsAsync(FetchedSource source)
    {
        using Checksums sums = new(source.Entry.Kinds);
        Complaint complaint = new();
        var command = Git("-c", "core.abbrev=no", "-C", source.Path, "archive", "--format=tar", RevisionOf(source.Source.Reference!))
            .WithStandardOutputBytes(sums.Append)
            .WithStandardError(complaint.Add);
        var result = await runner.RunAsync(command).ConfigureAwait(false);
        return result.IsSuccess
            ? sums.Finish()
            : throw ContainedRunner.ToolFailed(command, $"Cannot compute the sums of {source.Source.Name}", result, complaint);
    }

    /// <summary>What gpg says of the signature of the tag or the commit.</summary>
    internal async Task<IReadOnlyList<string>> SignatureStatusAsync(FetchedSource source)
    {
        var tag = source.Source.Reference!.Kind == GitReferenceKind.Tag;
        List<string> status = [];
        await runner.RunAsync(
            Git("-C", source.Path, tag ? "verify-tag" : "verify-commit", "--raw", tag ? source.Source.Reference.Value : source.Commit!)
                .WithStandardOutput(log.Output)
                .WithStandardError(status.Add)).ConfigureAwait(false);
        return status;
    }

    private async Task CloneAsync(SourceEntry entry, string mirror)
    {
        log.Detail($"Cloning {entry.Source.Name} git repo...");
        var unfinished = mirror + ".part";
        RemoveUnfinished(unfinished);
        try
        {
            await runner.RunToolAsync(
                Git("clone", "--mirror", "--", entry.Source.Url, unfinished),
                $"Failure while downloading {entry.Source.Name} git repo from {entry.Source.Url}").ConfigureAwait(false);
            Directory.Move(unfinished, mirror);
        }
        finally
        {
            RemoveUnfinished(unfinished);
        }
    }

    private async Task UpdateAsync(SourceEntry entry, string mirror)
    {
        log.Detail($"Updating {entry.Source.Name} git repo...");
        var (result, complaint) = await runner.TryToolAsync(
            Git("-C", mirror, "-c", "gc.auto=0", "-c", "maintenance.auto=false", "fetch", "--all", "--prune")).ConfigureAwait(false);
        if (!result.IsSuccess)
        {
            // makepkg too goes on with what it has, so that one can build without a network.
            log.Warning($"Failure while updating {entry.Source.Name} git repo from {entry.Source.Url}: {complaint}");
        }
    }

    private async Task<string> FindCommitAsync(SourceEntry entry, string mirror)
    {
        var reference = entry.Source.Reference!;
        var commit = "";
        var result = await runner.RunAsync(
            Git("-C", mirror, "rev-parse", "--verify", "--quiet", RevisionOf(reference) + "^{commit}")
                .WithStandardOutput(line => commit = line)
                .WithStandardError(log.ErrorOutput)).ConfigureAwait(false);
        return result.IsSuccess && commit.Length > 0 ? commit : throw new PkgbuildException(
            MakepkgExitCode.Failure,
            $"{entry.Source.Url} has no {(reference.Kind == GitReferenceKind.Head ? "default branch" : $"{Name(reference.Kind)} '{reference.Value}'")}",
            entry.Pkgbuild.Path,
            entry.Line);
    }

    // The name inside a tag object is what was signed; the name of the reference is what anybody who owns the server says.
    private async Task RequireUnforgedTagAsync(FetchedSource source)
    {
        if (source.Source.Reference is not { Kind: GitReferenceKind.Tag, Value: var tag })
        {
            return;
        }

        var inside = "";
        await runner.RunToolAsync(
            Git("-C", source.Path, "for-each-ref", "--format=%(tag)", "refs/tags/" + tag),
            $"Cannot read tag {tag} of {source.Source.Name} git repo",
            line => inside = line).ConfigureAwait(false);
        if (inside.Length > 0 && inside != tag)
        {
            throw new PkgbuildException(
                MakepkgExitCode.Failure,
                $"Failure while checking out version {tag} of {source.Source.Name}, the git tag has been forged: inside it says {inside}",
                source.Entry.Pkgbuild.Path,
                source.Entry.Line);
        }
    }

    private static string RevisionOf(GitReference reference) => reference.Kind switch
    {
        GitReferenceKind.Head => "HEAD",
        GitReferenceKind.Branch => "refs/heads/" + reference.Value,
        GitReferenceKind.Tag => "refs/tags/" + reference.Value,
        _ => reference.Value,
    };

    private static string Name(GitReferenceKind kind) => kind switch
    {
        GitReferenceKind.Branch => "branch",
        GitReferenceKind.Tag => "tag",
        _ => "commit",
    };

    private static void RemoveUnfinished(string path)
    {
        if (Directory.Exists(path))
        {
            NativeFile.RemoveTree(path);
        }
    }

    private static SupervisedCommand Git(params string[] arguments) => SupervisedCommand.Create("git", arguments)
        .WithUmask(BuildEnvironment.Umask)
        .WithEnvironmentVariables(Misleading.Select(name => KeyValuePair.Create<string, string?>(name, null)))

        // There is nobody to answer a question; ssh finds that out by itself, since a run has no terminal.
        .WithEnvironmentVariable("GIT_TERMINAL_PROMPT", "0");
}
