using System.Text.RegularExpressions;
using Orchestrator.Testing;

namespace Orchestrator.Cake.Tests;

/// <summary>A repository of somebody else whose build.cake takes the packed addin from a feed; made once for all tests.</summary>
public sealed class ScriptFolder : IAsyncLifetime
{
    // Lines that the script with StartProcess is without.
    private static readonly string[] OfTheAddin = ["BuildCancellation", "Busy", "InProcessGroup", "BuildPkgbuilds", "ReadPkgbuild", "(FilePath)null"];
    private readonly TestDirectory directory = new();

    public string Path => directory.Path;

    public async ValueTask InitializeAsync()
    {
        await PackedFeed.CreateAsync(directory.Combine("feed"), "Orchestrator.Cake");
        directory.Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{directory.Combine("feed")}" /></packageSources>
            </configuration>
            """);
        File.Copy(System.IO.Path.Combine(Repository.Root, "dotnet-tools.json"), directory.Combine("dotnet-tools.json"));
        directory.Write("build.cake", Script);
        directory.Write("plain.cake", string.Join('\n', Script.Replace("StartProcessGroup", "StartProcess", StringComparison.Ordinal)
            .Replace("#addin", "// ", StringComparison.Ordinal)
            .Replace("context.UseBuildCancellation()", "Verbose(\"plain\")", StringComparison.Ordinal)
            .Split('\n').Where(line => !OfTheAddin.Any(alias => line.Contains(alias, StringComparison.Ordinal)))));

        using var restore = Job.Start("dotnet", "tool", "restore");
        if (await restore.ExitCodeAsync() != 0)
        {
            throw new InvalidOperationException(restore.Text);
        }
    }

    public ValueTask DisposeAsync()
    {
        directory.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts <c>dotnet cake</c> in it, with a script of the folder and its arguments.</summary>
    internal Job Start(params IEnumerable<string> arguments) => Start(new Dictionary<string, string>(), arguments);

    internal Job Start(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments) =>
        Job.Start(environment, "env", ["-C", Path, "dotnet", "cake", .. arguments]);

    /// <summary>The same at a real terminal.</summary>
    internal Job StartAtTerminal(string arguments) => Job.Start("env", "-C", Path, "script", "-qefc", "dotnet cake " + arguments, "/dev/null");

    /// <summary>What it printed, without colours.</summary>
    internal static string Text(Job job) => Regex.Replace(job.Text, @"\x1b\[[0-9;]*m", "");

    // MARK is an argument of the pipeline: what the test looks for afterwards.
    private static string Script => $$"""
        #addin nuget:?package=Orchestrator.Cake&version=0.1.0

        var mark = Argument("mark", "0");

        Setup(context => context.UseBuildCancellation());
        Setup(context =>
        {
            if (HasArgument("slow-setup"))
            {
                Information("READY");
                BuildCancellation.WaitHandle.WaitOne();
            }
        });
        Teardown(context =>
        {
            Information("TEARDOWN successful={0} error={1}", context.Successful, context.ThrownException?.Message ?? "none");
            if (HasArgument("cleanup"))
            {
                Information("CLEANED {0}", context.StartProcessGroup("bash", "-c \"exit 5\""));
            }
            if (HasArgument("bad-teardown"))
            {
                throw new Exception("teardown is broken");
            }
        });

        int Bash(string script) => StartProcessGroup("bash", new ProcessSettings { Arguments = new ProcessArgumentBuilder().Append("-c").AppendQuoted(script.Replace("MARK", mark)) });

        Task("Compile").Does(() => Bash("setsid sleep MARK & sleep MARK & echo READY; wait"));
        Task("Deaf").Does(() => Bash("trap : TERM INT HUP; (trap '' TERM INT HUP; setsid sleep MARK) & sleep MARK & echo READY; while :; do wait; sleep MARK; done"));
        Task("Test").IsDependentOn("Compile").Does(() => Information("TESTS RAN"));
        Task("Default").IsDependentOn("Test");

        Task("Tolerant").ContinueOnError().Does(() => Bash("sleep MARK & echo READY; wait"));
        Task("AfterTolerant").IsDependentOn("Tolerant").Does(() => Information("WENT ON"));

        // Only its cancellation ends it.
        Task("Token").Does(async () => { Information("READY"); await System.Threading.Tasks.Task.Delay(100_000, BuildCancellation); });
        Task("Busy").Does(() => { Information("READY"); while (!System.IO.File.Exists("stop-" + mark) || !BuildCancellation.IsCancellationRequested) System.Threading.Thread.Sleep(20); });
        Task("AfterBusy").IsDependentOn("Busy").Does(() => Information("WENT ON"));

        Task("CakesOwn").Does(() => InProcessGroup.StartProcess("bash", new ProcessSettings { Arguments = $"-c \"setsid sleep {mark} & sleep {mark} & echo READY; wait\"" }));

        void Busy(int number) { Information("READY {0}", number); while (!System.IO.File.Exists("stop-" + mark) || !BuildCancellation.IsCancellationRequested) System.Threading.Thread.Sleep(20); }
        Task("Items").DoesForEach(new[] { 1, 2, 3 }, Busy);
        Task("Made").DoesForEach(() => new[] { 1, 2, 3 }, Busy);
        Task("Deferred").DoesForEach(new[] { 1, 2, 3 }, Busy).DeferOnError();
        Task("MadeDeferred").DoesForEach(() => new[] { 1, 2, 3 }, Busy).DeferOnError();
        Task("Handler").OnError(_ => Busy(1)).Does(() => throw new Exception("BROKEN"));
        Task("HandlerToken").OnError(_ => { Information("READY"); BuildCancellation.WaitHandle.WaitOne(); BuildCancellation.ThrowIfCancellationRequested(); }).Does(() => throw new Exception("BROKEN"));

        Task("Worker").Does(() => BuildPkgbuilds({{Literal(System.IO.Path.Combine(Repository.Root, "pkgbuilds"))}}, new PkgbuildSettings { Packages = { "llm-worker-rbee-cpu" } }));

        Task("Good").Does(() => Information("CODE {0}", StartProcessGroup("bash", "-c \"echo hello; exit 3\"")));
        Task("Alias").Does(() =>
        {
            var alias = Argument<string>("alias");
            if (alias == "null") StartProcessGroup((FilePath)null);
            if (alias == "nowhere") ReadPkgbuild("nowhere");
            if (alias == "empty") BuildPkgbuilds(Directory("./feed"));
            if (alias == "unknown") BuildPkgbuilds({{Literal(System.IO.Path.Combine(Repository.Root, "pkgbuilds"))}}, new PkgbuildSettings { Packages = { "no-such-package" } });
        });

        var target = Argument("target", "Default");
        if (HasArgument("before")) RunTarget(Argument<string>("before"));
        if (HasArgument("first")) RunTargets(new[] { Argument<string>("first"), target }); else RunTarget(target);
        """;

    private static string Literal(string text) => $"\"{text}\"";
}
