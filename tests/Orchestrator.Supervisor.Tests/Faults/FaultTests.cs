using System.Diagnostics;
using System.Text.Json;
using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests.Faults;

/// <summary>
/// Something fails while a run is being ended. Either the promise is kept, or the report is loud and exact: exit status
/// 125, a line on standard error, and an event that names what is left.
/// </summary>
public abstract class FaultTests : SupervisorTests, IDisposable
{
    private const UnixFileMode ForAll = (UnixFileMode)0x1FF; // rwxrwxrwx
    private static int users;
    private readonly List<ControlGroupV1> groups = [];

    protected FaultTests() => File.SetUnixFileMode(Directory.Path, ForAll);

    /// <summary>A time limit that only a hang exceeds.</summary>
    protected static TimeSpan FarTooLong { get; } = TimeSpan.FromSeconds(45);

    protected string EventFile => Directory.Combine("events");

    protected string Work => Directory.Combine("work");

    public new void Dispose()
    {
        base.Dispose();
        groups.ForEach(group => group.Dispose());
        GC.SuppressFinalize(this);
    }

    /// <summary>A control group for a limit; it is removed after the test.</summary>
    protected ControlGroupV1 NewGroup(string controller)
    {
        Assert.SkipUnless(ControlGroupV1.IsAvailable(controller), $"needs root and the {controller} controller of cgroup version 1");
        groups.Add(new(controller));
        return groups[^1];
    }

    /// <summary>A user that nobody else is, so that limits of a user are the test's own.</summary>
    protected static int NewUser() => 100_000 + (Environment.ProcessId % 50_000 * 20) + (Interlocked.Increment(ref users) % 20);

    protected static void NeedRoot() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");

    protected static void NeedTool(string name) => Assert.SkipUnless(Repository.HasTool(name), $"{name} is not installed");

    /// <summary>Starts the supervisor at the end of other command lines.</summary>
    protected Process Start(bool native, IEnumerable<IEnumerable<string>> sandboxes, params IEnumerable<string> arguments)
    {
        string[] words = [.. sandboxes.SelectMany(sandbox => sandbox), .. ProgramForAll(native), .. arguments];
        return StartOther(words[0], words[1..]);
    }

    /// <summary>Its exit status and its standard error.</summary>
    protected static async Task<(int Status, string Error)> EndAsync(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var status = await Supervise.ExitAsync(process);

        // A survivor can hold it open.
        Assert.Same(error, await Task.WhenAny(error, Task.Delay(FarTooLong, TestContext.Current.CancellationToken)));
        return (status, await error);
    }

    /// <summary>The events so far.</summary>
    protected IReadOnlyList<JsonElement> Events() =>
        File.Exists(EventFile) ? [.. File.ReadAllLines(EventFile).Select(line => JsonDocument.Parse(line).RootElement)] : [];

    protected IReadOnlyList<JsonElement> Events(string name) => [.. Events().Where(happened => happened.GetProperty("event").GetString() == name)];

    protected Task UntilEventAsync(string name) =>
        Eventually.IsTrueAsync(() => File.Exists(EventFile) && File.ReadAllText(EventFile).Contains($"\"{name}\"", StringComparison.Ordinal), name);

    /// <summary>A copy of the program that every user may run: a checkout can be in a folder that is closed to others.</summary>
    private IReadOnlyList<string> ProgramForAll(bool native)
    {
        var line = Supervise.CommandLine(native);
        if (!Environment.IsPrivilegedProcess)
        {
            return line;
        }

        var source = new FileInfo(line[^1]).Directory!;
        var copy = Directory.Combine(source.Name);
        if (!System.IO.Directory.Exists(copy))
        {
            Copy(source, copy);
        }

        return [.. line.SkipLast(1), Path.Combine(copy, Path.GetFileName(line[^1]))];
    }

    private static void Copy(DirectoryInfo source, string target)
    {
        System.IO.Directory.CreateDirectory(target);
        File.SetUnixFileMode(target, ForAll);
        foreach (var file in source.EnumerateFiles())
        {
            File.SetUnixFileMode(file.CopyTo(Path.Combine(target, file.Name)).FullName, ForAll);
        }

        foreach (var directory in source.EnumerateDirectories())
        {
            Copy(directory, Path.Combine(target, directory.Name));
        }
    }
}
