namespace Orchestrator.Pkgbuild.Tests;

public class OverrideTests
{
    [Fact]
    public async Task Each_package_has_what_its_function_assigns()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(
            """
            pkgbase=suite
            pkgname=(suite suite-docs)
            arch=(x86_64)
            pkgdesc="The suite"
            depends=(glibc)
            package_suite() {
              depends+=(zlib "$pkgname-data")
              backup=(etc/suite.conf)
            }
            package_suite-docs() {
              pkgdesc+=" (documentation of $pkgname)"
              arch=(any); depends=()
              local helper=(not a field)
            }
            """);

        Assert.True(pkgbuild.IsSplit);
        Assert.Equal("suite", pkgbuild.BaseName);
        Assert.Equal(["glibc", "zlib", "suite-data"], pkgbuild.Overrides["suite"].Array("depends"));
        Assert.Equal(["etc/suite.conf"], pkgbuild.Overrides["suite"].Array("backup"));
        Assert.Equal("The suite (documentation of suite-docs)", pkgbuild.Overrides["suite-docs"].String("pkgdesc"));
        Assert.Equal(["any"], pkgbuild.Overrides["suite-docs"].Array("arch"));
        Assert.Equal([], pkgbuild.Overrides["suite-docs"].Arrays["depends"]);
        Assert.Equal(["arch", "depends"], pkgbuild.Overrides["suite-docs"].Arrays.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_package_function_of_a_single_package_overrides_too()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(PkgbuildFolder.Minimum + "package() {\n  license=(MIT)\n}\n");

        Assert.False(pkgbuild.IsSplit);
        Assert.Equal(["MIT"], pkgbuild.Overrides["sample"].Array("license"));
    }

    [Fact]
    public async Task A_package_that_overrides_nothing_is_not_among_them()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(PkgbuildFolder.Minimum + "package() { _x=1; }\n");

        Assert.Empty(pkgbuild.Overrides);
    }

    [Fact]
    public async Task Fields_for_an_architecture_are_overridden_also_for_one_that_only_this_package_has()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(
            """
            pkgname=(a)
            arch=(x86_64)
            depends_x86_64=(intel)
            package_a() {
              arch=(x86_64 riscv64)
              depends_x86_64+=(more)
              depends_riscv64=(risc)
              depends_sparc=(nobody)
            }
            """);

        var overrides = pkgbuild.Overrides["a"];
        Assert.Equal(["intel", "more"], overrides.Array("depends_x86_64"));
        Assert.Equal(["risc"], overrides.Array("depends_riscv64"));
        Assert.False(overrides.Arrays.ContainsKey("depends_sparc"));
    }

    [Fact]
    public async Task Lines_count_whatever_stands_around_them_as_for_makepkg()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(
            PkgbuildFolder.Minimum +
            """
            license=(global)
            package() {
              if false; then
                depends=(in-a-condition)
              fi
              [[ x ]] && groups=(after-and)
              cat <<EOF
              provides=(in-a-here-document)
            EOF
              license=("spread over
            two lines")
              options=(!strip) conflicts=(second)
            }
            """);

        var overrides = pkgbuild.Overrides["sample"];
        Assert.Equal(["in-a-condition"], overrides.Array("depends"));
        Assert.False(overrides.Arrays.ContainsKey("groups"));
        Assert.Equal(["in-a-here-document"], overrides.Array("provides"));
        Assert.Equal(["global"], overrides.Arrays["license"]);
        Assert.Equal(["!strip"], overrides.Array("options"));
        Assert.False(overrides.Arrays.ContainsKey("conflicts"));
    }

    [Fact]
    public async Task What_the_function_would_do_is_not_done()
    {
        using PkgbuildFolder folder = new(PkgbuildFolder.Minimum + "package() {\n  touch \"$startdir/ran\"\n  license=(MIT)\n  exit 3\n}\n");

        Assert.Equal(["MIT"], (await folder.ReadAsync()).Overrides["sample"].Array("license"));
        Assert.False(File.Exists(Path.Combine(folder.Path, "ran")));
    }

    [Fact]
    public async Task Variables_of_the_PKGBUILD_are_seen_whatever_their_name()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(
            PkgbuildFolder.Minimum + "name=N line=L key=K value=V i=I\npackage() {\n  pkgdesc=\"$name$line$key$value$i\"\n}\n");

        Assert.Equal("NLKVI", pkgbuild.Overrides["sample"].String("pkgdesc"));
    }
}
