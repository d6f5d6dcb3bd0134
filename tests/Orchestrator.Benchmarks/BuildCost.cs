using System.Globalization;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>What our processes compute while a build runs.</summary>
internal static class BuildCost
{
    private const double Limit = 0.1; // percent

    internal static async Task MeasureAsync(Rounds rounds, string workDirectory)
    {
        Console.WriteLine("### Computed while `make -j2` runs");
        Console.WriteLine();
        if (!CProject.CanBeBuilt)
        {
            Console.WriteLine("Not measured: make and a C compiler are needed.");
            Console.WriteLine();
            return;
        }

        Console.WriteLine("| | by the build | by the supervisor and what is of ours below it | by a keeper | of the build's | aim |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | --- |");
        foreach (var level in MeasuredLevels.Available)
        {
            var name = MeasuredLevels.Name(level);
            var folder = Path.Combine(workDirectory, $"make-{name}");
            var events = $"{folder}-events";
            using var keeper = Supervise.Start(native: true, "--hold", "--work-dir", folder, "--remove-work-dir", "always", "--events", events);
            await Eventually.IsTrueAsync(() => File.Exists(events) && new FileInfo(events).Length > 0, "a keeper starts");
            CProject.Write(folder, rounds.SourceFiles);

            // times: what the shell's children have used, the compilers among them.
            using var supervisor = Supervise.Start(native: true, "--containment", name, "--directory", folder, "--stdin", "inherit", "--", "bash", "-c", "make -j2 >/dev/null && times && read");
            _ = await supervisor.StandardOutput.ReadLineAsync();
            var build = Seconds(await supervisor.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"make failed: {await supervisor.StandardError.ReadToEndAsync()}"));
            var ours = OwnProcesses.From(supervisor.Id);
            var (run, kept) = (ours.CpuTime.TotalMilliseconds, OwnProcesses.From(keeper.Id).CpuTime.TotalMilliseconds);
            var part = (run + kept) / build / 10; // ms of s, in percent
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| `{name}`: {ours.Names} | {build:0.0} s | {run:0.00} ms | {kept:0.00} ms | {part:0.000} % | {Aims.Cell($"build, {name}", part, Limit, " %")} |"));
            supervisor.StandardInput.Close();
            await Supervise.ExitAsync(supervisor);
            Signal.Send(keeper, Signal.Term);
            await Supervise.ExitAsync(keeper);
        }

        Console.WriteLine();
    }

    // "0m12.345s 0m1.234s"
    private static double Seconds(string times) => times.Split(' ').Sum(part =>
        (double.Parse(part.Split('m')[0], CultureInfo.InvariantCulture) * 60) + double.Parse(part.Split('m')[1].TrimEnd('s'), CultureInfo.InvariantCulture));
}
