using Orchestrator.Testing;

namespace Orchestrator.Pkgbuild.Tests;

/// <summary>Whatever becomes of what is kept, the compiler's results are right.</summary>
public sealed class CompilerShimStoreTests
{
    private const string Command = "gcc -g -Wall -c a.c -o a.o";
    private const string Source = "int a(int x) { int unused; return x; }\n";

    public static TheoryData<string, string> Damages { get; } = new()
    {
        { "*.o", "truncate -s 100" },
        { "*.o", "truncate -s 0" },
        { "*.o", "sed -i s/ELF/ELK/" },
        { "*.o", "dd conv=notrunc bs=1 seek=200 count=8 if=/dev/zero status=none of=$1; :" },
        { "*.o", "rm" },
        { "*.txt", "rm" },
        { "*.txt", "truncate -s 5" },
        { "*.txt", "sed -i s/unused/useful/" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_damaged_file_is_compiled_anew(string files, string damage)
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        workshop.Write("a.c", Source);
        var complaint = await workshop.CompileAsync(Command);
        var right = workshop.Read("a.o");

        await workshop.CompileAsync($"set -- $(find {workshop.Entry}/objects -name '{files}'); [[ $# == 1 ]] && {damage} \"$1\"", isAlone: true);
        Assert.Equal(complaint, await workshop.CompileAsync($"rm a.o; {Command}"));

        Assert.Equal("built built", workshop.Steps);
        Assert.Equal(right, workshop.Read("a.o"));
        Assert.Equal(complaint, await workshop.CompileAsync($"rm a.o; {Command}"));
        Assert.Equal("built built reused", workshop.Steps);
        Assert.Equal(right, workshop.Read("a.o"));
    }

    [Fact]
    public async Task An_entry_that_is_gone_is_none()
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        workshop.Write("a.c", Source);
        Directory.Delete(workshop.Entry);

        await workshop.CompileAsync(Command);

        Assert.NotEmpty(workshop.Read("a.o"));
        Assert.False(Directory.Exists(workshop.Entry));
    }

    [Theory]
    [InlineData("mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\"")]
    [InlineData("mount -t tmpfs -o size=4k none \"$1\"")]
    [InlineData("mount -t tmpfs -o size=256k none \"$1\" && mkdir \"$1/objects\" && head -c 250k /dev/zero >\"$1/full\"")]
    [InlineData("mount -t tmpfs -o nr_inodes=3 none \"$1\"")]
    public async Task A_store_that_cannot_be_written_is_none(string mount)
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        Assert.SkipUnless(await Shell.CanMountAsync(), "this machine does not let us mount");
        workshop.Write("a.c", Source);
        var complaint = await workshop.CompileAsync(Command, isAlone: true);
        var right = workshop.Read("a.o");
        var path = workshop.Command("bash", []).Environment["PATH"];

        var (exitCode, text) = await Shell.RunMountingAsync(
            $"""
            {mount} || exit 99
            cd "$2" && rm a.o && export PATH="$3" ORCHESTRATOR_CACHE_ENTRY="$1" TMPDIR="$4" && {Command} && {Command}
            """,
            workshop.Entry,
            workshop.Work,
            path!,
            Path.Combine(workshop.Root, "tmp"));

        Assert.Equal((0, complaint + complaint), (exitCode, text));
        Assert.Equal(right, workshop.Read("a.o"));
    }

    [Fact]
    public async Task What_a_build_did_not_need_is_removed_with_its_warnings()
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        workshop.Write("a.c", Source);
        await workshop.CompileAsync(Command);
        CompileSteps steps = new(workshop.Entry);
        Assert.Equal(1, steps.Begin(isNew: false));

        await workshop.CompileAsync($"{Command} -O2");
        steps.Read();
        steps.RemoveOthers();

        Assert.Equal((1, 0), (steps.Count, steps.Reused));
        Assert.Equal(2, workshop.Kept.Count);
        await workshop.CompileAsync($"{Command} -O2");
        steps.Read();
        Assert.Equal((1, 0), (steps.Count, steps.Reused)); // It is the same object file.
        Assert.Equal("built built reused", workshop.Steps);
    }
}
