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
        var tool = await InstalledTool.CreateAsync(Path.Combine(workDirectory, "installed"));
        Sample native = new();
        Sample own = new();
        Sample bash = new();
        Sample makepkg = new();
        long peak = 0;
        for (var round = 0; round < rounds.Readings; round++)
        {
            var watch = Stopwatch.StartNew();
            await Cli.Wrap(tool).WithArguments(["lint", .. files]).WithValidation(CommandResultValidation.None).ExecuteAsync();
            native.Add(watch.Elapsed);
            watch.Restart();
            var read = await Cli.Wrap(Path.Combine(AppContext.BaseDirectory, "Orchestrator.Benchmarks")).WithArguments([Reader, list]).ExecuteBufferedAsync();
            own.Add(watch.Elapsed);
            peak = Math.Max(peak, long.Parse(read.StandardOutput, CultureInfo.InvariantCulture));
            watch.Restart();
            await Cli.Wrap("bash").WithArguments(["-c", "while read -r file; do bash -c 'source \"$1\"' bash \"$file\" </dev/null; done < \"$1\"", "bash", list])
                .WithStandardErrorPipe(PipeTarget.Null).WithValidation(CommandResultValidation.None).ExecuteAsync();
            bash.Add(watch.Elapsed);
            if (Makepkg.IsThere)
            {
                makepkg.Add(await MeasureMakepkgAsync(files, workDirectory));
            }
        }

        Console.WriteLine($"### {files.Count} PKGBUILDs read");
        Console.WriteLine();
        Console.WriteLine("| | median | × bash | × makepkg | aim | runs |");
        Console.WriteLine("| --- | ---: | ---: | ---: | --- | ---: |");
        Print("a `bash` for each, which sources it", bash, bash, makepkg, "");
        if (makepkg.Count > 0)
        {
            Print($"`makepkg --printsrcinfo` for each (of {MakepkgFiles}, times {files.Count / MakepkgFiles})", makepkg, bash, makepkg, "");
        }

        Print("`orchestrator lint` of all, its start included", native, bash, makepkg, AimsOf("the tool", native, bash, makepkg));
        Print("a program on .NET with the library, to `.SRCINFO`, its start included", own, bash, makepkg, makepkg.Count > 0 ? Aims.Cell("reading next to makepkg, the library", own.Median / makepkg.Median, 1 / 200.0) : "");
        Console.WriteLine();
        Console.WriteLine($"Most memory of that program: {peak >> 20} MB (aim {Aims.Cell("memory of reading", peak >> 20, 100, " MB")}).");
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

    private static string AimsOf(string subject, Sample own, Sample bash, Sample makepkg)
    {
        var first = Aims.Cell($"reading next to bash, {subject}", own.Median / bash.Median, 1 / 3.0);
        return makepkg.Count == 0 ? first : $"{first}; {Aims.Cell($"reading next to makepkg, {subject}", own.Median / makepkg.Median, 1 / 200.0)}";
    }

    private static void Print(string subject, Sample sample, Sample bash, Sample makepkg, string aim)
    {
        var ofMakepkg = makepkg.Count > 0 ? (sample.Median / makepkg.Median).ToString("0.0000", CultureInfo.InvariantCulture) : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {subject} | {Sample.Format(sample.Median)} ms | {sample.Median / bash.Median:0.00} | {ofMakepkg} | {aim} | {sample.Count} |"));
    }

    private static async Task<TimeSpan> MeasureMakepkgAsync(List<string> files, string workDirectory)
    {
        Makepkg makepkg = new(workDirectory);
        var watch = Stopwatch.StartNew();
        foreach (var file in files.Take(MakepkgFiles))
        {
            await makepkg.RunAsync(Path.GetDirectoryName(file)!, "--printsrcinfo");
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
