using System.Diagnostics;
using System.Globalization;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>What supervisors and keepers cost while nothing happens.</summary>
internal static class IdleCost
{
    private const double MostMemory = 6; // MB

    internal static async Task MeasureAsync(Rounds rounds, string workDirectory)
    {
        var subjects = new List<(string Name, OwnProcesses Processes, Process Started, bool HasAim)>();
        foreach (var native in (bool[])[true, false])
        {
            if (native && !Supervise.HasNative)
            {
                continue;
            }

            var build = native ? "native" : "managed";
            foreach (var level in MeasuredLevels.Available)
            {
                var supervisor = await StartedAsync(Supervise.Start(native, "--containment", MeasuredLevels.Name(level), "--", "sh", "-c", "echo READY; exec sleep 600"));
                subjects.Add(($"{build}, `{MeasuredLevels.Name(level)}`", OwnProcesses.From(supervisor.Id), supervisor, native));
            }

            var events = Path.Combine(workDirectory, $"{build}-events");
            var keeper = Supervise.Start(native, "--hold", "--work-dir", Path.Combine(workDirectory, build), "--events", events);
            await Eventually.IsTrueAsync(() => File.Exists(events) && new FileInfo(events).Length > 0, "a keeper starts");
            subjects.Add(($"{build}, keeper", OwnProcesses.From(keeper.Id), keeper, native));
        }

        await Task.Delay(TimeSpan.FromSeconds(2)); // no event tells that a runtime has done what it does after its start
        var before = subjects.ConvertAll(subject => subject.Processes.Switches());
        await Task.Delay(rounds.Idle); // doing nothing for a while is what is measured
        Print(rounds, subjects.Zip(before).Select(pair => (pair.First.Name, pair.First.Processes, Wakes: pair.First.Processes.SwitchesSince(pair.Second), pair.First.HasAim)));
        foreach (var (_, _, started, _) in subjects)
        {
            Signal.Send(started, Signal.Term);
            await Supervise.ExitAsync(started);
            started.Dispose();
        }
    }

    private static async Task<Process> StartedAsync(Process supervisor)
    {
        _ = await supervisor.StandardOutput.ReadLineAsync();
        return supervisor;
    }

    private static void Print(Rounds rounds, IEnumerable<(string Name, OwnProcesses Processes, long Wakes, bool HasAim)> subjects)
    {
        Console.WriteLine("### Idle");
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| | processes of ours | resident memory of the supervisor | aim | of all of ours not shared | wake-ups in {rounds.Idle.TotalSeconds} s | aim |"));
        Console.WriteLine("| --- | --- | ---: | --- | ---: | ---: | --- |");
        foreach (var (name, processes, wakes, hasAim) in subjects)
        {
            var memory = processes.Resident / 1e6;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {processes.Names} | {memory:0.0} MB | {Aims.Cell($"memory, {name}", memory, hasAim ? MostMemory : null, " MB")} | {processes.NotShared / 1e6:0.0} MB | {wakes} | {Aims.Cell($"wake-ups, {name}", wakes, hasAim ? 0 : null)} |"));
        }

        Console.WriteLine();
    }
}
