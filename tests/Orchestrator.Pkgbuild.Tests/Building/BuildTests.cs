namespace Orchestrator.Pkgbuild.Tests;

public sealed class BuildTests : IDisposable
{
    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public async Task A_build_yields_the_tree_and_an_archive_of_it()
    {
        workshop.Pkgbuild(Workshop.Head + """
            package() {
              install -Dm755 /dev/stdin "$pkgdir/usr/bin/hello" <<<'echo hello'
            }
            """);

        var result = await workshop.BuildAsync();

        Assert.Equal("echo hello\n", workshop.Installed("usr/bin/hello"));
        var package = Assert.Single(result.Packages);
        Assert.Equal(("sample", "1.0-1", "any"), (package.Name, package.Version, package.Architecture));
        Assert.Equal(Path.Combine(workshop.Output, "sample"), package.TreePath);
        Assert.StartsWith(Path.Combine(workshop.Output, "sample-1.0-1-any.pkg.tar."), package.ArchivePath, StringComparison.Ordinal);
        Assert.True(File.Exists(package.ArchivePath));
        workshop.AssertNothingLeft();
    }

    [Fact]
    public async Task The_log_reads_as_that_of_makepkg()
    {
        workshop.With("data.txt", "data").Pkgbuild(Workshop.Head + """
            source=(data.txt)
            sha256sums=(3a6eb0790f39ac87c94f3856b2dd2c5d110e6811602261a9a923d3bb23adc8b7)
            build() { echo building; }
            package() { echo packaging >&2; }
            """);

        await workshop.BuildAsync();

        Assert.Equal(
            [
                "==> Building sample 1.0-1",
                "==> Retrieving sources...",
                "  -> Found data.txt",
                "==> Validating source files with sha256sums...",
                "    data.txt ... Passed",
                "==> Extracting sources...",
                "==> Starting build()...",
                "building",
                "==> Starting package()...",
                "packaging",
                "==> Creating package \"sample\"...",
                "  -> Compressing package...",
                "==> Finished making: sample 1.0-1",
            ],
            workshop.Lines);
    }

    [Fact]
    public async Task Functions_run_in_makepkgs_order()
    {
        workshop.Pkgbuild(Workshop.Head + """
            _say() { echo "$1 $PWD" >> "$startdir/order"; }
            package() { _say package; }
            check() { _say check; }
            build() { _say build; }
            pkgver() { _say pkgver; echo 1.0; }
            prepare() { _say prepare; }
            verify() { _say verify; }
            """);

        await workshop.BuildAsync();

        var lines = await File.ReadAllLinesAsync(Path.Combine(workshop.StartDirectory, "order"), TestContext.Current.CancellationToken);
        Assert.Equal(["verify", "prepare", "pkgver", "build", "check", "package"], lines.Select(line => line.Split(' ')[0]));
        Assert.Equal(workshop.StartDirectory, lines[0].Split(' ')[1]);
        Assert.All(lines.Skip(1), line => Assert.EndsWith("/src", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Functions_have_helpers_private_variables_local_and_unset_variables()
    {
        workshop.Pkgbuild(Workshop.Head + """
            _target=usr/share
            _helper() { local file=$1; printf '%s' "$file${never_set}" > "$pkgdir/$_target/$file"; }
            package() {
              local folder="$pkgdir/$_target"
              mkdir -p "$folder"
              _helper it
              [[ extglob == @(ext|int)glob ]]
              pattern='+(0)' zeros=1000
              [[ ${zeros%%$pattern} == 1 ]]
            }
            """);

        await workshop.BuildAsync();

        Assert.Equal("it", workshop.Installed("usr/share/it"));
    }

    [Fact]
    public async Task Functions_find_the_environment_that_makepkg_gives_them()
    {
        workshop.Pkgbuild(Workshop.Head + """
            options=(!buildflags)
            srcdir=/wrong
            build() { printf 'build %s\n' "$pkgdir" > "$srcdir/report"; }
            package() {
              cp "$srcdir/report" "$pkgdir/report"
              printf '%s\n' "$startdir" "$srcdir" "$pkgdir" "$CARCH" "$CHOST" "$MAKEFLAGS" "[$CFLAGS]" "$SOURCE_DATE_EPOCH" "$PWD" \
                "$(umask)" "$(readlink /proc/self/fd/0)" "$EXTRA" "${BASH_ENV-unset}" "${IFS@Q}" "$TMPDIR" >> "$pkgdir/report"
            }
            """);

        await workshop.BuildAsync(options => options with
        {
            SourceDate = DateTimeOffset.FromUnixTimeSeconds(1_000_000_000),
            Environment = new Dictionary<string, string?> { ["EXTRA"] = "cuda", ["MAKEFLAGS"] = "-j3", ["CFLAGS"] = "-O9" },
        });

        var lines = workshop.Installed("report").Split('\n');
        var work = Path.GetDirectoryName(lines[2])!;
        Assert.StartsWith(workshop.Work + "/sample.", work, StringComparison.Ordinal);
        Assert.Equal(
            [
                $"build {work}/pkg/sample", workshop.StartDirectory, $"{work}/src", $"{work}/pkg/sample", "x86_64", "x86_64-pc-linux-gnu", "-j3", "[]",
                "1000000000", $"{work}/src", "0022", "/dev/null", "cuda", "unset", "$' \\t\\n'", $"{work}/tmp", "",
            ],
            lines);
    }

    [Fact]
    public async Task Pkgver_gives_the_version_and_what_is_derived_from_it()
    {
        workshop.Pkgbuild("""
            pkgname=sample
            pkgver=1.0
            pkgrel=7
            epoch=2
            arch=(any)
            _name=$pkgname-$pkgver
            pkgver() { echo 1.0.r5; echo 'noise' >&2; }
            package() { echo "$pkgver $pkgrel $_name" > "$pkgdir/version"; }
            """);
        var before = await File.ReadAllTextAsync(workshop.PkgbuildPath, TestContext.Current.CancellationToken);

        var result = await workshop.BuildAsync();

        Assert.Equal("2:1.0.r5-1", result.Version.ToString());
        Assert.Equal("1.0.r5 1 sample-1.0.r5\n", workshop.Installed("version"));
        Assert.StartsWith("sample-2:1.0.r5-1-any.pkg.tar.", Path.GetFileName(result.Packages[0].ArchivePath), StringComparison.Ordinal);
        Assert.Contains("==> Updated version: sample 2:1.0.r5-1", workshop.Lines);
        Assert.Equal(before, await File.ReadAllTextAsync(workshop.PkgbuildPath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task On_request_the_new_version_is_written_into_the_PKGBUILD_when_all_has_succeeded()
    {
        const string Text = "# Ren\u00e9\npkgname=sample\npkgver=1.0 # old\npkgrel=7\narch=(any)\npkgver() { echo 1.1; }\n";
        workshop.With("PKGBUILD", System.Text.Encoding.Latin1.GetBytes(Text + "package() { false; }\n"));
        LinuxFile.SetMode(workshop.PkgbuildPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        static BuildOptions Update(BuildOptions options) => options with { UpdatePkgVer = true };

        await workshop.BuildBadAsync(Update);
        Assert.Contains("pkgver=1.0 # old", Contents(), StringComparison.Ordinal);

        workshop.With("PKGBUILD", System.Text.Encoding.Latin1.GetBytes(Text + "package() { :; }\n"));
        Assert.Equal("1.1-1", (await workshop.BuildAsync(Update)).Version.ToString());
        Assert.Equal(Text.Replace("1.0", "1.1", StringComparison.Ordinal).Replace("pkgrel=7", "pkgrel=1", StringComparison.Ordinal) + "package() { :; }\n", Contents());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, LinuxFile.Status(workshop.PkgbuildPath).Mode);

        // It is what was built.
        Assert.True((await workshop.BuildAsync(Update)).IsUpToDate);

        string Contents() => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(workshop.PkgbuildPath));
    }

    [Fact]
    public async Task A_PKGBUILD_that_was_edited_during_its_build_is_updated_and_built_again()
    {
        workshop.Pkgbuild(Workshop.Head + "pkgver() { echo 1.1; }\npackage() { echo '# more' >> \"$startdir/PKGBUILD\"; touch \"$pkgdir/x\"; }\n");

        await workshop.BuildAsync(options => options with { UpdatePkgVer = true });
        var text = await File.ReadAllTextAsync(workshop.PkgbuildPath, TestContext.Current.CancellationToken);

        Assert.Contains("pkgver=1.1\n", text, StringComparison.Ordinal);
        Assert.EndsWith("# more\n", text, StringComparison.Ordinal);
        Assert.False((await workshop.BuildAsync()).IsUpToDate);
    }

    [Fact]
    public async Task Pkgver_that_prints_the_version_of_the_file_changes_nothing()
    {
        workshop.Pkgbuild("""
            pkgname=sample
            pkgver=1.0
            pkgrel=7
            arch=(any)
            pkgver() { echo 1.0; }
            package() { echo "$pkgver-$pkgrel" > "$pkgdir/version"; }
            """);

        Assert.Equal("1.0-7", (await workshop.BuildAsync()).Version.ToString());
        Assert.Equal("1.0-7\n", workshop.Installed("version"));
    }

    [Theory]
    [InlineData("echo '1.0-5'")]
    [InlineData("printf '1.0\\n2.0\\n'")]
    [InlineData(":")]
    public async Task A_version_that_pkgver_may_not_print_is_one_clear_error(string command)
    {
        workshop.Pkgbuild(Workshop.Head + $"pkgver() {{ {command}; }}\npackage() {{ :; }}\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal(MakepkgExitCode.PkgbuildError, error.ExitCode);
        Assert.StartsWith("pkgver() generated an invalid version: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_split_package_yields_one_archive_and_one_tree_each()
    {
        workshop.Pkgbuild("""
            pkgbase=sample
            pkgname=(sample-bin sample-doc)
            pkgver=1
            pkgrel=1
            arch=(x86_64)
            build() { echo "$pkgdir" > built; }
            package_sample-bin() { cp built "$pkgdir/bin"; echo "$pkgname" >> "$pkgdir/bin"; }
            package_sample-doc() { arch=(any); echo "$pkgname" > "$pkgdir/doc"; }
            """);

        var result = await workshop.BuildAsync();

        Assert.Equal(["sample-bin", "sample-doc"], result.Packages.Select(package => package.Name));
        Assert.Equal(["x86_64", "any"], result.Packages.Select(package => package.Architecture));
        Assert.All(result.Packages, package => Assert.True(File.Exists(package.ArchivePath)));
        Assert.EndsWith("/pkg/sample\nsample-bin\n", workshop.Installed("bin", "sample-bin"), StringComparison.Ordinal);
        Assert.Equal("sample-doc\n", workshop.Installed("doc", "sample-doc"));
    }

    [Fact]
    public async Task Check_is_passed_over_on_request()
    {
        workshop.Pkgbuild(Workshop.Head + "checkdepends=(no-such-tool-at-all)\ncheck() { false; }\npackage() { :; }\n");

        await workshop.BuildAsync(options => options with { NoCheck = true });

        Assert.DoesNotContain("==> Starting check()...", workshop.Lines);
    }

    [Fact]
    public async Task A_function_that_leaves_a_process_behind_does_not_leave_it_in_the_machine()
    {
        workshop.Pkgbuild(Workshop.Head + "package() { setsid sleep 600 & (sleep 600 &) ; echo kept > \"$pkgdir/kept\"; }\n");

        await workshop.BuildAsync();

        Assert.Equal("kept\n", workshop.Installed("kept"));
        workshop.AssertNothingLeft();
    }

    [Fact]
    public async Task A_read_only_folder_in_srcdir_goes_with_the_rest()
    {
        workshop.Pkgbuild(Workshop.Head + "build() { mkdir -p a/b; touch a/b/c; chmod -R a-w a; }\npackage() { :; }\n");

        await workshop.BuildAsync();

        workshop.AssertNothingLeft();
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("it's \"quoted\" $HOME `id`")]
    [InlineData("new\nline")]
    [InlineData("Grüße-дир")]
    public async Task Any_folder_name_works(string name)
    {
        using Workshop odd = new(name);
        odd.With("a b.txt", "data").Pkgbuild(Workshop.Head + """
            source=('a b.txt')
            sha256sums=(SKIP)
            package() { cp "a b.txt" "$pkgdir/Grüße"; [ -f "$startdir/PKGBUILD" ]; }
            """);

        await odd.BuildAsync(options => options with
        {
            OutputDirectory = Path.Combine(odd.Root, "out" + name),
            SourceCache = Path.Combine(odd.Root, "cache" + name),
            WorkRoot = Path.Combine(odd.Root, "work" + name),
        });

        Assert.Equal("data", await File.ReadAllTextAsync(Path.Combine(odd.Root, "out" + name, "sample", "Grüße"), TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(odd.Root, "work" + name)));
    }

    [Fact]
    public async Task Any_output_comes_through()
    {
        workshop.Pkgbuild(Workshop.Head + """
            build() {
              printf '%1000000s\n' x
              printf 'bad \xff byte\n'
              printf 'no end of line'
            }
            package() { :; }
            """);

        await workshop.BuildAsync();

        Assert.Contains(workshop.Lines, line => line.Length == 1_000_000 && line.EndsWith(" x", StringComparison.Ordinal));
        Assert.Contains("bad \ufffd byte", workshop.Lines);
        Assert.Contains("no end of line", workshop.Lines);
    }

    [Fact]
    public async Task Builds_of_one_PKGBUILD_at_once_do_not_disturb_each_other()
    {
        workshop.Pkgbuild(Workshop.Head + "build() { echo mine > file; }\npackage() { cp file \"$pkgdir\"; }\n");

        await Task.WhenAll(Enumerable.Range(0, 3).Select(index => workshop.BuildAsync(options => options with
        {
            Force = true,
            OutputDirectory = Path.Combine(workshop.Root, $"out{index}"),
        })));

        workshop.AssertNothingLeft();
        Assert.All(Enumerable.Range(0, 3), index => Assert.True(File.Exists(Path.Combine(workshop.Root, $"out{index}", "sample", "file"))));
    }
}
