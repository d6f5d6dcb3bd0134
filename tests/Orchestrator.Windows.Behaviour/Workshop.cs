using Orchestrator.Pkgbuild;
using Orchestrator.Processes;

namespace Orchestrator.Testing;

/// <summary>A folder with a PKGBUILD, and places of its own for output, cache and work, removed with all that is in it.</summary>
internal sealed class Workshop : IDisposable
{
    private readonly TestDirectory directory = new();
    private readonly List<string> lines = [];

    internal Workshop()
    {
        Bash.SkipIfMissing();
        Output = directory.Combine("out");
    }

    /// <summary>The beginning of a PKGBUILD that only needs functions.</summary>
    internal static string Head => "pkgname=sample\npkgver=1.0\npkgrel=1\narch=(any)\n";

    internal string StartDirectory => directory.Combine("start");

    internal string PkgbuildPath => Path.Combine(StartDirectory, "PKGBUILD");

    internal string Output { get; init; }

    internal string WorkRootPath => directory.Combine("work");

    /// <summary>Work directories that are there.</summary>
    internal IEnumerable<string> WorkDirectories => Directory.Exists(WorkRootPath) ? Directory.EnumerateFileSystemEntries(WorkRootPath) : [];

    /// <summary>What builds have said.</summary>
    internal IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    internal void WriteSource(string name, string text) => directory.Write(Path.Combine("start", name), text);

    /// <summary>Writes a PKGBUILD with the line ends that bash reads.</summary>
    internal void WritePkgbuild(string text) => WriteSource("PKGBUILD", text.ReplaceLineEndings("\n"));

    /// <summary>Builds in this process.</summary>
    /// <param name="cancellationToken">Cancels, too.</param>
    /// <param name="cancelAt">Cancels when a line begins so.</param>
    internal async Task<BuildResult> BuildAsync(CancellationToken cancellationToken, string? cancelAt = null)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var options = new BuildOptions { OutputDirectory = Output, SourceCache = directory.Combine("cache"), WorkRoot = WorkRootPath, Architecture = "x86_64" };
        return await new PackageBuilder(options, Take).BuildAsync(StartDirectory, cancel.Token);

        void Take(BuildMessage message)
        {
            lock (lines)
            {
                lines.Add(message.Text);
            }

            if (cancelAt is not null && message.Text.StartsWith(cancelAt, StringComparison.Ordinal))
            {
                cancel.Cancel();
            }
        }
    }

    /// <summary>Builds by the command line tool.</summary>
    /// <param name="environment">Changes to our environment.</param>
    internal ToolRun StartTool(Dictionary<string, string>? environment = null) => ToolRun.Start(
        ["build", "--root", StartDirectory, "--output", Output],
        new(environment ?? []) { [WorkRoot.Variable] = WorkRootPath, ["SRCDEST"] = directory.Combine("cache") });

    public void Dispose()
    {
        foreach (var folder in (string[])[directory.Path, Output])
        {
            if (Directory.Exists(folder))
            {
                WindowsFile.MakeRemovable(folder); // a package may have read-only files
            }
        }

        if (Directory.Exists(Output))
        {
            Directory.Delete(Output, recursive: true);
        }

        directory.Dispose();
    }
}
