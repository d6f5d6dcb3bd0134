using System.Diagnostics;
using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using Orchestrator.Pkgbuild;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>What reading many PKGBUILDs costs: one process of ours, its start included, next to a bash for each, and makepkg.</summary>
internal static class ReadingCost
{
    /// <summary>First word of the process that reads, which is this program again.</summary>
    internal const string Reader = "--read";

    private const int Files = 385;
    private const int MakepkgFiles = 8;

    internal static async Task MeasureAsync(Rounds rounds, string workDirectory, string? collection)
    {
        var files = collection is null ? WriteCollection(workDirectory) : [.. Directory.EnumerateFiles(collection, "PKGBUILD", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var list = Path.Combine(workDirectory, "list");
        await File.WriteAllLinesAsync(list, files);
        Sample own = new();
        Sample bash = new();
        Sample makepkg = new();
        long peak = 0;
        for (var round = 0; round < rounds.Readings; round++)
        {
            var watch = Stopwatch.StartNew();
            var read = await Cli.Wrap(Path.Combine(AppContext.BaseDirectory, "Orchestrator.Benchmarks")).WithArguments([Reader, list]).ExecuteBufferedAsync();
            own.Add(watch.Elapsed);
            peak = Math.Max(peak, long.Parse(read.StandardOutput, CultureInfo.InvariantCulture));
            watch.Restart();
            await Cli.Wrap("bash").WithArguments(["-c", "while read -r file; do bash -c 'source \"$1\"' bash \"$file\" </dev/null; done < \"$1\"", "bash", list])
                .WithStandardErrorPipe(PipeTarget.Null).WithValidation(CommandResultValidation.None).ExecuteAsync();
            bash.Add(watch.Elapsed);
            if (File.Exists("/usr/bin/makepkg"))
            {
                makepkg.Add(await MeasureMakepkgAsync(files, workDirectory));
            }
        }

        Console.WriteLine($"### {files.Count} PKGBUILDs read to `.SRCINFO`");
        Console.WriteLine();
        Console.WriteLine("| | median | × bash | aim | runs |");
        Console.WriteLine("| --- | ---: | ---: | --- | ---: |");
        Console.WriteLine($"| a `bash` for each, which sources it | {Sample.Format(bash.Median)} ms | 1.00 | | {bash.Count} |");
        Print("one process of ours, its start included", own.Median, bash.Median, Aims.Cell("reading next to bash", own.Median / bash.Median, 1 / 3.0), own.Count);
        if (makepkg.Count > 0)
        {
            Print($"`makepkg --printsrcinfo` for each (of {MakepkgFiles}, times {files.Count / MakepkgFiles})", makepkg.Median, bash.Median, "", makepkg.Count);
            Print("ours next to it, × makepkg", own.Median, makepkg.Median, Aims.Cell("reading next to makepkg", own.Median / makepkg.Median, 1 / 200.0), own.Count);
        }

        Console.WriteLine();
        Console.WriteLine($"Most memory of our process: {peak >> 20} MB (aim {Aims.Cell("memory of reading", peak >> 20, 100, " MB")}).");
        Console.WriteLine();
    }

    /// <summary>Reads the files that a list names, and prints the most memory that this process had, in bytes.</summary>
    internal static async Task<int> ReadAsync(string list)
    {
        PkgbuildReadOptions options = new() { Evaluation = PkgbuildEvaluation.Never, IsForSrcInfo = true };
        await Parallel.ForEachAsync(File.ReadLines(list), async (file, cancel) =>
        {
            try
            {
                _ = SrcInfo.WriteBytes(await PkgbuildReader.ReadAsync(file, options, cancel));
            }
            catch (NeedsEvaluationException)
            {
                // As honest as it is quick.
            }
        });

        using var self = Process.GetCurrentProcess();
        Console.WriteLine(self.PeakWorkingSet64.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static void Print(string subject, double median, double baseline, string aim, int count) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {subject} | {Sample.Format(median)} ms | {median / baseline:0.000} | {aim} | {count} |"));

    // As an ordinary user: makepkg refuses to be root.
    private static async Task<TimeSpan> MeasureMakepkgAsync(List<string> files, string workDirectory)
    {
        var home = Directory.CreateDirectory(Path.Combine(workDirectory, "makepkg")).FullName;
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(home, (UnixFileMode)0b111_111_111);
            File.SetUnixFileMode(workDirectory, (UnixFileMode)0b111_101_101);
        }

        string[] program = Environment.UserName == "root" ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "makepkg"] : ["makepkg"];
        var watch = Stopwatch.StartNew();
        foreach (var file in files.Take(MakepkgFiles))
        {
            await Cli.Wrap(program[0]).WithArguments([.. program[1..], "--printsrcinfo"]).WithWorkingDirectory(Path.GetDirectoryName(file)!)
                .WithEnvironmentVariables(variables => variables.Set("HOME", home).Set("BUILDDIR", home).Set("PKGDEST", home).Set("SRCDEST", home))
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        }

        return watch.Elapsed / Math.Min(MakepkgFiles, files.Count) * files.Count;
    }

    // The packages of this repository, under as many names as there are.
    private static List<string> WriteCollection(string workDirectory)
    {
        var texts = Directory.GetFiles(Path.Combine(Repository.Root, "pkgbuilds"), "PKGBUILD", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText).ToList();
        List<string> files = [];
        for (var index = 0; index < Files; index++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(workDirectory, "pkgbuilds", index.ToString(CultureInfo.InvariantCulture))).FullName;
            files.Add(Path.Combine(folder, "PKGBUILD"));
            File.WriteAllText(files[^1], texts[index % texts.Count]);
        }

        return files;
    }
}
