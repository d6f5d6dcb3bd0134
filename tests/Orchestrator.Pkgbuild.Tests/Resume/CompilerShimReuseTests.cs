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
        CountingCompiler(workshop);
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
        CountingCompiler(workshop);
        const string Counted = $"PATH=${{PATH%%:*}}:$PWD/bin:${{PATH#*:}}; {Command}";
        await workshop.CompileAsync(Counted);

        await workshop.CompileAsync("echo '# another version' >>bin/gcc");
        await workshop.CompileAsync(Counted);

        Assert.Equal("built built", workshop.Steps);
        Assert.Equal(2, Compilations(workshop));
    }

    [Fact]
    public async Task What_was_written_while_it_was_compiled_is_not_kept()
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        await PrepareAsync(workshop);
        CountingCompiler(workshop, "[[ \" $* \" == *' -E '* ]] || echo '#define VALUE 7' >inc/a.h");

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

    /// <summary>A compiler that writes a line each time it compiles.</summary>
    private static void CountingCompiler(CompilerWorkshop workshop, string more = ":")
    {
        Directory.CreateDirectory(Path.Combine(workshop.Work, "bin"));
        var path = workshop.Write(
            "bin/gcc",
            $"""
            #!/bin/bash
            [[ " $* " == *" -E "* ]] || echo compiled >>../count
            {more}
            PATH=/usr/local/bin:/usr/bin:/bin exec gcc "$@"

            """);
        NativeFile.SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static int Compilations(CompilerWorkshop workshop) => File.ReadAllLines(Path.Combine(workshop.Root, "count")).Length;
}
