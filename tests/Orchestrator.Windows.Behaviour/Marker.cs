using System.Globalization;

namespace Orchestrator.Testing;

/// <summary>Finds the processes that a test started, whatever became of them: they run a program whose name nobody else has.</summary>
public sealed class Marker
{
    private static int count;
    private readonly Lazy<string> program;

    public Marker()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"tree-{Environment.ProcessId}-{Interlocked.Increment(ref count)}");
        program = new(() =>
        {
            var copy = Path.Combine(Directory.CreateTempSubdirectory("orch é ").FullName, Name + ".exe");
            File.Copy(Tree, copy);
            return copy;
        });
    }

    /// <summary>The program that starts trees of processes: <c>tree.c</c>, compiled.</summary>
    public static string Tree { get; } = Environment.GetEnvironmentVariable("ORCHESTRATOR_TEST_TREE") ?? Path.Combine(AppContext.BaseDirectory, "tree.exe");

    /// <summary>Name of its program, without <c>.exe</c>.</summary>
    public string Name { get; }

    /// <summary>Path of its program.</summary>
    public string Program => program.Value;

    /// <summary>Living processes that carry the marker, as <c>PID (name)</c>.</summary>
    public IReadOnlyList<string> Alive() => [.. Pids().Select(id => string.Create(CultureInfo.InvariantCulture, $"{id} ({Name})"))];

    /// <summary>Their PIDs.</summary>
    public IReadOnlyList<int> Pids() =>
        [.. Snapshot.Take().Where(process => process.Name.Equals(Name + ".exe", StringComparison.OrdinalIgnoreCase)).Select(process => process.Id)];

    /// <summary>Waits until as many are alive; the deadline is far beyond what it takes.</summary>
    public Task UntilAliveAsync(int atLeast) => Eventually.IsTrueAsync(() => Pids().Count >= atLeast, $"{atLeast} processes are called {Name}");

    /// <summary>Ends what is left, by PID: a test leaves nothing, even when it fails.</summary>
    public void KillAll()
    {
        for (var left = Pids(); left.Count > 0; left = Pids())
        {
            foreach (var id in left)
            {
                Snapshot.Terminate(id);
            }
        }

        if (program.IsValueCreated)
        {
            Directory.Delete(Path.GetDirectoryName(Program)!, recursive: true);
        }
    }
}
