namespace Orchestrator.Pkgbuild.Tests;

public sealed class DependencyCheckTests : IDisposable
{
    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public async Task Missing_dependencies_are_one_error_that_names_all_before_anything_is_fetched()
    {
        workshop.Pkgbuild(Workshop.Head.Replace("any", "x86_64", StringComparison.Ordinal) + """
            depends=(bash)
            makedepends=('no-such-compiler>=3' no-such-linker)
            makedepends_x86_64=(no-such-assembler)
            checkdepends=(no-such-tester)
            source=(not-there.txt)
            sha256sums=(SKIP)
            check() { :; }
            package() { :; }
            """);

        var error = await workshop.BuildBadAsync();

        var missing = Assert.IsType<MissingDependenciesException>(error);
        Assert.Equal(MakepkgExitCode.MissingDependencies, error.ExitCode);
        Assert.Equal(["no-such-compiler>=3", "no-such-linker", "no-such-assembler", "no-such-tester"], missing.Missing);
        Assert.Equal(
            "Could not resolve all dependencies of sample, missing: no-such-compiler>=3, no-such-linker, no-such-assembler, no-such-tester; install them, or build all the same with --nodeps",
            error.Message);
        Assert.Equal(6, error.Line);
        Assert.Empty(workshop.Lines);
        Assert.False(Directory.Exists(workshop.Work));
        Assert.False(Directory.Exists(workshop.Output));
    }

    [Fact]
    public async Task A_missing_dependency_can_be_overridden()
    {
        workshop.Pkgbuild(Workshop.Head + "makedepends=(no-such-compiler)\npackage() { :; }\n");

        await workshop.BuildAsync(options => options with { IgnoreDependencies = true });

        Assert.Contains("==> Finished making: sample 1.0-1", workshop.Lines);
    }

    [Fact]
    public async Task A_local_package_is_a_dependency_that_is_there()
    {
        workshop.Pkgbuild(Workshop.Head + "makedepends=('our-library>=1')\npackage() { :; }\n");

        await workshop.BuildAsync(options => options with { LocalPackages = new HashSet<string> { "our-library" } });

        Assert.Contains("==> Finished making: sample 1.0-1", workshop.Lines);
    }

    [Fact]
    public async Task A_package_that_was_built_into_the_same_folder_is_there()
    {
        workshop.Pkgbuild(Workshop.Head + "provides=(virtual=2)\npackage() { :; }\n");
        await workshop.BuildAsync();
        var needing = Workshop.Head.Replace("sample", "other", StringComparison.Ordinal) + "makedepends=(sample virtual)\npackage() { :; }\n";

        await workshop.Pkgbuild(needing).BuildAsync();

        Directory.Delete(Path.Combine(workshop.Output, "sample"), recursive: true);
        var error = await workshop.Pkgbuild(needing + "\n").BuildBadAsync();
        Assert.Equal(["sample", "virtual"], Assert.IsType<MissingDependenciesException>(error).Missing);
    }

    [Theory]
    [InlineData("coreutils", true)]
    [InlineData("glibc", true)]
    [InlineData("libc.so", true)]
    [InlineData("no-such-thing", false)]
    [InlineData("libno-such-thing.so", false)]
    [InlineData("../bin/ls", false)]
    public async Task A_package_is_there_if_its_commands_or_libraries_are(string dependency, bool there)
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync($"{Workshop.Head}makedepends=({dependency})\npackage() {{ :; }}\n");
        DependencyCheck check = new(new("/usr/bin:/bin"), LibraryPath.Default, new HashSet<string>());

        var error = Record.Exception(() => check.Require(pkgbuild, "x86_64", check: false));

        Assert.Equal(there, error is null);
    }

    [Fact]
    public void A_group_is_there_only_if_all_of_its_commands_are()
    {
        var folder = Directory.CreateDirectory(Path.Combine(workshop.Root, "bin")).FullName;
        foreach (var name in new[] { "rustc", "node" })
        {
            File.WriteAllText(Path.Combine(folder, name), "");
            LinuxFile.SetMode(Path.Combine(folder, name), BuildEnvironment.DirectoryMode);
        }

        File.WriteAllText(Path.Combine(folder, "cargo"), "not executable");

        Assert.Equal(["rust"], Missing("rust", "nodejs"));
        LinuxFile.SetMode(Path.Combine(folder, "cargo"), BuildEnvironment.DirectoryMode);
        Assert.Empty(Missing("rust", "nodejs"));

        IReadOnlyList<string> Missing(params string[] dependencies)
        {
            PkgbuildFields fields = new(new Dictionary<string, string>(), new Dictionary<string, IReadOnlyList<string>> { ["makedepends"] = dependencies });
            Pkgbuild pkgbuild = new()
            {
                Path = "/PKGBUILD",
                BaseName = "sample",
                Names = ["sample"],
                Version = new("1", "1"),
                Fields = fields,
                Overrides = new Dictionary<string, PkgbuildFields>(),
                Functions = new HashSet<string>(),
                Lines = new Dictionary<string, int>(),
            };
            var error = Record.Exception(() =>
                new DependencyCheck(new(folder), new LibraryPath(), new HashSet<string>()).Require(pkgbuild, "x86_64", check: false));
            return error is null ? [] : Assert.IsType<MissingDependenciesException>(error).Missing;
        }
    }
}
