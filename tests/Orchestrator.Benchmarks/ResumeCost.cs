using System.Globalization;
using Orchestrator.Processes;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>What a build that is cancelled and gone on with computes, beside one from nothing; and what the cache costs one that finds nothing in it.</summary>
internal static class ResumeCost
{
    private const string Registry = "/usr/share/cargo/registry"; // librust-*-dev of Debian
    private const double Limit = 1.1;
    private const long TicksPerSecond = 100; // USER_HZ, proc_pid_stat(5)
    private const string CrateBegins = "   Compiling ";

    internal static async Task MeasureAsync(Rounds rounds, string workDirectory)
    {
        var tool = await InstalledTool.CreateAsync(Path.Combine(workDirectory, "installed-for-resume"));
        Console.WriteLine("### Cancelled when half is compiled, and resumed");
        Console.WriteLine();
        if (Directory.Exists(Registry) && Directory.GetDirectories(Registry, "rand-0.8*").Length > 0)
        {
            await MeasureCratesAsync(new(tool, Crates(workDirectory)), rounds.Resumes);
        }
        else
        {
            Console.WriteLine("Not measured: sources of crates (librust-clap-dev, -serde-dev, -serde-json-dev, -regex-dev, -aho-corasick-dev, -rand-dev of Debian) are needed.");
        }

        Console.WriteLine();
        Console.WriteLine($"### {rounds.SourceFiles} files of C");
        Console.WriteLine();
        if (CProject.CanBeBuilt)
        {
            await MeasureObjectsAsync(new(tool, Files(workDirectory, rounds.SourceFiles)), rounds.Resumes);
        }
        else
        {
            Console.WriteLine("Not measured: make and a C compiler are needed.");
        }

        Console.WriteLine();
    }

    private static async Task MeasureCratesAsync(ResumableSample package, int rounds)
    {
        Sample whole = new();
        Sample cached = new();
        Sample both = new();
        Sample flying = new();
        var (all, done) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            whole.Add((await package.BuildAsync("--no-cache")).CpuTime);
            package.Forget();
            var begun = 0;
            cached.Add((await package.BuildAsync([], line => begun += line.StartsWith(CrateBegins, StringComparison.Ordinal) ? 1 : 0)).CpuTime);
            all = begun;
            package.Forget();
            var (cancelled, inFlight) = await CancelAsync(package, all / 2);
            begun = 0;
            var resumed = await package.BuildAsync([], line => begun += line.StartsWith(CrateBegins, StringComparison.Ordinal) ? 1 : 0);
            done = all - begun;
            both.Add(cancelled.CpuTime + resumed.CpuTime);
            flying.Add(inFlight);
        }

        Console.WriteLine("| | CPU time, median | × whole | aim | runs |");
        Console.WriteLine("| --- | ---: | ---: | --- | ---: |");
        Row($"one whole build of {all} crates, without a cache", whole);
        Row("the same with an empty cache", cached);
        Row($"cancelled, and resumed ({done} crates were there)", both);
        Row("of that: the crates in flight when it was cancelled", flying);
        var part = (both.Median - flying.Median) / whole.Median;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| both without those in flight | | {part:0.00} | {Aims.Cell("resumed", part, Limit)} | {both.Count} |"));

        void Row(string what, Sample sample) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {what} | {sample.Median / 1000:0.0} s | {sample.Median / whole.Median:0.00} | | {sample.Count} |"));
    }

    private static async Task MeasureObjectsAsync(ResumableSample package, int rounds)
    {
        Dictionary<string, string?> own = new() { ["CCACHE_DISABLE"] = "1" };
        var ways = new List<(string Name, Dictionary<string, string?> Environment)> { ("ours", own) };
        if (ResumableSample.HasTool("ccache"))
        {
            ways.Add(("ccache", new() { ["CCACHE_DISABLE"] = null }));
        }

        Console.WriteLine("| | CPU time, median | × without | duration | × without | runs |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var (name, environment) in ways)
        {
            Sample[] cpu = [new(), new(), new()];
            Sample[] wall = [new(), new(), new()];
            for (var round = 0; round < rounds; round++)
            {
                package.Forget();
                Add(0, await package.BuildAsync("--no-cache"));
                Add(1, await package.BuildAsync([], null, environment));
                Add(2, await package.BuildAsync([], null, environment));
            }

            string[] rows = ["without a cache", $"{name}, nothing is there", $"{name}, all is there"];
            for (var row = 0; row < rows.Length; row++)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {rows[row]} | {cpu[row].Median / 1000:0.0} s | {cpu[row].Median / cpu[0].Median:0.00} | {wall[row].Median / 1000:0.0} s | {wall[row].Median / wall[0].Median:0.00} | {cpu[row].Count} |"));
            }

            void Add(int row, RunResult result)
            {
                cpu[row].Add(result.CpuTime);
                wall[row].Add(result.Duration);
            }
        }
    }

    private static async Task<(RunResult Result, TimeSpan InFlight)> CancelAsync(ResumableSample package, int crates)
    {
        using CancellationTokenSource cancel = new();
        var inFlight = TimeSpan.Zero;
        try
        {
            _ = await package.BuildAsync(
                [],
                line =>
                {
                    if (line.StartsWith(CrateBegins, StringComparison.Ordinal) && inFlight == TimeSpan.Zero && package.Done >= crates)
                    {
                        inFlight = Computed(package.Folder);
                        cancel.Cancel();
                    }
                },
                cancel: cancel.Token);
            throw new InvalidOperationException("the build was done before it was cancelled");
        }
        catch (RunCanceledException cancelled)
        {
            return (cancelled.Result, inFlight);
        }
    }

    // What compilers of this build have computed so far.
    private static TimeSpan Computed(string folder)
    {
        var ticks = 0L;
        foreach (var process in Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                var stat = File.ReadAllText(Path.Combine(process, "stat"));
                if (stat.Contains("(rustc)", StringComparison.Ordinal) && File.ReadAllText(Path.Combine(process, "environ")).Contains(folder, StringComparison.Ordinal))
                {
                    var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                    ticks += long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has ended.
            }
        }

        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    private static string Crates(string workDirectory)
    {
        var folder = Directory.CreateDirectory(Path.Combine(workDirectory, "crates")).FullName;
        Write("app/Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\nclap = { version = \"4\", features = [\"derive\"] }\nserde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\nregex = \"1\"\nrand = \"0.8\"\n");
        Write("app/.cargo/config.toml", $"[source.crates-io]\nreplace-with = \"debian\"\n[source.debian]\ndirectory = \"{Registry}\"\n");
        Write("app/src/main.rs", "use clap::Parser;\n#[derive(Parser, serde::Serialize)]\nstruct Arguments { #[arg(long)] name: String }\nfn main() { assert!(regex::Regex::new(\"^[0-9]$\").unwrap().is_match(&rand::random::<u8>().to_string()[..1])); println!(\"{}\", serde_json::to_string(&Arguments::parse()).unwrap()); }\n");
        Write("PKGBUILD", "pkgname=crates\npkgver=1\npkgrel=1\narch=(any)\nprepare() { cp -r \"$startdir/app\" .; }\nbuild() { cd app; cargo build --release --offline; }\npackage() { install -D app/target/release/app -t \"$pkgdir/usr/bin\"; }\n");
        return folder;

        void Write(string name, string text)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    private static string Files(string workDirectory, int files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(workDirectory, "objects")).FullName;
        CProject.Write(Directory.CreateDirectory(Path.Combine(folder, "src")).FullName, files);
        File.WriteAllText(Path.Combine(folder, "PKGBUILD"), "pkgname=objects\npkgver=1\npkgrel=1\narch=(any)\nprepare() { cp -r \"$startdir/src\" .; }\nbuild() { make -j2 -C src; }\npackage() { install -D src/program -t \"$pkgdir/usr/bin\"; }\n");
        return folder;
    }
}
