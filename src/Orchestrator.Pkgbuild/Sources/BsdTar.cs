using System.Formats.Tar;
using System.IO.Pipelines;
using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>Unpacks with <c>bsdtar(1)</c>, which reads everything that makepkg unpacks.</summary>
/// <param name="program">Its path.</param>
/// <param name="runner">Runs it.</param>
internal sealed class BsdTar(string program, ContainedRunner runner)
{
    /// <summary>Its name.</summary>
    internal const string Name = "bsdtar";

    /// <summary>The one that Windows has had since version 1803, under the name of <c>tar.exe</c>; null where there is none.</summary>
    internal static string? OfWindows { get; } =
        OperatingSystem.IsWindows() && Path.Combine(Environment.SystemDirectory, "tar.exe") is var program && File.Exists(program) ? program : null;

    /// <summary>Whether bsdtar sees an archive in a file.</summary>
    internal async Task<bool> CanReadAsync(string path)
    {
        var result = await runner.RunAsync(Command("-tf", path, "-q", "*")
            .WithStandardOutput(_ => { })
            .WithStandardError(_ => { })).ConfigureAwait(false);
        return result.IsSuccess;
    }

    /// <summary>Unpacks an archive, after all its members have passed the guard.</summary>
    /// <exception cref="PkgbuildException">A member is refused, or bsdtar failed.</exception>
    internal async Task ExtractAsync(string path, string name, string srcdir)
    {
        await CheckMembersAsync(path, name, srcdir).ConfigureAwait(false);
        await runner.RunToolAsync(
            Command("-xf", path, "-C", srcdir, "--no-same-owner", "--no-same-permissions"), $"Failed to extract {name}").ConfigureAwait(false);
    }

    // bsdtar itself turns the archive into a tar stream that .NET reads, so that what is checked is exactly what will be
    // unpacked, whatever the format is. GNU's form of tar: libarchive needs no locale to write its names.
    private async Task CheckMembersAsync(string path, string name, string srcdir)
    {
        Pipe pipe = new();
        Complaint complaint = new();
        var command = Command("-cf", "-", "--format=gnutar", "-P", "@" + path)
            .WithStandardOutputBytes(bytes => Pass(bytes, pipe.Writer))
            .WithStandardError(complaint.Add);
        var check = Task.Run(() => CheckAsync(pipe.Reader, new(name, srcdir)), CancellationToken.None);
        RunResult result;
        try
        {
            result = await runner.RunAsync(command).ConfigureAwait(false);
        }
        finally
        {
            await pipe.Writer.CompleteAsync().ConfigureAwait(false);
            await check.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // A refused member is the better explanation of the two.
        if (check.Exception?.InnerException is PkgbuildException refused)
        {
            throw refused;
        }

        if (!result.IsSuccess)
        {
            throw ContainedRunner.ToolFailed(command, $"Failed to extract {name}", result, complaint);
        }

        try
        {
            await check.ConfigureAwait(false);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or FormatException)
        {
            throw new PkgbuildException(MakepkgExitCode.Failure, $"Failed to list {name}: {error.Message}", innerException: error);
        }
    }

    private static async Task CheckAsync(PipeReader pipe, MemberGuard guard)
    {
        try
        {
            using TarReader reader = new(pipe.AsStream(leaveOpen: true), leaveOpen: true);
            while (await reader.GetNextEntryAsync().ConfigureAwait(false) is { } entry)
            {
                guard.Check(entry.Name, ManagedTar.KindOf(entry), entry.LinkName);
            }
        }
        finally
        {
            // From here on Pass throws the rest away.
            await pipe.CompleteAsync().ConfigureAwait(false);
        }
    }

    // Called by the pump of the run; waiting here is what keeps bsdtar from running ahead of the reader.
    private static void Pass(ReadOnlySpan<byte> bytes, PipeWriter writer)
    {
        bytes.CopyTo(writer.GetSpan(bytes.Length));
        writer.Advance(bytes.Length);
        var flush = writer.FlushAsync();
        if (!flush.IsCompleted)
        {
            flush.AsTask().GetAwaiter().GetResult();
        }
    }

    private SupervisedCommand Command(params string[] arguments) => SupervisedCommand.Create(program, arguments)
        .WithUmask(BuildEnvironment.Umask)
        .WithEnvironmentVariable("LC_ALL", "C.UTF-8");
}
