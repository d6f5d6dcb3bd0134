namespace Orchestrator.Pkgbuild.Tests;

[CollectionDefinition(nameof(CallerEnvironmentTests), DisableParallelization = true)]
public class CallerEnvironment;

// These change the environment of the whole test process.
[Collection(nameof(CallerEnvironmentTests))]
public class CallerEnvironmentTests
{
    [Fact]
    public async Task Variables_of_the_environment_do_not_pass_for_metadata()
    {
        using EnvironmentChange url = new("url", "https://example.org/environment");
        using EnvironmentChange depends = new("depends_x86_64", "environment");
        using EnvironmentChange baseName = new("pkgbase", "environment");
        var pkgbuild = await PkgbuildFolder.ReadAsync("pkgname=a\narch=(x86_64)\n");

        Assert.Equal("a", pkgbuild.BaseName);
        Assert.Empty(pkgbuild.Fields.Strings.Keys.Except(["pkgname"]));
        Assert.Equal(["arch"], pkgbuild.Fields.Arrays.Keys);
    }

    [Fact]
    public async Task Other_variables_of_the_environment_are_there()
    {
        using EnvironmentChange features = new("SAMPLE_FEATURES", "cuda");

        Assert.Equal("with cuda", (await PkgbuildFolder.ReadAsync("pkgname=a\npkgdesc=\"with $SAMPLE_FEATURES\"\n")).Fields.String("pkgdesc"));
    }

    [Fact]
    public async Task What_changes_bash_itself_is_kept_away()
    {
        using PkgbuildFolder evil = new("echo sourced > \"${0%/*}sourced\"; exit 9\n");
        using EnvironmentChange bashEnv = new("BASH_ENV", evil.File);
        using EnvironmentChange shellOptions = new("SHELLOPTS", "errexit:nounset:noexec");
        using EnvironmentChange bashOptions = new("BASHOPTS", "nocasematch:extdebug");
        using EnvironmentChange search = new("CDPATH", "/usr");
        using EnvironmentChange glob = new("GLOBIGNORE", "*");
        using EnvironmentChange posix = new("POSIXLY_CORRECT", "1");
        using EnvironmentChange function = new("BASH_FUNC_printf%%", "() { exit 8; }");
        using EnvironmentChange other = new("BASH_FUNC_helper%%", "() { builtin echo from the environment; }");

        var pkgbuild = await PkgbuildFolder.ReadAsync(
            PkgbuildFolder.Minimum + "pkgdesc=\"$(helper 2>/dev/null || echo none)${unset_variable}\"\nlicense=(PKG*)\npackage() { :; }\n");

        Assert.Equal("none", pkgbuild.Fields.String("pkgdesc"));
        Assert.Equal(["PKGBUILD"], pkgbuild.Fields.Array("license"));
        Assert.Equal(["package"], pkgbuild.Functions);
    }

    [Fact]
    public async Task The_language_of_the_user_does_not_hide_the_line_of_a_syntax_error()
    {
        using EnvironmentChange language = new("LANGUAGE", "de");
        using EnvironmentChange locale = new("LC_ALL", "de_DE.UTF-8");

        Assert.Equal(2, (await PkgbuildFolder.ReadBadAsync("pkgname=a\nfi\n")).Line);
    }

    [Fact]
    public async Task Without_bash_there_is_one_clear_error()
    {
        using PkgbuildFolder folder = new(PkgbuildFolder.Minimum);
        using EnvironmentChange path = new("PATH", folder.Path);

        var error = await Assert.ThrowsAsync<PkgbuildException>(() => folder.ReadAsync());

        Assert.Equal(MakepkgExitCode.MissingTool, error.ExitCode);
        Assert.Contains("bash 4.4 or newer", error.Message, StringComparison.Ordinal);
    }

    private sealed class EnvironmentChange : IDisposable
    {
        private readonly string name;
        private readonly string? before;

        internal EnvironmentChange(string name, string value)
        {
            this.name = name;
            before = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose() => Environment.SetEnvironmentVariable(name, before);
    }
}
