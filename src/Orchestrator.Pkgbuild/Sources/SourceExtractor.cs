using System.IO.Compression;
using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>Puts sources into <c>srcdir</c> as makepkg does: files are linked there, archives unpacked, git repositories checked out.</summary>
internal sealed class SourceExtractor(ContainedRunner runner, GitRepository git, ToolPath tools, BuildLog log)
{
    private readonly BsdTar? bsdtar = (tools.Find(BsdTar.Name) ?? BsdTar.OfWindows) is { } program ? new(program, runner) : null;

    /// <summary>Puts one source into <c>srcdir</c>.</summary>
    /// <exception cref="PkgbuildException">It cannot be unpacked, or a member would leave srcdir.</exception>
    internal async Task ExtractAsync(FetchedSource source, string srcdir)
    {
        if (source.Source.Protocol == SourceProtocol.Git)
        {
            await git.CheckOutAsync(source, srcdir).ConfigureAwait(false);
            return;
        }

        var name = source.Source.Name;
        var link = Path.Combine(srcdir, name);
        File.Delete(link);
        NativeFile.Place(source.Path, link);
        if (source.Entry.Pkgbuild.Fields.Array("noextract").Contains(name, StringComparer.Ordinal))
        {
            return;
        }

        try
        {
            await UnpackAsync(source, ArchiveDetection.Detect(source.Path), srcdir).ConfigureAwait(false);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new PkgbuildException(MakepkgExitCode.Failure, $"Failed to extract {name}: {error.Message}", innerException: error);
        }
    }

    private async Task UnpackAsync(FetchedSource source, ArchiveKind kind, string srcdir)
    {
        var name = source.Source.Name;
        switch (kind)
        {
            case ArchiveKind.None:
                return;

            case ArchiveKind.Gzip:
                // makepkg leaves a compressed file alone that does not say so in its name.
                if (IsNamed(name, ".gz", ".z", ".Z"))
                {
                    await DecompressAsync(source, srcdir).ConfigureAwait(false);
                }

                return;

            case ArchiveKind.Tar or ArchiveKind.TarGzip or ArchiveKind.Zip when bsdtar is not null:
                await UnpackAsync(source, bsdtar, srcdir).ConfigureAwait(false);
                return;

            case ArchiveKind.Tar or ArchiveKind.TarGzip:
                log.Detail($"Extracting {name}");
                await ManagedTar.ExtractAsync(
                    source.Path, kind == ArchiveKind.TarGzip, new(name, srcdir), srcdir, runner.Cancelled).ConfigureAwait(false);
                return;

            case ArchiveKind.Zip:
                log.Detail($"Extracting {name}");
                await ManagedZip.ExtractAsync(source.Path, new(name, srcdir), srcdir, runner.Cancelled).ConfigureAwait(false);
                return;

            case ArchiveKind.Compressed or ArchiveKind.Foreign or ArchiveKind.Unknown:
                await UnpackForeignAsync(source, kind, srcdir).ConfigureAwait(false);
                return;
        }
    }

    // What bsdtar does not know either is no archive; makepkg finds out in the same way.
    private async Task UnpackForeignAsync(FetchedSource source, ArchiveKind kind, string srcdir)
    {
        var name = source.Source.Name;
        if (bsdtar is null)
        {
            if (kind != ArchiveKind.Unknown)
            {
                throw new PkgbuildException(
                    MakepkgExitCode.MissingTool,
                    $"{name} can be unpacked with {BsdTar.Name} only, and it is not on PATH (Debian: libarchive-tools, Arch: libarchive); "
                    + "add the file to noextract to use it as it is");
            }
        }
        else if (await bsdtar.CanReadAsync(source.Path).ConfigureAwait(false))
        {
            await UnpackAsync(source, bsdtar, srcdir).ConfigureAwait(false);
        }
        else if (kind == ArchiveKind.Compressed && DecompressorOf(name) is { } tool)
        {
            await DecompressAsync(source, srcdir, tool).ConfigureAwait(false);
        }
    }

    private async Task UnpackAsync(FetchedSource source, BsdTar tar, string srcdir)
    {
        log.Detail($"Extracting {source.Source.Name} with {BsdTar.Name}");
        await tar.ExtractAsync(source.Path, source.Source.Name, srcdir).ConfigureAwait(false);
    }

    private async Task DecompressAsync(FetchedSource source, string srcdir)
    {
        log.Detail($"Extracting {source.Source.Name} with gzip");
        var compressed = File.OpenRead(source.Path);
        await using (compressed.ConfigureAwait(false))
        {
            GZipStream content = new(compressed, CompressionMode.Decompress);
            await using (content.ConfigureAwait(false))
            {
                await UnpackedFile.WriteAsync(
                    Target(source, srcdir),
                    content,
                    BuildEnvironment.FileMode,
                    File.GetLastWriteTimeUtc(source.Path),
                    runner.Cancelled).ConfigureAwait(false);
            }
        }
    }

    private async Task DecompressAsync(FetchedSource source, string srcdir, string tool)
    {
        log.Detail($"Extracting {source.Source.Name} with {tool}");
        var target = Target(source, srcdir);
        UnpackedFile.PrepareFor(target);
        using FileStream file = new(target, FileMode.CreateNew, FileAccess.Write);
        Complaint complaint = new();
        var command = SupervisedCommand.Create(tool, "-dcf", "--", source.Path)
            .WithStandardOutputBytes(file.Write)
            .WithStandardError(complaint.Add);
        var result = await runner.RunAsync(command).ConfigureAwait(false);
        if (!result.IsSuccess)
        {
            throw ContainedRunner.ToolFailed(command, $"Failed to extract {source.Source.Name}", result, complaint);
        }
    }

    private static string Target(FetchedSource source, string srcdir) =>
        Path.Combine(srcdir, Path.GetFileNameWithoutExtension(source.Source.Name));

    private static string? DecompressorOf(string name) =>
        IsNamed(name, ".bz2", ".bz") ? "bzip2" : IsNamed(name, ".xz") ? "xz" : IsNamed(name, ".zst") ? "zstd" : null;

    private static bool IsNamed(string name, params ReadOnlySpan<string> extensions)
    {
        var extension = Path.GetExtension(name);
        return extensions.Contains(extension);
    }
}
