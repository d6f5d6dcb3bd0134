namespace Orchestrator.Pkgbuild.Tests;

public sealed class CompilerOptionsTests : IDisposable
{
    private readonly CompilerFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("gcc -c a.c", true)]
    [InlineData("gcc -c a.c -o out.o", true)]
    [InlineData("gcc -ca.o a.c", false)]
    [InlineData("gcc -oout.o -c a.c", true)]
    [InlineData("gcc -O2 -g -fPIC -c sub/b.c -o sub/b.lo", true)]
    [InlineData("gcc -O2 -c sub/b.c", true)]
    [InlineData("gcc -Wall -Wextra -c a.c", true)]
    [InlineData("gcc -Wall -Werror -c a.c", true)]
    [InlineData("gcc -MD -c a.c -o a.o", true)]
    [InlineData("gcc -MMD -MP -c a.c -o sub/x.y.o", true)]
    [InlineData("gcc -MD -c sub/b.c", true)]
    [InlineData("gcc -MD -MF deps.d -MT 'target one' -c a.c -o a.o", true)]
    [InlineData("gcc -MMD -MF deps.d -MQ 'tar$get' -c a.c", true)]
    [InlineData("gcc -MT x -MD -MP -MF .deps.Tpo -c -o a.o a.c", true)]
    [InlineData("gcc -MD -MF - -c a.c", false)]
    [InlineData("gcc -MD -MF /dev/stderr -c a.c", false)]
    [InlineData("gcc -DN=4 -Isub -include sub/b.h -c a.c", true)]
    [InlineData("gcc -D N=4 -I sub -isystem sub -U M --param max-inline-insns-auto=20 -c a.c", true)]
    [InlineData("g++ -c c.cpp -o c.o -std=c++17 -O2 -g", true)]
    [InlineData("gcc -c c.cpp", true)]
    [InlineData("gcc -march=native -O2 -c a.c", true)]
    [InlineData("gcc -ffile-prefix-map=/tmp=/x -c a.c", true)]
    [InlineData("gcc -Wp,-D_FORTIFY_SOURCE=2 -O2 -c a.c", true)]
    [InlineData("gcc -Wp,-DX,-MD,x.d -c a.c", false)]
    [InlineData("gcc -c broken.c", false)]
    [InlineData("gcc -c missing.c", false)]
    [InlineData("gcc -c warns.c -Wimplicit-fallthrough", true)]
    [InlineData("gcc -c a.c sub/b.c", false)]
    [InlineData("gcc -c a.c -o missing/a.o", false)]
    [InlineData("gcc -c a.c -o /dev/null", false)]
    [InlineData("gcc -c a.c --output=long.o", false)]
    [InlineData("gcc -S a.c", false)]
    [InlineData("gcc -E a.c", false)]
    [InlineData("gcc -MM a.c", false)]
    [InlineData("gcc -M -MG a.c", false)]
    [InlineData("gcc -x c -c a.txt -o a.o", false)]
    [InlineData("gcc -x c -c - -o a.o < a.c", false)]
    [InlineData("gcc -c @arguments", false)]
    [InlineData("gcc -save-temps -c a.c", false)]
    [InlineData("gcc -g -gsplit-dwarf -c a.c", false)]
    [InlineData("gcc --coverage -c a.c", false)]
    [InlineData("gcc -ftest-coverage -c a.c", false)]
    [InlineData("gcc -fstack-usage -c a.c", false)]
    [InlineData("gcc -fcallgraph-info -c a.c", false)]
    [InlineData("gcc -fdump-tree-original -c a.c", false)]
    [InlineData("gcc -Wa,-a=listing -c a.c", false)]
    [InlineData("gcc -Wa,--noexecstack -c a.c", true)]
    [InlineData("gcc -c sub/b.h", false)]
    [InlineData("gcc -c incbin.c", false)]
    [InlineData("gcc -H -c a.c", true)]
    [InlineData("gcc -frecord-gcc-switches -c a.c", true)]
    [InlineData("gcc -fdiagnostics-format=json -Wall -c a.c", false)]
    [InlineData("gcc main.c -o main", false)]
    [InlineData("gcc --version", false)]
    [InlineData("gcc -print-prog-name=as", false)]
    [InlineData("gcc", false)]
    [InlineData("gcc -c -o", false)]
    [InlineData("umask 027; gcc -c a.c", true)]
    [InlineData("LD_PRELOAD= gcc -c a.c", true)]
    [InlineData("DEPENDENCIES_OUTPUT='dep x' gcc -c a.c", false)]
    [InlineData("cd sub && ../../bin/gcc -c ../a.c -o 'with space.o'", true)]
    [InlineData("gcc -c conftest.c", false)]
    public async Task A_compiler_does_the_same_with_the_script_before_it(string command, bool isKept)
    {
        AddSources();
        await folder.InstallAsync();

        var plain = await folder.DescribeAsync(command.Replace("../../bin/", "", StringComparison.Ordinal), isPlain: true);
        var first = await folder.DescribeAsync(command, isPlain: false);
        var second = await folder.DescribeAsync(command, isPlain: false);

        Assert.Equal(plain, first);
        Assert.Equal(plain, second);
        var fails = plain[0] != '0';
        Assert.Equal(isKept && !fails ? ["built", "reused"] : [], folder.Steps);
    }

    private void AddSources() => folder
        .With("a.c", "#include <stdio.h>\n#include \"sub/b.h\"\nint a(int x)\n{\n  int unused;\n  return printf(\"%d\", x * M);\n}\n")
        .With("a.txt", "int a;\n")
        .With("sub/b.h", "#define M 3\nextern int b;\n")
        .With("sub/b.c", "#include \"b.h\"\nint b = M;\n")
        .With("c.cpp", "#include <vector>\nint c(std::vector<int>& v) { return v.at(0); }\n")
        .With("broken.c", "int broken(\n")
        .With("warns.c", "int f(int x)\n{\n  switch (x)\n  {\n    case 1: x = 2; /* fall through */\n    case 2: x = 3;\n    default: break;\n  }\n  return x;\n}\n")
        .With("incbin.c", "__asm__(\".incbin \\\"a.txt\\\"\");\n")
        .With("main.c", "int main(void) { return 0; }\n")
        .With("conftest.c", "int conftest;\n")
        .With("arguments", "a.c -o a.o\n");
}
