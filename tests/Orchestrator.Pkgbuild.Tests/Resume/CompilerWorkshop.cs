using System.Diagnostics;

namespace Orchestrator.Pkgbuild.Tests;

/// <summary>A folder with a few sources, a cache entry, and the scripts that stand before compilers; removed with all that is in it.</summary>
public sealed class CompilerWorkshop : IDisposable
{
    private const string Sources =
        """
        mkdir -p 'sub dir' inc inc2 out.d n1 n2
        printf '%s\n' '#include "a.h"' '#include <stdio.h>' 'static int unused(int x) { int y; return  x; } /* comment */' '#warning careful' \
          'int f(void) { return printf("%s %d %d\n", __FILE__, __COUNTER__, VALUE); }' >a.c
        echo '#define VALUE 3' >inc/a.h
        echo '#define VALUE 4' >inc2/a.h
        cp a.c 'sub dir/b c.c'
        printf '%s\n' '#include <vector>' '#include <string>' 'template <class T> T twice(T x) { return x + x; }' \
          'int g() { std::vector<std::string> v{"a"}; return twice((int)v.size()); }' >t.cpp
        echo '#include "nothing.h"' >missing.c
        echo 'int f( {' >syntax.c
        echo '#error no' >error.c
        echo 'const char *s = D; int g(void) { return sizeof(D); }' >d.c
        echo 'const char *s = __DATE__ __TIME__ __TIMESTAMP__;' >date.c
        printf '#define H "inc/a.h"\n#include H\nint v = VALUE;\n' >computed.c
        echo 'int e(int a) { int b; if (a == 1) ;; return a << 40; }' >warn.c
        echo '#include_next <n.h>' >n1/n.h; echo 'int n;' >n2/n.h; echo '#include <n.h>' >next.c
        echo data >blob; echo 'asm(".data\n.incbin \"blob\"\n.text");' >incbin.c
        echo '-c a.c -Iinc -o fromfile.o' >args
        echo 'int simple;' >simple.c
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Task<Pkgbuild>> Package = new(() => PkgbuildFolder.ReadAsync(PkgbuildFolder.Minimum));
    private readonly Dictionary<string, string?> variables;

    private CompilerWorkshop(Pkgbuild package)
    {
        Root = Directory.CreateTempSubdirectory("orchestrator-compiler-").FullName;
        Directory.CreateDirectory(Entry);
        Directory.CreateDirectory(Path.Combine(Root, "tmp"));
        variables = ToolShims.Install(Shims, Entry, new(Environment.GetEnvironmentVariable("PATH")), package, new());
    }

    public string Root { get; }

    public string Entry => Path.Combine(Root, "entry");

    public string Shims => Path.Combine(Root, "shims");

    public string Work => Path.Combine(Root, "work");

    /// <summary>What became of each compilation, in their order: <c>built</c> or <c>reused</c>.</summary>
    public string Steps => File.Exists(Path.Combine(Entry, "steps"))
        ? string.Join(' ', File.ReadLines(Path.Combine(Entry, "steps")).Select(line => line.Split('\t')[1]))
        : "";

    /// <summary>The object files that are kept, and the texts of warnings.</summary>
    public IReadOnlyList<string> Kept => [.. Directory.EnumerateFiles(Path.Combine(Entry, "objects"), "*", SearchOption.AllDirectories)];

    /// <summary>Makes one, or skips the test on a machine that has no compiler.</summary>
    public static async Task<CompilerWorkshop> CreateAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Workshop.HasCommand("gcc") && Workshop.HasCommand("g++"), "gcc and g++ are not installed");
        return new(await Package.Value);
    }

    /// <summary>What a command prints, its exit status, and all files there are afterwards, in a new folder with the sources.</summary>
    public async Task<string> DescribeAsync(string command, bool isAlone = false, bool hasCcache = false)
    {
        if (Directory.Exists(Work))
        {
            Directory.Delete(Work, recursive: true);
        }

        Directory.CreateDirectory(Work);
        await RunAsync(Sources, isAlone: true);
        var result = await RunAsync(command, isAlone, hasCcache);
        var files = await RunAsync(
            """
            find . ../tmp \( -type f -o -type l \) -printf '%p %y %m %n %l\n' | LC_ALL=C sort
            find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
            """,
            isAlone: true);
        return $"{result.ExitCode}\n{result.Output}\n{result.Error}\n{files.Output}";
    }

    /// <summary>Compiles in the folder that there is; with what it printed to its standard error.</summary>
    public async Task<string> CompileAsync(string command, bool isAlone = false)
    {
        Directory.CreateDirectory(Work);
        var (exitCode, _, error) = await RunAsync(command, isAlone);
        Assert.True(exitCode == 0, error);
        return error;
    }

    /// <summary>The result of a bash script in the folder, with the scripts first in PATH.</summary>
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(string script, bool isAlone = false, bool hasCcache = false)
    {
        using var process = Process.Start(Command("bash", ["-c", script], isAlone, hasCcache))!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>How a command is started there.</summary>
    public ProcessStartInfo Command(string program, IEnumerable<string> arguments, bool isAlone = false, bool hasCcache = false)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = Work,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = Path.Combine(Root, "tmp");
        start.Environment.Remove("SOURCE_DATE_EPOCH");
        if (!isAlone)
        {
            start.Environment[ResumableBuild.EntryVariable] = Entry;
            foreach (var (name, value) in variables.Where(variable => hasCcache || variable.Key == "PATH"))
            {
                start.Environment[name] = value;
            }
        }

        return start;
    }

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Work);
        var path = Path.Combine(Work, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A file's bytes.</summary>
    public byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Work, name));

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
