namespace Orchestrator.Pkgbuild.Tests;

/// <summary>
/// What the script before a compiler leaves behind is what the compiler alone does: the object file to the byte, the file of
/// dependencies, what is printed, the exit status, and no other file. The first time it is compiled, the second time reused.
/// </summary>
public sealed class CompilerShimTests
{
    /// <summary>Command lines that are looked up.</summary>
    public static TheoryData<string> Kept { get; } =
    [
        "gcc -c a.c -Iinc",
        "gcc -O2 -Wall -Wextra -g -c a.c -Iinc -ox.o",
        "gcc -g3 -Wp,-D_FORTIFY_SOURCE=2 -O2 -pipe -fPIC -pthread -c a.c -Iinc -o x.o",
        "gcc -ggdb -gz -c 'sub dir/b c.c' -I inc -MD",
        "gcc -MD -c a.c -Iinc",
        "gcc -MMD -MP -c ./a.c -Iinc -o out.d/x",
        "gcc -MD -c a.c -Iinc -o out.d/x.y.z",
        "gcc -MD -MF dep.mk -MT 'a b' -MQ 'c$d' -c a.c -Iinc -o 'sub dir/o o.o'",
        "gcc -MD -MFdep -MTtarget -c \"$PWD/a.c\" -Iinc -g",
        "gcc -MD -c a.c -Iinc -o \"it's \\$HOME * ?#%:.o\"",
        "gcc -MMD -MF x.o -c a.c -Iinc -o x.o",
        "gcc -c a.c -Iinc -o -dash.o",
        "cp a.c é.c; gcc -MD -c é.c -Iinc -g",
        "cp a.c a.b.c; gcc -MD -c a.b.c -Iinc",
        "cd 'sub dir'; gcc -g -c ../a.c -I../inc -MD -o ../x.o",
        "ln -s . link; cd link; gcc -g -c a.c -Iinc",
        "touch x.o; chmod 755 x.o; gcc -c a.c -Iinc -o x.o",
        "touch y.o; ln -s y.o x.o; gcc -c a.c -Iinc -o x.o",
        "touch y.o; ln y.o x.o; gcc -c a.c -Iinc -o x.o",
        "echo old >x.o; chmod 755 x.o; gcc -c a.c -Iinc -o x.o",
        "echo old >x.o; chmod 444 x.o; umask 027; gcc -c a.c -Iinc -o x.o",
        "echo old >y.o; ln -s y.o x.o; gcc -c a.c -Iinc -o x.o",
        "ln -s y.o x.o; gcc -c a.c -Iinc -o x.o",
        "echo old >y.o; ln y.o x.o; gcc -c a.c -Iinc -o x.o",
        "echo old >y.d; ln y.d x.d; gcc -MD -c a.c -Iinc -o x.o",
        "umask 077; gcc -MD -c a.c -Iinc",
        "gcc -include inc/a.h -c d.c '-DD=\"q \\\"x\\\" y\"' -MD",
        "gcc -g3 -c d.c -D 'D=\"a\\nb\"'$'\\n'",
        "gcc -c computed.c -MD",
        "gcc -In1 -In2 -c next.c -MMD",
        "CPATH=inc gcc -c a.c -MD",
        "C_INCLUDE_PATH=inc2:inc gcc -c a.c -MD",
        "gcc -g -fdebug-prefix-map=\"$PWD\"=/x -ffile-prefix-map=inc=elsewhere -c a.c -Iinc",
        "gcc -march=native -O3 -c a.c -Iinc",
        "gcc -flto -frandom-seed=1 -O2 -c a.c -Iinc",
        "gcc -Wall -Wextra -fdiagnostics-color=always -c warn.c",
        "gcc -w -std=c99 -pedantic -c warn.c",
        "gcc -Wall -c warn.c >&- <&-",
        "g++ -std=c++17 -O2 -g -MD -c t.cpp -o t.o",
        "g++ -c a.c -Iinc",
        "CC='gcc -m64'; $CC -c a.c -Iinc",
        "PATH=$PATH:$PATH gcc -c a.c -Iinc",
        "PATH=:$PATH; gcc -c a.c -Iinc",
        "ln -s \"$(command -v gcc)\" mygcc; ./mygcc -c a.c -Iinc; rm mygcc",
        "cat() { echo mine; }; stat() { echo mine; }; export -f cat stat; gcc -c a.c -Iinc",
        "export SHELLOPTS; set -eu; gcc -c warn.c -Wall",
        "echo 'echo from BASH_ENV' >env; BASH_ENV=$PWD/env gcc -c a.c -Iinc",
        "POSIXLY_CORRECT=1 source=1 output=2 key=3 arguments=4 gcc -c warn.c -Wall",
        "printf '#line 7 \"other.c\"\\nint x = __LINE__;' >p.c; gcc -g -c p.c",
        "printf 'const char *r = R\"x(\\n#include \"nothing\"\\n)x\"; int x = __LINE__;' >p.cc; g++ -MD -c p.cc",
    ];

    /// <summary>Command lines that are left to the compiler.</summary>
    public static TheoryData<string> PassedOn { get; } =
    [
        "gcc",
        "gcc -c",
        "gcc --version; gcc -dumpmachine; gcc -print-prog-name=cc1",
        "gcc -E a.c -Iinc",
        "gcc -c -S a.c -Iinc",
        "gcc -c a.c warn.c -Iinc",
        "gcc -c a.c blob -Iinc",
        "gcc @args",
        "gcc -x c -c a.c -Iinc",
        "gcc -c -Iinc -- a.c",
        "gcc -c a.c -Iinc --output=z.o; gcc -c a.c -Iinc --output y.o",
        "gcc -c a.c -Iinc -o a.c",
        "gcc -c a.c -Iinc -o none/x.o",
        "gcc -c a.c -Iinc -o out.d",
        "gcc -c a.c -Iinc -o /dev/null",
        "ln -s /dev/null x.o; gcc -c a.c -Iinc -o x.o",
        "gcc -MD -c a.c -Iinc -o .hidden",
        "gcc -MD -MF none/x.d -c a.c -Iinc",
        "gcc -MD -MF - -c a.c -Iinc",
        "gcc -MD -MG -c missing.c",
        "gcc -MT x -c a.c -Iinc",
        "touch missing.o missing.d; gcc -MD -c missing.c",
        "touch x.d; gcc -MD -c missing.c -o 'sub dir/x.o'",
        "touch syntax.o syntax.d; gcc -MD -c syntax.c",
        "gcc -MD -c error.c",
        "gcc -Wall -Werror -c warn.c",
        "gcc -c nothing.c",
        "gcc -fnope -c a.c -Iinc",
        "gcc -c incbin.c",
        "SOURCE_DATE_EPOCH=100; export SOURCE_DATE_EPOCH; touch -d @100 date.c; gcc -c date.c",
        "gcc -c d.c -DD=__BASE_FILE__\"__DATE__\"",
        "gcc -c a.c -Iinc -save-temps",
        "gcc -c a.c -Iinc -fstack-usage",
        "gcc -c a.c -Iinc -g -gsplit-dwarf",
        "gcc -c a.c -Iinc -frecord-gcc-switches",
        "gcc -c a.c -Iinc -Wp,-DX,-MD,w.d",
        "gcc -c a.c -Iinc -imacros inc2/a.h",
        "gcc -c a.c -Iinc -H -P",
        "gcc -c d.c -include <(echo '#define D \"p\"')",
        "echo '#define D \"p\"' | gcc -include /dev/stdin -c d.c",
        "mkfifo p.c; { echo 'int x;' >p.c & }; gcc -c p.c; rm p.c; wait",
        "DEPENDENCIES_OUTPUT='deps target' gcc -c a.c -Iinc",
        "SUNPRO_DEPENDENCIES=deps gcc -c a.c -Iinc",
        "gcc -c a.c -Iinc 2>&-",
        "gcc -c simple.c <&- >&- 2>&-",
        "cp inc/a.h pre.h; gcc pre.h; gcc -include pre.h -c a.c -Iinc -MD; rm pre.h.gch",
        "cp inc/a.h pre.h; gcc pre.h; echo '#include \"pre.h\"' >p.c; gcc -c p.c -MD; rm pre.h.gch",
        "printf '#!/bin/bash\\necho a program of its own, %s arguments >&2\\n' '$#' >gcc; chmod 755 gcc; PATH=:$PATH; gcc -c a.c -Iinc",
    ];

    [Theory]
    [MemberData(nameof(Kept))]
    public async Task A_compilation_gives_the_same_first_and_reused(string command)
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        var alone = await workshop.DescribeAsync(command, isAlone: true);

        Assert.Equal(alone, await workshop.DescribeAsync(command));
        Assert.Equal("built", workshop.Steps);
        Assert.Equal(alone, await workshop.DescribeAsync(command));
        Assert.Equal("built reused", workshop.Steps);
        Assert.Empty(Directory.GetFiles(Path.Combine(workshop.Entry, "objects", "tmp")));
    }

    [Theory]
    [MemberData(nameof(PassedOn))]
    public async Task What_is_no_plain_compilation_is_left_to_the_compiler(string command)
    {
        using var workshop = await CompilerWorkshop.CreateAsync();
        var alone = await workshop.DescribeAsync(command, isAlone: true);

        Assert.Equal(alone, await workshop.DescribeAsync(command));
        Assert.Equal(alone, await workshop.DescribeAsync(command));
        Assert.Equal("", workshop.Steps);
        Assert.Empty(Directory.Exists(Path.Combine(workshop.Entry, "objects")) ? workshop.Kept : []);
    }
}
