using System.Globalization;

namespace Orchestrator.Testing;

/// <summary>A control group of version 1 (<c>cgroups(7)</c>) that a test limits. For root.</summary>
public sealed class ControlGroupV1 : IDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private static int count;

    public ControlGroupV1(string controller)
    {
        Path = $"{Root}/{controller}/orch-test-{Environment.ProcessId}-{Interlocked.Increment(ref count)}";
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>A command line that puts what follows it into the group.</summary>
    public IReadOnlyList<string> Joining => ["sh", "-c", $"echo $$ > {Path}/cgroup.procs && exec \"$@\"", "sh"];

    /// <summary>Whether a group of a controller can be made.</summary>
    public static bool IsAvailable(string controller) => Environment.IsPrivilegedProcess && File.Exists($"{Root}/{controller}/cgroup.procs");

    public void Set(string file, long value) => File.WriteAllText($"{Path}/{file}", value.ToString(CultureInfo.InvariantCulture));

    public string Get(string file) => File.ReadAllText($"{Path}/{file}");

    public void Dispose()
    {
        // What has ended a moment ago can still be counted.
        SpinWait.SpinUntil(
            () =>
            {
                try
                {
                    Directory.Delete(Path);
                    return true;
                }
                catch (IOException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(5));
    }
}
