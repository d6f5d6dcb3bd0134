using System.Globalization;
using System.Security;
using Microsoft.Build.Framework;
using Microsoft.Build.Logging.StructuredLogger;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>A build of one task after another, each in a target of its own, as its binary log shows it.</summary>
public sealed class LoggedBuild : IDisposable
{
    private readonly Dictionary<string, LoggedTask> tasks;

    private readonly Job job;

    private LoggedBuild(Dictionary<string, LoggedTask> tasks, Job job) => (this.tasks, this.job) = (tasks, job);

    /// <summary>The task of a target.</summary>
    public LoggedTask this[string name] => tasks[name];

    /// <summary>Ends what the build left running on purpose.</summary>
    public void Dispose() => job.Dispose();

    /// <summary>Builds a project in <paramref name="directory"/> that is named for the task.</summary>
    /// <param name="package">Where ExecInProcessGroup comes from.</param>
    /// <param name="directory">Where the project and its log are written.</param>
    /// <param name="taskName">The task.</param>
    /// <param name="attributes">For each target, the attributes of the task in it, as XML.</param>
    /// <param name="outputs">The output parameters to look at.</param>
    /// <param name="environment">Of the build.</param>
    public static async Task<LoggedBuild> RunAsync(
        PackedPackage package,
        TestDirectory directory,
        string taskName,
        IReadOnlyDictionary<string, string> attributes,
        IEnumerable<string> outputs,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(attributes);
        var names = attributes.Keys.ToList();
        var elements = string.Concat(outputs.Select(output => $"<Output TaskParameter=\"{output}\" ItemName=\"{output}\" />"));
        var targets = names.Select((name, index) => $"""
              <Target Name="T{index}">
                <{taskName}
                    {attributes[name]} {(attributes[name].Contains("ContinueOnError", StringComparison.Ordinal) ? "" : "ContinueOnError=\"ErrorAndContinue\"")}>{elements}</{taskName}>
              </Target>
            """);
        var project = directory.Write($"{taskName}.proj", $"""
            <Project>
              <Import Project="{SecurityElement.Escape(package.Contents)}/build/Orchestrator.MSBuild.props" />
              <ItemGroup>
                <Source Include="a.c;b.c;c.h" />
              </ItemGroup>
              <Target Name="Build">
                <CallTarget Targets="{string.Join(';', names.Select((_, index) => $"T{index}"))}" RunEachTargetSeparately="true" ContinueOnError="true" />
              </Target>
            {string.Join('\n', targets)}
            </Project>
            """);
        var log = directory.Combine($"{taskName}.binlog");
        var variables = new Dictionary<string, string>(environment ?? new Dictionary<string, string>()) { ["MSBUILDDISABLENODEREUSE"] = "1" };
        var job = Job.Start(variables, "dotnet", "msbuild", project, "-nologo", "-m:1", "-t:Build", "-v:q", $"-bl:{log};ProjectImports=None");
        await job.ExitCodeAsync();
        Assert.True(File.Exists(log), job.Text);
        return new(Read(log, await File.ReadAllLinesAsync(project)).ToDictionary(task => names[int.Parse(task.Target.AsSpan(1), CultureInfo.InvariantCulture)]), job);
    }

    private static Dictionary<string, LoggedTask>.ValueCollection Read(string log, string[] project)
    {
        var running = new Dictionary<int, LoggedTask>();
        var tasks = new Dictionary<string, LoggedTask>(); // which may run more than once, for items
        var targets = new Dictionary<int, string>();
        var reader = new BinLogReader();
        reader.AnyEventRaised += (_, happened) =>
        {
            var context = happened.BuildEventContext;
            switch (happened)
            {
                case TargetStartedEventArgs entered:
                    targets[context!.TargetId] = entered.TargetName;
                    break;
                case TaskStartedEventArgs { TaskName: not "CallTarget" } started:
                    var target = targets[context!.TargetId];
                    if (!tasks.TryGetValue(target, out var known))
                    {
                        tasks[target] = known = new(target, started.ProjectFile, LineOf(target, project));
                    }

                    running[context.TaskId] = known;
                    break;
                default:
                    if (context is not null && running.TryGetValue(context.TaskId, out var task))
                    {
                        task.Add(happened);
                    }

                    break;
            }
        };
        reader.Replay(log);
        return tasks.Values;
    }

    private static int LineOf(string target, string[] project) =>
        Array.FindIndex(project, line => line.Contains($"\"{target}\">", StringComparison.Ordinal)) + 2; // the task comes after it
}
