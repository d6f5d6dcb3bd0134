namespace Orchestrator.Pkgbuild.Tests;

public sealed class CompilerTests : IDisposable
{
    private readonly CompilerFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Warnings_are_said_again()
    {
        await PrepareAsync();

        var first = await folder.RunAsync("gcc -Wall -c a.c");
        var second = await folder.RunAsync("gcc -Wall -c a.c");

        Assert.Contains("unused", first, StringComparison.Ordinal);
        Assert.Equal(first, second);
        Assert.Equal(["built", "reused"], folder.Steps);
    }

    [Theory]
    [InlineData("echo '#define N 4' >a.h; touch -d 2020-02-02 a.h")]
    [InlineData("sed -i s/unused/other/ a.c; touch -d 2020-02-02 a.c")]
    [InlineData("sed -i 's/return/\\/* heeded *\\/ return/' a.c; touch -d 2020-02-02 a.c")]
    [InlineData("flags=-DN=4")]
    [InlineData("flags=-O1")]
    [InlineData("flags='-o a.o'")]
    [InlineData("mkdir x; cp a.? x; touch -d 2020-02-02 x/*; cd x")]
    public async Task What_decides_what_is_compiled_has_changed(string change)
    {
        await PrepareAsync();
        await folder.RunAsync("gcc -c a.c");

        await folder.RunAsync($"{change}; gcc -c $flags a.c");

        Assert.Equal(["built", "built"], folder.Steps);
    }

    [Theory]
    [InlineData(": >")]
    [InlineData("truncate -s -1")]
    [InlineData("printf x >>")]
    [InlineData("printf x | dd conv=notrunc bs=1 seek=70 status=none of=")]
    public async Task What_is_damaged_is_compiled_anew(string damage)
    {
        await PrepareAsync();
        var said = await folder.RunAsync("gcc -Wall -c a.c");
        var right = folder.Bytes("a.o");
        await folder.RunAsync($"for file in {folder.Entry}/objects/??/*.o; do {damage}{(damage.EndsWith('=') ? "" : " ")}$file; done; rm a.o -r {folder.Entry}/objects/tmp");

        Assert.Equal(said, await folder.RunAsync("gcc -Wall -c a.c"));

        Assert.Equal(right, folder.Bytes("a.o"));
        Assert.Equal(["built", "built"], folder.Steps);
        await folder.RunAsync("gcc -Wall -c a.c");
        Assert.Equal(["built", "built", "reused"], folder.Steps);
        Assert.Equal(right, folder.Bytes("a.o"));
    }

    [Theory]
    [InlineData("rm {0}/objects/??/*.txt")]
    [InlineData("echo other >>{0}/objects/??/*.txt")]
    public async Task Warnings_that_are_damaged_are_not_said(string damage)
    {
        await PrepareAsync();
        var said = await folder.RunAsync("gcc -Wall -c a.c");
        await folder.RunAsync(string.Format(null, damage, folder.Entry));

        Assert.Equal(said, await folder.RunAsync("gcc -Wall -c a.c"));

        Assert.DoesNotContain("reused", folder.Steps);
    }

    [Fact]
    public async Task A_header_that_came_while_it_was_compiled_is_not_taken_for_the_one_before()
    {
        await PrepareAsync();
        await folder.RunAsync("touch -d tomorrow a.h; gcc -c a.c");

        Assert.Empty(folder.Kept);
    }

    [Theory]
    [InlineData("mount -t tmpfs -o ro none {0}")]
    [InlineData("mount -t tmpfs -o size=8k none {0} && head -c 1M /dev/zero >{0}/filler 2>/dev/null")]
    [InlineData("rm -r {0}")]
    [InlineData("rm -r {0}; : >{0}")]
    [InlineData(": >{0}/objects")]
    [InlineData("mkdir {0}/steps")]
    public async Task A_store_that_cannot_be_written_fails_nothing(string change)
    {
        await PrepareAsync();
        Assert.SkipUnless(!change.StartsWith("mount", StringComparison.Ordinal) || (await folder.TryAsync("unshare -m true")).Status == 0, "this machine lets nobody mount");
        var said = await folder.RunAsync("gcc -Wall -c a.c -o plain.o", isPlain: true);
        var script = string.Format(null, change, folder.Entry);

        var (status, _, errors) = await folder.TryAsync($"unshare -m bash -c '{script}; PATH={folder.Shims}:$PATH; gcc -Wall -c a.c && gcc -Wall -c a.c'", isPlain: false);

        Assert.Equal((0, said + said), (status, errors));
        Assert.Equal(folder.Bytes("plain.o"), folder.Bytes("a.o"));
    }

    [Fact]
    public async Task Compilers_are_left_alone_if_the_package_asks_for_it()
    {
        await folder.InstallAsync("options=(!ccache)\n");

        Assert.False(File.Exists(Path.Combine(folder.Shims, "gcc")));
    }

    [Fact]
    public async Task A_folder_that_is_twice_in_path_and_that_of_another_build_are_passed_over()
    {
        await PrepareAsync();

        await folder.RunAsync($"cp -r {folder.Shims} other; PATH={folder.Shims}/:$PWD/other:$PATH; gcc -c a.c");

        Assert.Equal(["built"], folder.Steps);
    }

    [Fact]
    public async Task Two_that_write_one_file_keep_what_is_whole()
    {
        await PrepareAsync();
        await folder.RunAsync("gcc -c a.c -o plain.o", isPlain: true);
        folder.With("Makefile", "all: 1 2 3 4 5 6 7 8\n1 2 3 4 5 6 7 8:; @gcc -c a.c\n");
        Assert.SkipUnless(Workshop.HasCommand("make"), "make is not installed");

        await folder.RunAsync("make -j4");
        await folder.RunAsync("gcc -c a.c");

        Assert.Equal(folder.Bytes("plain.o"), folder.Bytes("a.o"));
    }

    private Task PrepareAsync()
    {
        folder.With("a.h", "#ifndef N\n#define N 3\n#endif\n")
            .With("a.c", "#include <stdio.h>\n#include \"a.h\"\nint a(int x)\n{\n  int unused;\n  return printf(\"%d\", x * N);\n}\n");
        return folder.InstallAsync();
    }
}
