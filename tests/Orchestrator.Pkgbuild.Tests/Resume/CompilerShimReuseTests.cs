namespace Orchestrator.Pkgbuild.Tests;

/// <summary>When the script before a compiler reuses an object file, and when it has it compiled anew.</summary>
public sealed class CompilerShimReuseTests
{
    private const string Command = "gcc -g -O1 -Wall -Iinc -c a.c -o a.o";

    [Fact]
    public async Task Nothing_is_compiled_when_all_is_there()
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        await PrepareAsync(workshop);
        await CountingCompilerAsync(workshop);
        const string Counted = $"PATH=${{PATH%%:*}}:$PWD/bin:${{PATH#*:}}; {Command}";

        await workshop.CompileAsync(Counted);
        Assert.Equal(1, Compilations(workshop));
        await workshop.CompileAsync(Counted);

        Assert.Equal(1, Compilations(workshop));
        Assert.Equal("built reused", workshop.Steps);
    }

    [Theory]
    [InlineData("echo '#define VALUE 5' >inc/a.h")]
    [InlineData("echo '#define UNUSED' >>inc/a.h")] // is in the debug information with -g3, and in no text after the preprocessor
    [InlineData("sed -i 's/return  x/return x/' a.c")] // moves a column
    [InlineData("sed -i 's/comment/remark/' a.c")] // is quoted in warnings
    [InlineData("sed -i '1i //' a.c")]
    [InlineData("mkdir first; echo '#define VALUE 6' >first/a.h; export CPATH=first; mv inc/a.h inc/b.h")]
    [InlineData("export LC_ALL=C.UTF-8 LANG=C.UTF-8 LC_MESSAGES=en_GB.UTF-8")]
    public async Task What_has_changed_is_compiled_anew(string change)
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        await PrepareAsync(workshop);
        await workshop.CompileAsync(Command);

        var complaint = await workshop.CompileAsync($"{change}; {Command}");

        Assert.Equal("built built", workshop.Steps);
        await AssertRightAsync(workshop, $"{(change.Contains("export", StringComparison.Ordinal) ? change.Split(';').Last(part => part.Contains("export", StringComparison.Ordinal)) : ":")}; {Command}", complaint);
    }

    [Theory]
    [InlineData("gcc -g -O2 -Wall -Iinc -c a.c -o a.o")]
    [InlineData("gcc -g -O1 -Wall -Iinc -DX -c a.c -o a.o")]
    [InlineData("g++ -g -O1 -Wall -Iinc -c a.c -o a.o")]
    [InlineData("gcc -g -O1 -Wall -Iinc2 -c a.c -o a.o")]
    [InlineData("cp -r . ../other; cd ../other; gcc -g -O1 -Wall -Iinc -c a.c -o ../work/a.o; status=$?; rm -r ../other; exit $status")]
    public async Task With_another_option_compiler_or_folder_it_is_compiled_anew(string command)
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        await PrepareAsync(workshop);
        await workshop.CompileAsync(Command);

        var complaint = await workshop.CompileAsync(command);

        Assert.Equal("built built", workshop.Steps);
        await AssertRightAsync(workshop, command, complaint);
    }

    [Fact]
    public async Task With_a_compiler_that_was_replaced_it_is_compiled_anew()
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        await PrepareAsync(workshop);
        await CountingCompilerAsync(workshop);
        const string Counted = $"PATH=${{PATH%%:*}}:$PWD/bin:${{PATH#*:}}; {Command}";
        await workshop.CompileAsync(Counted);

        await workshop.CompileAsync("echo '# another version' >>bin/gcc");
        await workshop.CompileAsync(Counted);

        Assert.Equal("built built", workshop.Steps);
        Assert.Equal(2, Compilations(workshop));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_compiler_that_is_a_script_is_only_run(bool hasCcache)
    {
        Assert.SkipUnless(!hasCcache || Workshop.HasCommand("ccache"), "ccache is not installed");
        using var workshop = await CompilerWorkshop.CreateAsync();
        workshop.Write("a.c", "int sum(const int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i]; return s; }\n");
        Directory.CreateDirectory(Path.Combine(workshop.Work, "bin"));
        workshop.Write("bin/gcc", "#!/bin/sh\nPATH=/usr/local/bin:/usr/bin:/bin exec gcc $MORE \"$@\"\n");

        foreach (var level in (string[])["-O2", "-O3", "-O2"])
        {
            await workshop.CompileAsync($"gcc {level} -c a.c -o right.o", isAlone: true);
            var (exitCode, _, error) = await workshop.RunAsync(
                $"chmod 755 bin/gcc; PATH=${{PATH%%:*}}:$PWD/bin:${{PATH#*:}}; MORE={level} gcc -c a.c", hasCcache: hasCcache);
            Assert.True(exitCode == 0, error);
            Assert.Equal(workshop.Read("right.o"), workshop.Read("a.o"));
        }
    }

    [Fact]
    public async Task With_another_configuration_of_clang_it_is_compiled_anew()
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        await PrepareAsync(workshop);
        await CountingCompilerAsync(workshop, "clang");
        File.Copy(Path.Combine(workshop.Shims, "gcc"), Path.Combine(workshop.Shims, "clang"), overwrite: true);
        const string Counted = "PATH=${PATH%%:*}:$PWD/bin:${PATH#*:}; clang -O1 -Iinc -c a.c -o a.o";
        await workshop.CompileAsync(Counted);
        await workshop.CompileAsync(Counted);

        workshop.Write("bin/clang.cfg", "-O3\n");
        await workshop.CompileAsync(Counted);

        Assert.Equal("built reused built", workshop.Steps);
    }

    [Fact]
    public async Task What_was_written_while_it_was_compiled_is_not_kept()
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        await PrepareAsync(workshop);
        await CountingCompilerAsync(workshop, more: "echo '#define VALUE 7' >inc/a.h");

        await workshop.CompileAsync($"PATH=${{PATH%%:*}}:$PWD/bin:${{PATH#*:}}; {Command}");

        Assert.Equal("", workshop.Steps);
        Assert.Empty(workshop.Kept);
    }

    [Fact]
    public async Task The_scripts_of_another_build_in_PATH_are_passed_over()
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        using var other = await CompilerWorkshop.CreateAsync();
        await PrepareAsync(workshop);

        await workshop.CompileAsync($"PATH=$PATH:{other.Shims}; {Command}");
        await workshop.CompileAsync($"PATH={other.Shims}:$PATH; {Command}");

        Assert.Equal("built reused", workshop.Steps);
        Assert.Equal("", other.Steps);
    }

    [Fact]
    public async Task A_compiler_that_is_not_there_is_not_found()
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        Directory.CreateDirectory(workshop.Work);

        var (exitCode, output, error) = await workshop.RunAsync("PATH=${PATH%%:*}; gcc -c a.c");

        Assert.Equal((127, "", "bash: gcc: command not found\n"), (exitCode, output, error));
    }

    /// <summary>The sources, and no object file.</summary>
    private static async Task PrepareAsync(CompilerWorkshop workshop) => await workshop.DescribeAsync(":", isAlone: true);

    private static async Task AssertRightAsync(CompilerWorkshop workshop, string command, string complaint)
    {
        var made = workshop.Read("a.o");
        File.Delete(Path.Combine(workshop.Work, "a.o"));
        Assert.Equal(await workshop.CompileAsync(command, isAlone: true), complaint);
        Assert.Equal(workshop.Read("a.o"), made);
    }

    /// <summary>A compiler, and no script, that writes a line each time it compiles.</summary>
    private static async Task CountingCompilerAsync(CompilerWorkshop workshop, string name = "gcc", string more = ":")
    {
        Directory.CreateDirectory(Path.Combine(workshop.Work, "bin"));
        workshop.Write(
            "bin/source.c",
            $$"""
            #include <stdlib.h>
            #include <string.h>
            #include <unistd.h>
            int main(int count, char **arguments) {
              int compiles = 1, kept = 1;
              for (int i = 1; i < count; i++) {
                if (!strcmp(arguments[i], "-E")) compiles = 0;
                if (strcmp(arguments[i], "-frewrite-includes")) arguments[kept++] = arguments[i];
              }
              arguments[0] = "gcc"; // else it looks for its parts beside this one
              arguments[kept] = 0;
              if (compiles && system("echo compiled >>../count; {{more}}")) return 1;
              setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1);
              return execvp("gcc", arguments);
            }

            """);
        await workshop.CompileAsync($"gcc -o bin/{name} bin/source.c", isAlone: true);
    }

    private static int Compilations(CompilerWorkshop workshop) => File.ReadAllLines(Path.Combine(workshop.Root, "count")).Length;
}
