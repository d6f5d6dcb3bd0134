using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Pkgbuild.Tests;

/// <summary>A folder with a PKGBUILD and places of its own for output, cache and work, removed with all that is in it.</summary>
public sealed class Workshop : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Lock gate = new();
    private readonly List<BuildMessage> messages = [];
    private readonly List<(Func<BuildMessage, bool> Matches, TaskCompletionSource Seen)> waiting = [];

    public Workshop(string name = "start")
    {
        Root = Directory.CreateTempSubdirectory("orchestrator-build-").FullName;
        StartDirectory = Directory.CreateDirectory(Path.Combine(Root, name)).FullName;
    }

    /// <summary>The beginning of a PKGBUILD that only needs functions.</summary>
    public static string Head { get; } =
        """
        pkgname=sample
        pkgver=1.0
        pkgrel=1
        arch=(any)

        """;

    public string Root { get; }

    public string StartDirectory { get; }

    public string PkgbuildPath => Path.Combine(StartDirectory, "PKGBUILD");

    public string Output => Path.Combine(Root, "out");

    public string Cache => Path.Combine(Root, "cache");

    public string Work => Path.Combine(Root, "work");

    public BuildOptions Options => new()
    {
        OutputDirectory = Output,
        SourceCache = Cache,
        WorkRoot = Work,
        BuildCache = Path.Combine(Root, "builds"),
        Architecture = "x86_64",
        Download = new() { Backoff = TimeSpan.FromMilliseconds(10), StallTimeout = TimeSpan.FromSeconds(20) },
    };

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
            {
                return [.. messages.Select(message => message.Text)];
            }
        }
    }

    public Workshop Pkgbuild(string text)
    {
        File.WriteAllText(PkgbuildPath, text);
        return this;
    }

    public Workshop With(string name, string content) => With(name, Encoding.UTF8.GetBytes(content));

    public Workshop With(string name, byte[] content)
    {
        File.WriteAllBytes(Path.Combine(StartDirectory, name), content);
        return this;
    }

    /// <summary>A package of one file that has to be downloaded.</summary>
    public Workshop WithDownload(string address, byte[] content) => Pkgbuild(
        Head + $"source=('{address}')\nsha256sums=({Convert.ToHexStringLower(SHA256.HashData(content))})\npackage() {{ cp data.bin \"$pkgdir\"; }}\n");

    /// <summary>Names of the files in the source cache.</summary>
    public IReadOnlyList<string> Cached => [.. Directory.GetFiles(Cache, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetFileName(file))
        .Where(name => !name.EndsWith(".lock", StringComparison.Ordinal))];

    public Task<BuildResult> BuildAsync(Func<BuildOptions, BuildOptions>? change = null) =>
        BuildUntilAsync(TestContext.Current.CancellationToken, CancellationToken.None, change);

    public Task<BuildResult> BuildUntilAsync(
        CancellationToken cancel, CancellationToken kill, Func<BuildOptions, BuildOptions>? change = null) =>
        new PackageBuilder((change ?? (options => options))(Options), Log)
            .BuildAsync(StartDirectory, cancel, kill)
            .WaitAsync(Deadline, TestContext.Current.CancellationToken);

    /// <summary>Builds what cannot be built, and requires that nothing of it is left.</summary>
    public async Task<PkgbuildException> BuildBadAsync(Func<BuildOptions, BuildOptions>? change = null)
    {
        var error = await Assert.ThrowsAnyAsync<PkgbuildException>(() => BuildAsync(change));
        Assert.DoesNotContain('\n', error.CanonicalMessage);
        AssertNothingLeft();
        return error;
    }

    public void Log(BuildMessage message)
    {
        lock (gate)
        {
            messages.Add(message);
            foreach (var (_, seen) in waiting.Where(wait => wait.Matches(message)))
            {
                seen.TrySetResult();
            }
        }
    }

    /// <summary>Waits until a line with this text in it has been logged.</summary>
    public Task LineAsync(string text)
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (messages.Exists(message => message.Text.Contains(text, StringComparison.Ordinal)))
            {
                return Task.CompletedTask;
            }

            waiting.Add((message => message.Text.Contains(text, StringComparison.Ordinal), seen));
        }

        return seen.Task.WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }

    /// <summary>Cancels a build as soon as a line has been logged, and requires that nothing of it is left.</summary>
    public async Task<OperationCanceledException> CancelAtAsync(string line, Func<BuildOptions, BuildOptions>? change = null)
    {
        lock (gate)
        {
            messages.Clear();
        }

        using CancellationTokenSource cancel = new();
        var build = BuildUntilAsync(cancel.Token, CancellationToken.None, change);
        await Task.WhenAny(LineAsync(line), build);
        if (build.IsFaulted)
        {
            await build;
        }

        Assert.Contains(Lines, text => text.Contains(line, StringComparison.Ordinal));
        await cancel.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        AssertNothingLeft();
        Assert.Equal("Build cancelled by user", error.Message);
        Assert.Single(Lines, "==> Build cancelled, killing process group...");
        Assert.Single(Lines, text => text.StartsWith("==> Work directory removed: ", StringComparison.Ordinal));
        return error;
    }

    /// <summary>No work directory, nothing half-written in the output, and no process that has one of our folders in its environment or arguments.</summary>
    public void AssertNothingLeft()
    {
        Assert.Empty(Directory.Exists(Work) ? Directory.GetFileSystemEntries(Work) : []);
        var beside = Path.Combine(Output, ".orchestrator", "work");
        Assert.Empty(Directory.Exists(beside) ? Directory.GetFileSystemEntries(beside) : []);
        Assert.Empty(ProcessesWith(Root));
    }

    /// <summary>The content of a file of the installed tree.</summary>
    public string Installed(string path, string package = "sample") => File.ReadAllText(Path.Combine(Output, package, path));

    public static async Task<string> RunAsync(string directory, string program, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await error}");
        return output;
    }

    /// <summary>Options for a machine that has no commands but bash and those of a very small system.</summary>
    public BuildOptions Bare(BuildOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ToolPath path = new(Environment.GetEnvironmentVariable("PATH"));
        var folder = Directory.CreateDirectory(Path.Combine(Root, "bin")).FullName;
        foreach (var command in new[] { "bash", "cp", "cat", "ls", "stat", "readlink", "wc", "mkdir", "ln", "head" })
        {
            File.CreateSymbolicLink(Path.Combine(folder, command), path.Find(command)!);
        }

        return options with { Environment = new Dictionary<string, string?> { ["PATH"] = folder } };
    }

    /// <summary>Bytes that are the same each time, and others for each size.</summary>
    public static byte[] Bytes(int size) => [.. Enumerable.Range(0, size).Select(index => (byte)((index * 2654435761L + size) >> 13))];

    public static bool HasCommand(string name) => new ToolPath(Environment.GetEnvironmentVariable("PATH")).Find(name) is not null;

    public void Dispose()
    {
        foreach (var folder in Directory.EnumerateDirectories(Root, "*", SearchOption.AllDirectories))
        {
            if (new FileInfo(folder).LinkTarget is null)
            {
                LinuxFile.SetMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        Directory.Delete(Root, recursive: true);
    }

    private static IEnumerable<string> ProcessesWith(string text)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            if (int.Parse(Path.GetFileName(process), null) != Environment.ProcessId
                && (Read(process, "environ") + Read(process, "cmdline")).Contains(text, StringComparison.Ordinal))
            {
                yield return Read(process, "cmdline").Replace('\0', ' ');
            }
        }
    }

    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended, or it is another user's.
            return "";
        }
    }
}
