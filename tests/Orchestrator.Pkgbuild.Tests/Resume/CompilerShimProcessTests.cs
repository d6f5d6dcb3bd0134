using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Testing;

namespace Orchestrator.Pkgbuild.Tests;

/// <summary>The script before a compiler, when there is more than one of them, when it is killed, and with ccache.</summary>
public sealed class CompilerShimProcessTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Parallel_compilations_of_one_file_give_what_one_gives()
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        Assert.SkipUnless(Workshop.HasCommand("make"), "make is not installed");
        workshop.Write("a.c", Source(1));
        workshop.Write("Makefile", "all: $(addsuffix .one,1 2 3 4 5 6 7 8)\n%.one:\n\tgcc -O2 -g -Wall -MD -c a.c -o a.o && cp a.o $@\n");
        var complaint = await workshop.CompileAsync("gcc -O2 -g -Wall -MD -c a.c -o a.o", isAlone: true);
        var (right, dependencies) = (workshop.Read("a.o"), workshop.Read("a.d"));

        for (var round = 0; round < 2; round++)
        {
            await workshop.CompileAsync("rm -f a.o a.d *.one; make -j4 -s 2>complaints");
            Assert.Equal(right, workshop.Read("a.o"));
            Assert.Equal(dependencies, workshop.Read("a.d"));
            Assert.Equal(8 * Encoding.UTF8.GetByteCount(complaint), workshop.Read("complaints").Length);
        }

        AssertWhole(workshop);
        await workshop.CompileAsync("rm a.o; gcc -O2 -g -Wall -MD -c a.c -o a.o");
        Assert.Equal(right, workshop.Read("a.o"));
        Assert.EndsWith("reused", workshop.Steps, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compilations_that_write_one_file_are_kept_as_what_they_are()
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        workshop.Write("a.c", Source(1));
        const string Both = "for i in 1 2 3 4; do gcc -O$i -DX=$i -c a.c -o a.o & done; wait";
        await workshop.CompileAsync(Both);
        await workshop.CompileAsync(Both);

        AssertWhole(workshop);
        for (var level = 1; level <= 4; level++)
        {
            var command = $"rm a.o; gcc -O{level} -DX={level} -c a.c -o a.o";
            await workshop.CompileAsync(command);
            var reused = workshop.Read("a.o");
            await workshop.CompileAsync(command, isAlone: true);
            Assert.Equal(workshop.Read("a.o"), reused);
        }
    }

    [Fact]
    public async Task Killed_at_any_moment_it_leaves_nothing_that_is_used()
    {
        const int Kills = 40, Variants = 4;
        using var workshop = await CompilerWorkshop.CreateAsync();
        List<byte[]> right = [];
        for (var variant = 0; variant < Variants; variant++)
        {
            workshop.Write($"v{variant}.c", Source(variant));
            await workshop.CompileAsync($"gcc -O2 -Wall -MD -c v{variant}.c", isAlone: true);
            right.Add(workshop.Read($"v{variant}.o"));
        }

        // How long one takes, so that the moments lie in it.
        var start = Stopwatch.GetTimestamp();
        await workshop.CompileAsync("gcc -O1 -Wall -MD -c v0.c -o time.o");
        var longest = (int)Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        for (var kill = 0; kill < Kills; kill++)
        {
            await KillAsync(workshop, $"v{kill % Variants}.c", TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(longest)));
        }

        new CompileSteps(workshop.Entry).Begin(isNew: false);
        Assert.All(Directory.EnumerateFileSystemEntries(workshop.Entry), entry => Assert.Matches("^(objects|steps)$", Path.GetFileName(entry)));
        AssertWhole(workshop);
        Assert.All(Directory.EnumerateFiles(workshop.Work), file => Assert.Matches(@"^(v\d\.[cod]|time\.[od])$", Path.GetFileName(file)));
        for (var variant = 0; variant < Variants; variant++)
        {
            await workshop.CompileAsync($"gcc -O2 -Wall -MD -c v{variant}.c");
            Assert.Equal(right[variant], workshop.Read($"v{variant}.o"));
        }
    }

    [Fact]
    public async Task Where_ccache_is_installed_it_does_this()
    {
        Assert.SkipUnless(Workshop.HasCommand("ccache"), "ccache is not installed");
        using var workshop = await CompilerWorkshop.CreateAsync();
        const string Command = "gcc -g -Wall -MD -Iinc -c a.c -o x.o";
        var alone = await workshop.DescribeAsync(Command, isAlone: true);

        Assert.Equal(alone, await workshop.DescribeAsync(Command, hasCcache: true));
        Assert.Equal(alone, await workshop.DescribeAsync(Command, hasCcache: true));

        Assert.Equal("", workshop.Steps);
        CompileSteps steps = new(workshop.Entry);
        steps.Read();
        Assert.Equal((2, 1), (steps.Count, steps.Reused));
    }

    [Theory]
    [InlineData("mkdir masks; ln -s \"$(command -v ccache)\" masks/gcc; PATH=${PATH%%:*}:$PWD/masks:${PATH#*:}")]
    [InlineData("mkdir masks; ln -s \"$(command -v ccache)\" masks/gcc; PATH=$PWD/masks:$PATH")]
    [InlineData("mkdir masks; ln -s \"$(command -v ccache)\" masks/gcc; export CCACHE_DISABLE=1 PATH=${PATH%%:*}:$PWD/masks:${PATH#*:}")]
    [InlineData("gcc() { ccache gcc \"$@\"; }")]
    public async Task Ccache_that_a_build_has_in_its_own_way_does_not_run_in_circles(string arrangement)
    {
        Assert.SkipUnless(Workshop.HasCommand("ccache"), "ccache is not installed");
        using var workshop = await CompilerWorkshop.CreateAsync();
        await workshop.DescribeAsync(":", isAlone: true);
        await workshop.CompileAsync("gcc -g -Iinc -c a.c", isAlone: true);
        var right = workshop.Read("a.o");

        for (var time = 0; time < 2; time++)
        {
            var (exitCode, _, error) = await workshop.RunAsync($"rm -rf a.o masks; {arrangement}; gcc -g -Iinc -c a.c", hasCcache: true);
            Assert.True(exitCode == 0, error);
            Assert.Equal(right, workshop.Read("a.o"));
        }
    }

    private static string Source(int variant) => string.Concat(Enumerable.Range(0, 150).Select(index =>
        $"int f{index}(int *p, int n) {{ int s = {variant}; for (int i = 0; i < n; i++) s += p[i] * {index} ^ s; return s; }}\n")) + "static int unused;\n";

    /// <summary>Starts a compilation in a group of its own, and kills it after a while, if it has not ended before.</summary>
    private static async Task KillAsync(CompilerWorkshop workshop, string source, TimeSpan moment)
    {
        using var process = Process.Start(workshop.Command("setsid", ["gcc", "-O2", "-Wall", "-MD", "-c", source]))!;
        var ended = process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Task.WhenAny(ended, Task.Delay(moment, TestContext.Current.CancellationToken));
        if (Signal.Relations(process.Id) is { } relations && relations.Group == process.Id)
        {
            Signal.SendToGroup(process.Id, Signal.Kill);
        }

        // Before setsid(2) it has no group of its own; then it compiles to the end.
        await ended.WaitAsync(Deadline, TestContext.Current.CancellationToken);

        // Its children have the other ends, so that they have ended too.
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }

    /// <summary>Each file that is kept is what its name says, and nothing unfinished is there.</summary>
    private static void AssertWhole(CompilerWorkshop workshop) => Assert.All(workshop.Kept, file =>
    {
        var parts = Path.GetFileName(file).Split('.');
        Assert.Equal(parts[1], Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));
    });
}
