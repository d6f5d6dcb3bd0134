using System.Diagnostics;
using System.Text;

namespace Orchestrator.Pkgbuild.Tests;

/// <summary>A folder with sources, a cache entry, and the scripts that stand before compilers; removed with all that is in it.</summary>
public sealed class CompilerFolder : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly string root = Directory.CreateTempSubdirectory("orchestrator-compiler-").FullName;

    public CompilerFolder()
    {
        Assert.SkipUnless(!OperatingSystem.IsWindows() && Workshop.HasCommand("gcc") && Workshop.HasCommand("g++"), "gcc or g++ is not installed");
        Entry = Path.Combine(root, "entry");
        foreach (var folder in new[] { Sources, Entry, Temporary })
        {
            Directory.CreateDirectory(folder);
        }
    }

    public string Sources => Path.Combine(root, "src");

    public string Entry { get; }

    public string Temporary => Path.Combine(root, "tmp");

    /// <summary>The script, under each name.</summary>
    public string Shims => Path.Combine(root, "bin");

    /// <summary>What was kept.</summary>
    public IReadOnlyList<string> Kept => [.. Directory.EnumerateFiles(Entry, "*.o", SearchOption.AllDirectories).Where(file => !file.Contains("/tmp/", StringComparison.Ordinal))];

    /// <summary>What became of each compilation, in order.</summary>
    public IReadOnlyList<string> Steps => File.Exists(Path.Combine(Entry, "steps"))
        ? [.. File.ReadAllLines(Path.Combine(Entry, "steps")).Select(line => line.Split('\t')[1])]
        : [];

    public async Task InstallAsync(string fields = "")
    {
        using PkgbuildFolder folder = new(PkgbuildFolder.Minimum + fields);
        var pkgbuild = await folder.ReadAsync();
        ToolShims.Install(Shims, Entry, new ToolPath(Environment.GetEnvironmentVariable("PATH")), pkgbuild, new BuildOptions { Architecture = "x86_64" });
    }

    /// <summary>Writes a source, of a while ago as those of an archive are.</summary>
    public CompilerFolder With(string name, string text)
    {
        var path = Path.Combine(Sources, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        return this;
    }

    public byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Sources, name));

    /// <summary>Starts a command of bash, with the scripts or without, in a session of its own.</summary>
    public Process Start(string command, bool isPlain = false)
    {
        ProcessStartInfo start = new("setsid", ["bash", "--norc", "-c", command])
        {
            WorkingDirectory = Sources, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["TMPDIR"] = Temporary;
        start.Environment["LC_ALL"] = "C";
        start.Environment.Remove("ORCHESTRATOR_CCACHE");
        if (!isPlain)
        {
            start.Environment["ORCHESTRATOR_CACHE_ENTRY"] = Entry;
            start.Environment["PATH"] = $"{Shims}:{Environment.GetEnvironmentVariable("PATH")}";
        }

        return Process.Start(start)!;
    }

    public async Task<(int Status, string Output, string Errors)> TryAsync(string command, bool isPlain = false)
    {
        using var process = Start(command, isPlain);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await errors);
    }

    /// <summary>Runs a command, which must succeed.</summary>
    /// <returns>What it said.</returns>
    public async Task<string> RunAsync(string command, bool isPlain = false)
    {
        var (status, _, errors) = await TryAsync(command, isPlain);
        Assert.True(status == 0, $"{command}: {errors}");
        return errors;
    }

    /// <summary>Runs a command, and tells all that it did: its status, what it said, and each file that it made.</summary>
    public async Task<string> DescribeAsync(string command, bool isPlain)
    {
        var before = Files().ToHashSet(StringComparer.Ordinal);
        var (status, output, errors) = await TryAsync(command, isPlain);
        StringBuilder text = new($"{status}\n{output}\n{errors}\n");
        foreach (var file in Files().Where(file => !before.Contains(file)).Order(StringComparer.Ordinal).ToList())
        {
            text.Append(file).Append('\n').Append(IsDifferentEachTime(file) ? "" : Convert.ToHexString(File.ReadAllBytes(file))).Append(' ').Append(new FileInfo(file).UnixFileMode).Append('\n');
            File.Delete(file);
        }

        Assert.Empty(Directory.GetFileSystemEntries(Temporary));
        return text.ToString();
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    // They hold addresses, a random stamp, the name of a temporary file.
    private static bool IsDifferentEachTime(string file) => Path.GetExtension(file) is ".gch" or ".gcno" || Path.GetFileName(file) == "listing";

    private IEnumerable<string> Files() => Directory.EnumerateFiles(Sources, "*", SearchOption.AllDirectories);
}
