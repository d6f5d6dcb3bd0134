using System.Globalization;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>What a supervisor costs while its command runs and nothing happens.</summary>
internal static class IdleCost
{
    internal static async Task MeasureAsync(Rounds rounds)
    {
        var idle = rounds.Idle.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        Console.WriteLine("### An idle supervisor");
        Console.WriteLine();
        Console.WriteLine($"| | resident memory | of that not shared | threads | wake-ups in {idle} s |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        if (Supervise.HasNative)
        {
            await MeasureAsync("native", native: true, rounds.Idle);
        }

        await MeasureAsync("managed", native: false, rounds.Idle);
        Console.WriteLine();
    }

    private static async Task MeasureAsync(string name, bool native, TimeSpan idle)
    {
        using var supervisor = Supervise.Start(native, "--", "sh", "-c", "echo READY; exec sleep 600");
        _ = await supervisor.StandardOutput.ReadLineAsync();
        await Task.Delay(TimeSpan.FromSeconds(1)); // its start-up is over
        var before = Switches(supervisor.Id);
        await Task.Delay(idle); // doing nothing for a while is what is measured
        var switches = Switches(supervisor.Id).Sum(thread => thread.Value - before.GetValueOrDefault(thread.Key));
        var status = Status($"/proc/{supervisor.Id}/status");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {status["VmRSS"] / 1024.0:0.0} MiB | {status["RssAnon"] / 1024.0:0.0} MiB | {status["Threads"]} | {switches} |"));
        Signal.Send(supervisor, Signal.Term);
        await Supervise.ExitAsync(supervisor);
    }

    // By thread: each time one wakes it gives up the processor again.
    private static Dictionary<string, long> Switches(int pid)
    {
        var switches = new Dictionary<string, long>();
        foreach (var thread in Directory.GetDirectories($"/proc/{pid}/task"))
        {
            try
            {
                switches.Add(thread, Status(Path.Combine(thread, "status"))["voluntary_ctxt_switches"]);
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                // The managed runtime lets idle threads go; this one went as we looked.
            }
        }

        return switches;
    }

    // "VmRSS:      3012 kB" (proc(5)); lines without a number are of no interest.
    private static Dictionary<string, long> Status(string path)
    {
        var fields = new Dictionary<string, long>();
        foreach (var line in File.ReadLines(path))
        {
            var parts = line.Split(':', 2);
            if (long.TryParse(parts[1].Replace(" kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var value))
            {
                fields[parts[0]] = value;
            }
        }

        return fields;
    }
}
