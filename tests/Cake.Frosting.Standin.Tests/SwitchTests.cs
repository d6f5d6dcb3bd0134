using Cake.Core;
using Cake.Core.Diagnostics;
using Xunit;

namespace Cake.Frosting.Standin.Tests;

public sealed class SwitchTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("standin-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void A_dry_run_lists_the_tasks_in_order_and_runs_none()
    {
        var build = new TestBuild().With<Show>().With<Compile>();

        build.Succeed("--target=Show", "--dryrun");

        Assert.Empty(build.Trace);
        Assert.Contains("1. Compile", build.OutputLines);
        Assert.Contains("2. Show", build.OutputLines);
    }

    [Fact]
    public void The_tree_shows_what_depends_on_what_and_runs_nothing()
    {
        var build = new TestBuild().With<Show>().With<Compile>();

        build.Succeed("--tree");

        Assert.Empty(build.Trace);
        Assert.Equal(["Show", "└─Compile"], build.OutputLines);
    }

    [Fact]
    public void The_descriptions_of_all_tasks_can_be_listed()
    {
        var build = new TestBuild().With<Show>().With<Compile>();

        build.Succeed("--description");

        Assert.Empty(build.Trace);
        Assert.Contains(build.OutputLines, line => line.StartsWith("Compile", StringComparison.Ordinal) && line.EndsWith("Makes everything", StringComparison.Ordinal));
    }

    [Fact]
    public void The_report_lists_each_task_that_ran()
    {
        var build = new TestBuild().With<Show>().With<Compile>();

        build.Succeed("--target=Show");

        Assert.Contains(build.OutputLines, line => line.StartsWith("Compile ", StringComparison.Ordinal) && line.EndsWith("Succeeded", StringComparison.Ordinal));
        Assert.Contains(build.OutputLines, line => line.StartsWith("Show ", StringComparison.Ordinal) && line.EndsWith("Succeeded", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("quiet", false)]
    [InlineData("normal", true)]
    public void Verbosity_decides_what_is_logged(string verbosity, bool logged)
    {
        var build = new TestBuild().With<Compile>();

        build.Succeed("--target=Compile", "--verbosity", verbosity);

        Assert.Equal(logged, build.OutputLines.Contains("compiling"));
    }

    [Fact]
    public void The_build_runs_in_the_working_directory_of_the_host()
    {
        var build = new TestBuild().With<Show>().With<Compile>().Set(host => host.UseWorkingDirectory(_directory.FullName));

        build.Succeed("--target=Show");

        Assert.Contains($"directory: {_directory.FullName}", build.Trace);
    }

    [Fact]
    public void The_working_directory_may_be_relative()
    {
        _directory.CreateSubdirectory("build");
        var build = new TestBuild().With<Show>().With<Compile>().Set(host => host.UseWorkingDirectory(".."));
        using (new CurrentDirectory(Path.Combine(_directory.FullName, "build")))
        {
            build.Succeed("--target=Show");
        }

        Assert.Contains($"directory: {_directory.FullName}", build.Trace);
    }

    [Fact]
    public void The_command_line_goes_before_the_host_as_to_the_working_directory()
    {
        var build = new TestBuild().With<Show>().With<Compile>().Set(host => host.UseWorkingDirectory("/nowhere"));

        build.Succeed("--target=Show", "--working", _directory.FullName);

        Assert.Contains($"directory: {_directory.FullName}", build.Trace);
    }

    [Fact]
    public void A_working_directory_that_is_not_there_is_one_clear_error()
    {
        var build = new TestBuild().With<Show>().With<Compile>();

        Assert.Equal(1, build.Run("--target=Show", "--working=/no/where"));

        Assert.Equal(["Error: The working directory '/no/where' does not exist."], build.OutputLines);
        Assert.Empty(build.Trace);
    }

    [Fact]
    public void Settings_come_from_the_host_then_from_cake_config_then_from_the_command_line()
    {
        File.WriteAllText(Path.Combine(_directory.FullName, "cake.config"), "[Test]\nB=file\nC=file\n");
        var build = new TestBuild().With<Show>().With<Compile>().Set(host => host
            .UseCakeSetting("Test_A", "host").UseCakeSetting("Test_B", "host").UseCakeSetting("Test_C", "host")
            .UseWorkingDirectory(_directory.FullName));

        build.Succeed("--target=Show", "--Test_C=command line");

        Assert.Contains("settings: host, file, command line", build.Trace);
    }

    [Fact]
    public void The_directory_of_tools_is_a_setting()
    {
        var build = new TestBuild().With<Show>().With<Compile>()
            .Set(host => host.SetToolPath("/opt/tools").UseWorkingDirectory(_directory.FullName));

        build.Succeed("--target=Show");

        Assert.Contains("tools: /opt/tools", build.Trace);
    }

    [TaskDescription("Makes everything")]
    private sealed class Compile(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context)
        {
            trace.Add("Compile");
            context.Log.Information("compiling");
        }
    }

    [IsDependentOn(typeof(Compile))]
    private sealed class Show(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context)
        {
            trace.Add($"directory: {context.Environment.WorkingDirectory.FullPath}");
            var settings = context.Configuration;
            trace.Add($"settings: {settings.GetValue("Test_A")}, {settings.GetValue("Test_B")}, {settings.GetValue("Test_C")}");
            trace.Add($"tools: {settings.GetValue("Paths_Tools")}");
        }
    }

    private sealed class CurrentDirectory : IDisposable
    {
        private readonly string _before = Environment.CurrentDirectory;

        public CurrentDirectory(string path) => Environment.CurrentDirectory = path;

        public void Dispose() => Environment.CurrentDirectory = _before;
    }
}
