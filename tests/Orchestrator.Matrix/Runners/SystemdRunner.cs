using System.Globalization;
using Orchestrator.Testing;

namespace Orchestrator.Matrix.Runners;

/// <summary>systemd-run(1): the script is in a unit, and systemd ends that.</summary>
internal sealed class SystemdRunner(params string[] options) : Runner($"`systemd-run {string.Join(' ', options)}`")
{
    internal override string? Problem => !Directory.Exists("/run/systemd/system") ? "no systemd" // sd_booted(3)
        : !Repository.HasTool("systemd-run") ? "no systemd-run"
        : null;

    internal override bool HasTimeout => true;

    internal override IEnumerable<string> CommandLine(string file, TimeSpan? timeout) =>
    [
        "systemd-run",
        .. Environment.IsPrivilegedProcess ? Array.Empty<string>() : ["--user"],
        .. options,
        "--quiet",
        "--property=TimeoutStopSec=0.5",
        .. timeout is { } limit ? [string.Create(CultureInfo.InvariantCulture, $"--property=RuntimeMaxSec={limit.TotalSeconds}")] : Array.Empty<string>(),
        "bash",
        file,
    ];
}
