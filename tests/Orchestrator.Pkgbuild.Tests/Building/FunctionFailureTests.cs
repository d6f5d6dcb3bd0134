namespace Orchestrator.Pkgbuild.Tests;

public sealed class FunctionFailureTests : IDisposable
{
    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Theory]
    [InlineData("verify")]
    [InlineData("prepare")]
    [InlineData("pkgver")]
    [InlineData("build")]
    [InlineData("check")]
    [InlineData("package")]
    public async Task A_function_that_fails_is_named_with_its_line(string function)
    {
        var others = function == "package" ? "" : "package() { :; }\n";
        workshop.Pkgbuild(Workshop.Head + others + $"{function}() {{\n  true\n  false\n  echo not reached\n}}\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal(MakepkgExitCode.FunctionFailed, error.ExitCode);
        Assert.Equal($"A failure occurred in {function}().", error.Message);
        Assert.Equal((workshop.PkgbuildPath, function == "package" ? 7 : 8), (error.File, error.Line));
        Assert.DoesNotContain("not reached", workshop.Lines);
        Assert.False(Directory.Exists(Path.Combine(workshop.Output, "sample")));
    }

    [Theory]
    [InlineData("_helper() {\n  false\n}\nbuild() { _helper; }\n", 6)]
    [InlineData("build() {\n  (\n    true\n    false\n  )\n}\n", 8)]
    [InlineData("build() {\n  local x=1\n  x=$(false)\n}\n", 7)]
    [InlineData("build() {\n  if true; then\n    no-such-command\n  fi\n}\n", 7)]
    public async Task The_line_is_that_of_the_command(string text, int line)
    {
        workshop.Pkgbuild(Workshop.Head + text + "package() { :; }\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal((MakepkgExitCode.FunctionFailed, line), (error.ExitCode, error.Line));
    }

    [Theory]
    [InlineData("return 3")]
    [InlineData("exit 3")]
    [InlineData("exit 12")]
    [InlineData("set +e; trap - ERR; false")]
    public async Task Where_no_line_is_known_it_is_that_of_the_function(string command)
    {
        workshop.Pkgbuild(Workshop.Head + $"build() {{\n  {command}\n}}\npackage() {{ :; }}\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal((MakepkgExitCode.FunctionFailed, 5), (error.ExitCode, error.Line));
    }

    [Fact]
    public async Task A_failure_after_pkgver_has_its_line_in_the_users_file()
    {
        workshop.Pkgbuild(Workshop.Head + "pkgver() { echo 2.0; }\nbuild() {\n  false\n}\npackage() { :; }\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal((workshop.PkgbuildPath, 7), (error.File, error.Line));
    }

    [Fact]
    public async Task A_failure_in_a_file_that_is_sourced_names_that_file()
    {
        workshop.With("more.bash", "more() {\n  false\n}\n").Pkgbuild(Workshop.Head + "build() { . \"$startdir/more.bash\"; more; }\npackage() { :; }\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal((Path.Combine(workshop.StartDirectory, "more.bash"), 2), (error.File, error.Line));
    }

    [Fact]
    public async Task A_signal_that_ends_a_function_is_named()
    {
        workshop.Pkgbuild(Workshop.Head + "build() { kill -SEGV $$; }\npackage() { :; }\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal("A failure occurred in build(). SIGSEGV ended it.", error.Message);
    }

    [Fact]
    public async Task What_may_fail_does_not_end_a_function()
    {
        workshop.Pkgbuild(Workshop.Head + """
            package() {
              false || true
              if false; then :; fi
              ! true
              x=$(false; echo out) || true
              false && true
              echo "$x$unset_variable" > "$pkgdir/x"
            }
            """);

        await workshop.BuildAsync();

        Assert.Equal("out\n", workshop.Installed("x"));
    }

    [Fact]
    public async Task The_work_directory_of_a_failed_build_stays_on_request_and_belongs_to_nobody()
    {
        workshop.Pkgbuild(Workshop.Head + "build() {\n  echo evidence > file\n  false\n}\npackage() { :; }\n");

        var error = await Assert.ThrowsAsync<PkgbuildException>(() => workshop.BuildAsync(options => options with { Keep = true }));

        Assert.Equal(MakepkgExitCode.FunctionFailed, error.ExitCode);
        var kept = Assert.Single(Directory.GetDirectories(workshop.Work));
        Assert.Contains($"==> Work directory left: {kept}", workshop.Lines);
        Assert.Equal("evidence\n", await File.ReadAllTextAsync(Path.Combine(kept, "src", "file"), TestContext.Current.CancellationToken));

        // The next build sweeps, and does not take it for that of a dead one.
        workshop.Pkgbuild(Workshop.Head + "package() { :; }\n");
        await workshop.BuildAsync();
        Assert.Equal([kept], Directory.GetDirectories(workshop.Work));
    }

    [Fact]
    public async Task The_last_good_packages_stay_when_a_build_fails()
    {
        workshop.Pkgbuild(Workshop.Head + "package() { echo good > \"$pkgdir/file\"; }\n");
        await workshop.BuildAsync();

        workshop.Pkgbuild(Workshop.Head + "package() { echo bad > \"$pkgdir/file\"; false; }\n");
        await workshop.BuildBadAsync();

        Assert.Equal("good\n", workshop.Installed("file"));
    }
}
