namespace Orchestrator.Pkgbuild.Tests;

public class FieldTests
{
    [Fact]
    public async Task Fields_are_what_bash_makes_of_them()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(
            """
            # Maintainer: Somebody <somebody@example.org>
            _name=Sample_Tool
            pkgname=${_name,,}; pkgname=${pkgname//_/-}
            pkgver=1.2.3
            pkgrel=2
            epoch=1
            pkgdesc="A 'sample' with \"quotes\" and \$5"
            url="https://example.org/${pkgname%%-*}"
            arch=('x86_64'
                  "aarch64")   # both
            license=(MIT)
            license+=('Apache-2.0 OR MIT')
            depends=(
              glibc
              # not this one
              'gcc-libs>=13'
            )
            if [[ $CARCH == x86_64 ]]; then depends+=(lib32); fi
            case $pkgver in 1.*) groups=(ones) ;; *) groups=(others) ;; esac
            for _part in a b; do source+=("$_part-$pkgver.tar.gz"); done
            optdepends=('foo: for foo')
            _helper() { printf '%s' "$1"; }
            provides=("$(_helper virtual)=$pkgver")
            build() { pkgver=9; depends=(inside); }
            package() { :; }
            """,
            new() { Architecture = "x86_64" });

        Assert.Equal(["sample-tool"], pkgbuild.Names);
        Assert.Equal("sample-tool", pkgbuild.BaseName);
        Assert.Equal("1:1.2.3-2", pkgbuild.Version.ToString());
        Assert.Equal("A 'sample' with \"quotes\" and $5", pkgbuild.Fields.String("pkgdesc"));
        Assert.Equal("https://example.org/sample", pkgbuild.Fields.String("url"));
        Assert.Equal(["x86_64", "aarch64"], pkgbuild.Fields.Array("arch"));
        Assert.Equal(["MIT", "Apache-2.0 OR MIT"], pkgbuild.Fields.Array("license"));
        Assert.Equal(["glibc", "gcc-libs>=13", "lib32"], pkgbuild.Fields.Array("depends"));
        Assert.Equal(["ones"], pkgbuild.Fields.Array("groups"));
        Assert.Equal(["a-1.2.3.tar.gz", "b-1.2.3.tar.gz"], pkgbuild.Fields.Array("source"));
        Assert.Equal(["virtual=1.2.3"], pkgbuild.Fields.Array("provides"));
        Assert.Equal(["_helper", "build", "package"], pkgbuild.Functions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_field_that_is_not_set_is_told_from_one_that_is_empty()
    {
        var fields = (await PkgbuildFolder.ReadAsync("pkgname=a\npkgdesc=\ndepends=()\n")).Fields;

        Assert.Equal("", fields.String("pkgdesc"));
        Assert.True(fields.Arrays.ContainsKey("depends"));
        Assert.Null(fields.String("url"));
        Assert.False(fields.Arrays.ContainsKey("makedepends"));
    }

    [Fact]
    public async Task A_value_keeps_newlines_quotes_and_characters_of_every_script()
    {
        var value = "zwei\nZeilen\t\"'`$ \\ ñ 日本 🦀 \u0001";
        var pkgbuild = await PkgbuildFolder.ReadAsync(
            $"pkgname=a\npkgdesc=$(cat <<'EOF'\n{value}\nEOF\n)\nlicense=(\"$pkgdesc\" '' last)\n");

        Assert.Equal(value, pkgbuild.Fields.String("pkgdesc"));
        Assert.Equal([value, "", "last"], pkgbuild.Fields.Array("license"));
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_stay_as_they_are()
    {
        using PkgbuildFolder folder = new([.. "pkgname=a\npkgdesc='caf"u8, 0xe9, .. " au lait'\n"u8]);

        var pkgbuild = await folder.ReadAsync();

        Assert.Equal("caf\uDCE9 au lait", pkgbuild.Fields.String("pkgdesc"));
        Assert.Contains((byte)0xe9, SrcInfo.WriteBytes(pkgbuild));
    }

    [Fact]
    public async Task Fields_for_an_architecture_keep_their_own_name_and_add_to_the_plain_ones()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(
            """
            pkgname=a
            arch=(x86_64 aarch64)
            source=(common)
            source_x86_64=(intel)
            source_aarch64=(arm)
            source_riscv64=(unknown)
            """);

        Assert.Equal(["common", "intel"], pkgbuild.Fields.Array("source", "x86_64"));
        Assert.Equal(["arm"], pkgbuild.Fields.Array("source_aarch64"));
        Assert.False(pkgbuild.Fields.Arrays.ContainsKey("source_riscv64"));
    }

    [Fact]
    public async Task The_path_can_be_the_file_or_its_folder()
    {
        using PkgbuildFolder folder = new(PkgbuildFolder.Minimum);

        var byFolder = await PkgbuildReader.ReadAsync(folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        var byFile = await PkgbuildReader.ReadAsync(folder.File, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(folder.File, byFolder.Path);
        Assert.Equal(folder.File, byFile.Path);
        Assert.Equal(folder.Path, byFile.StartDirectory);
    }

    [Fact]
    public async Task A_path_may_have_spaces_quotes_newlines_and_any_characters()
    {
        using PkgbuildFolder folder = new("");
        var odd = Directory.CreateDirectory(Path.Combine(folder.Path, "a b'c\"d\ne $HOME *ñ日本\\")).FullName;
        var file = Path.Combine(odd, "PKGBUILD");
        await File.WriteAllTextAsync(file, PkgbuildFolder.Minimum + "pkgdesc=$startdir\n", TestContext.Current.CancellationToken);

        var pkgbuild = await PkgbuildReader.ReadAsync(file, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(odd, pkgbuild.Fields.String("pkgdesc"));

        await File.WriteAllTextAsync(file, "pkgname=a\nfi\n", TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<PkgbuildException>(
            () => PkgbuildReader.ReadAsync(odd, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(2, error.Line);
    }

    [Fact]
    public async Task It_runs_in_its_own_folder_and_knows_startdir_and_CARCH()
    {
        using PkgbuildFolder folder = new("pkgname=a\npkgdesc=\"$startdir|$PWD|$CARCH|${srcdir-no srcdir}\"\n");
        var pkgbuild = await folder.ReadAsync(new() { Architecture = "sparc" });

        Assert.Equal($"{folder.Path}|{folder.Path}|sparc|no srcdir", pkgbuild.Fields.String("pkgdesc"));
    }

    [Fact]
    public async Task What_is_declared_local_at_the_top_level_is_no_field_as_for_makepkg()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync("pkgname=a\nlocal url=x\ndeclare -a depends=(y)\ndeclare -g pkgdesc=z\n");

        Assert.Null(pkgbuild.Fields.String("url"));
        Assert.Empty(pkgbuild.Fields.Array("depends"));
        Assert.Equal("z", pkgbuild.Fields.String("pkgdesc"));
    }

    [Fact]
    public async Task What_the_PKGBUILD_prints_does_not_get_into_its_metadata()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(
            """
            pkgname=a
            printf 'string\0pkgdesc\0lie\0'; echo out; echo err >&2
            yes | head -c 300000
            pkgver=$(echo noise >&2; echo 2)
            """);

        Assert.Equal("2", pkgbuild.Version.PkgVer);
        Assert.Null(pkgbuild.Fields.String("pkgdesc"));
    }

    [Fact]
    public async Task Arrays_with_gaps_are_named()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync("pkgname=a\nsource=([0]=x [5]=y)\ndepends=([0]=x [1]=y)\n");

        Assert.Equal(["source"], pkgbuild.SparseArrays);
        Assert.Equal(["x", "y"], pkgbuild.Fields.Array("source"));
    }

    [Fact]
    public async Task Many_can_be_read_at_once()
    {
        var names = Enumerable.Range(0, 12).Select(number => $"package-{number}").ToArray();

        var pkgbuilds = await Task.WhenAll(names.Select(name => PkgbuildFolder.ReadAsync($"pkgname={name}\npkgver=1\n")));

        Assert.Equal(names, pkgbuilds.Select(pkgbuild => pkgbuild.BaseName));
    }
}
