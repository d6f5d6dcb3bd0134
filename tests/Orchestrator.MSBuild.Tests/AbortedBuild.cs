using System.Security;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>A build that a test aborts, and what is left of it.</summary>
internal sealed class AbortedBuild(PackedPackage package) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TestDirectory directory = new();

    /// <summary>Carried by what the task of <see cref="StartAsync"/> started.</summary>
    internal Marker Marker { get; } = new();

    private string Work => Combine("work of the run");

    internal string Combine(string name) => directory.Combine(name);

    /// <summary>Starts a build, and waits until two processes of its task are there.</summary>
    internal async Task<Job> StartAsync(BuildShape shape, string before = "", string attributes = "")
    {
        var job = StartWith(shape, $"{before}sleep {Marker.Seconds} & setsid sleep {Marker.Seconds} & echo READY; wait", attributes);
        try
        {
            job.WaitForLine("READY");
            await Marker.UntilAliveAsync(2);
            return job;
        }
        catch
        {
            job.Dispose();
            throw;
        }
    }

    internal Job StartWith(BuildShape shape, string command, string attributes = "") => shape.Start(
        package,
        directory,
        Directory.CreateDirectory(Combine("tmp")).FullName,
        $"<ExecInProcessGroup Command=\"{SecurityElement.Escape(command)}\" WorkDirectory=\"{Work}\" {attributes} />");

    internal async Task NothingIsLeftAsync(Job job)
    {
        await Eventually.IsTrueAsync(() => Marker.Alive().Count == 0, () => $"alive: {string.Join(", ", Marker.Alive())}\n{job.Text}", Limit);
        await Eventually.IsTrueAsync(() => !Directory.Exists(Work), () => $"removed: {Work}\n{job.Text}", Limit);
    }

    public void Dispose()
    {
        Marker.KillAll();
        directory.Dispose();
    }
}
