using Orchestrator.Benchmarks;
using Orchestrator.Processes;

var usage = $"""
    Usage: dotnet run -c Release --project tests/Orchestrator.Benchmarks [-- [GROUP]... [--quick] [--chart FILE] [--pkgbuilds DIR]]
    Measures what supervising costs and prints it as Markdown.

      GROUP           {string.Join(", ", Benchmarks.Groups)}; all if none is named
      --quick         few rounds: shows that it works, not how fast it is
      --chart FILE    draws what the group growth measures, as SVG
      --pkgbuilds DIR what the group reading reads; copies of this repository's packages if it is not given
    """;
const string Supervised = "--supervised";

if (args is [Supervised, var workDirectory, .. var rest])
{
    await Benchmarks.RunAsync(Choice.Parse(rest)!, workDirectory);
    return 0;
}

if (args is [ReadingCost.Reader, var list])
{
    return await ReadingCost.ReadAsync(list);
}

if (Choice.Parse(args) is null)
{
    Console.Error.WriteLine(usage);
    return args is ["--help"] ? 0 : 2;
}

if (!OperatingSystem.IsLinux())
{
    Console.Error.WriteLine("The benchmarks need Linux.");
    return 1;
}

// Some of what is measured leaks when it is aborted, which is the point. So the benchmarks are a run themselves: what
// they start, and the file that they read, are gone with them, whatever ends them.
using var cancellation = BuildCancellation.Start();
var directory = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
try
{
    var result = await SupervisedCommand.Create(Path.Combine(AppContext.BaseDirectory, "Orchestrator.Benchmarks"), [Supervised, directory, .. args])
        .WithWorkDirectory(directory, WorkDirectoryRemoval.Always)
        .WithGracePeriod(TimeSpan.FromSeconds(10)) // a run inside a run must end within the outer grace period
        .WithCancelSignal("KILL") // there is nothing to save
        .WithInheritedStandardStreams()
        .RunAsync(cancellation.Token);
    return result.ExitCode;
}
catch (OperationCanceledException)
{
    return cancellation.ExitCode ?? 1;
}
