using Cake.Core;
using Xunit;

namespace Cake.Frosting.Standin.Tests;

public sealed class TaskOrderTests
{
    [Fact]
    public void A_task_runs_after_those_that_it_depends_on()
    {
        var build = new TestBuild().With<Pack>().With<Test>().With<Compile>();

        build.Succeed("--target=Pack");

        Assert.Equal(["Compile", "Test", "Pack"], build.Trace);
    }

    [Fact]
    public void A_task_runs_before_those_that_it_is_a_dependee_of()
    {
        var build = new TestBuild().With<Pack>().With<Test>().With<Compile>().With<Generate>();

        build.Succeed("--target=Test");

        Assert.Equal(["Generate", "Compile", "Test"], build.Trace);
    }

    [Fact]
    public void A_task_that_two_others_depend_on_runs_once()
    {
        var build = new TestBuild().With<Everything>().With<Test>().With<Lint>().With<Compile>();

        build.Succeed("--target", "all");

        Assert.Equal(["Compile", "Test", "Lint"], build.Trace);
    }

    [Fact]
    public void The_target_is_Default_unless_one_is_named()
    {
        var build = new TestBuild().With<Default>().With<Compile>();

        build.Succeed();

        Assert.Equal(["Default"], build.Trace);
    }

    [Fact]
    public void Several_targets_run_what_they_share_once()
    {
        var build = new TestBuild().With<Test>().With<Lint>().With<Compile>();

        build.Succeed("--target=Test", "--target=Lint");

        Assert.Equal("Compile", build.Trace[0]);
        Assert.Equal(["Lint", "Test"], build.Trace.Skip(1).Order());
    }

    [Fact]
    public void An_exclusive_target_runs_without_those_that_it_depends_on()
    {
        var build = new TestBuild().With<Pack>().With<Test>().With<Compile>();

        build.Succeed("--target=Pack", "--exclusive");

        Assert.Equal(["Pack"], build.Trace);
    }

    [Fact]
    public void An_unknown_target_is_one_clear_error()
    {
        var build = new TestBuild().With<Compile>();

        Assert.Equal(1, build.Run("--target=Nope"));

        Assert.Equal(["Error: The target 'Nope' was not found."], build.OutputLines);
        Assert.Empty(build.Trace);
    }

    [Fact]
    public void A_cycle_is_one_clear_error()
    {
        var build = new TestBuild().With<Hen>().With<Egg>().With<Nest>();

        Assert.Equal(1, build.Run("--target=Hen"));

        Assert.Equal(["Error: Graph contains circular references."], build.OutputLines);
        Assert.Empty(build.Trace);
    }

    [Fact]
    public void Two_tasks_of_one_name_are_one_clear_error()
    {
        var build = new TestBuild().With<Compile>().With<CompileAgain>();

        Assert.Equal(1, build.Run("--target=Compile"));

        Assert.Equal(["Error: Another task with the name 'compile' has already been added."], build.OutputLines);
        Assert.Empty(build.Trace);
    }

    [Fact]
    public void A_dependency_that_is_not_there_is_one_clear_error()
    {
        var build = new TestBuild().With<Test>();

        Assert.Equal(1, build.Run("--target=Test"));

        Assert.Equal(["Error: Task 'Test' is dependent on task 'Compile' which does not exist."], build.OutputLines);
        Assert.Empty(build.Trace);
    }

    [Fact]
    public void A_dependency_that_is_not_a_task_is_one_clear_error()
    {
        var build = new TestBuild().With<Confused>();

        Assert.Equal(1, build.Run("--target=Confused"));

        Assert.Contains("'String'", Assert.Single(build.OutputLines), StringComparison.Ordinal);
        Assert.Empty(build.Trace);
    }

    private sealed class Compile(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("Compile");
    }

    [TaskName("compile")]
    private sealed class CompileAgain(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("CompileAgain");
    }

    [IsDependeeOf(typeof(Compile))]
    private sealed class Generate(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("Generate");
    }

    [IsDependentOn(typeof(Compile))]
    private sealed class Test(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("Test");
    }

    [IsDependentOn(typeof(Compile))]
    private sealed class Lint(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("Lint");
    }

    [IsDependentOn(typeof(Test))]
    private sealed class Pack(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("Pack");
    }

    [TaskName("All")]
    [IsDependentOn(typeof(Test))]
    [IsDependentOn(typeof(Lint))]
    private sealed class Everything : FrostingTask
    {
    }

    private sealed class Default(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("Default");
    }

    [IsDependentOn(typeof(Egg))]
    private sealed class Hen(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("Hen");
    }

    [IsDependentOn(typeof(Nest))]
    private sealed class Egg(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("Egg");
    }

    [IsDependentOn(typeof(Hen))]
    private sealed class Nest(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("Nest");
    }

    [IsDependentOn(typeof(string))]
    private sealed class Confused(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("Confused");
    }
}
