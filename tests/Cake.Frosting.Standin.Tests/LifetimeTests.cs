using Cake.Core;
using Xunit;

namespace Cake.Frosting.Standin.Tests;

public sealed class LifetimeTests
{
    [Fact]
    public void Lifetimes_surround_the_build_and_each_of_its_tasks()
    {
        var build = new TestBuild().With<Second>().With<First>()
            .Set(host => host.UseLifetime<Lifetime>().UseTaskLifetime<TaskLifetime>());

        build.Succeed("--target=Second");

        Assert.Equal(
            [
                "Setup of Second: First, Second",
                "before First", "First", "after First: Successful",
                "before Second", "Second", "after Second: Successful",
                "Teardown: Successful",
            ],
            build.Trace);
    }

    [Fact]
    public void Lifetimes_can_come_in_parts()
    {
        var build = new TestBuild().With<First>().Set(host => host
            .UseSetup<BuildSetup>().UseTeardown<BuildTeardown>().UseTaskSetup<TaskSetup>().UseTaskTeardown<TaskTeardown>());

        build.Succeed("--target=First");

        Assert.Equal(["Setup", "before First", "First", "after First", "Teardown"], build.Trace);
    }

    [Fact]
    public void The_last_of_two_lifetimes_counts()
    {
        var build = new TestBuild().With<First>().Set(host => host.UseLifetime<Lifetime>().UseSetup<BuildSetup>());

        build.Succeed("--target=First");

        Assert.Equal(["Setup", "First", "Teardown: Successful"], build.Trace);
    }

    [Fact]
    public void Teardown_runs_after_a_task_has_failed_and_is_told_of_it()
    {
        var build = new TestBuild().With<Broken>().Set(host => host.UseLifetime<Lifetime>().UseTaskLifetime<TaskLifetime>());

        Assert.Equal(1, build.Run("--target=Broken"));

        Assert.Equal(["Setup of Broken: Broken", "before Broken", "after Broken: boom", "Teardown: boom"], build.Trace);
    }

    [Fact]
    public void Teardown_runs_after_Setup_has_failed_and_no_task_does()
    {
        var build = new TestBuild().With<First>().Set(host => host.UseLifetime<Lifetime>());

        Assert.Equal(1, build.Run("--target=First", "--unready"));

        Assert.Equal(["Setup of First: First", "Teardown: not ready"], build.Trace);
        Assert.Contains("Error: not ready", build.OutputLines);
    }

    [Fact]
    public void What_Teardown_throws_does_not_hide_what_a_task_threw()
    {
        var build = new TestBuild().With<Broken>().Set(host => host.UseTeardown<BrokenTeardown>());

        Assert.Equal(1, build.Run("--target=Broken"));

        Assert.Equal("Error: boom", build.OutputLines[^1]);
        Assert.Contains(build.OutputLines, line => line.Contains("teardown broke", StringComparison.Ordinal));
    }

    [Fact]
    public void Task_lifetimes_surround_a_skipped_task_too()
    {
        var build = new TestBuild().With<AfterSkipped>().With<Skipped>().Set(host => host.UseTaskLifetime<TaskLifetime>());

        build.Succeed("--target=AfterSkipped");

        Assert.Equal(
            ["before Skipped", "after Skipped: skipped", "before AfterSkipped", "AfterSkipped", "after AfterSkipped: Successful"],
            build.Trace);
    }

    [Fact]
    public void An_asynchronous_task_has_ended_before_the_next_one_starts()
    {
        var build = new TestBuild().With<AfterSlow>().With<Slow>().Set(host => host.UseTaskTeardown<TaskTeardown>());

        build.Succeed("--target=AfterSlow");

        Assert.Equal(["Slow begins", "Slow ends", "after Slow", "AfterSlow", "after AfterSlow"], build.Trace);
    }

    private sealed class First(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("First");
    }

    [IsDependentOn(typeof(First))]
    private sealed class Second(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("Second");
    }

    private sealed class Broken : FrostingTask
    {
        public override void Run(ICakeContext context) => throw new InvalidOperationException("boom");
    }

    private sealed class Skipped(Trace trace) : FrostingTask
    {
        public override bool ShouldRun(ICakeContext context) => false;

        public override void Run(ICakeContext context) => trace.Add("Skipped");
    }

    [IsDependentOn(typeof(Skipped))]
    private sealed class AfterSkipped(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("AfterSkipped");
    }

    private sealed class Slow(Trace trace) : AsyncFrostingTask
    {
        public override async Task RunAsync(ICakeContext context)
        {
            trace.Add("Slow begins");
            await Task.Yield();
            trace.Add("Slow ends");
        }
    }

    [IsDependentOn(typeof(Slow))]
    private sealed class AfterSlow(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("AfterSlow");
    }

    private sealed class Lifetime(Trace trace) : FrostingLifetime
    {
        public override void Setup(ICakeContext context, ISetupContext info)
        {
            trace.Add($"Setup of {info.TargetTask.Name}: {string.Join(", ", info.TasksToExecute.Select(task => task.Name))}");
            if (context.Arguments.HasArgument("unready"))
            {
                throw new InvalidOperationException("not ready");
            }
        }

        public override void Teardown(ICakeContext context, ITeardownContext info) =>
            trace.Add($"Teardown: {(info.Successful ? "Successful" : info.ThrownException.Message)}");
    }

    private sealed class TaskLifetime(Trace trace) : FrostingTaskLifetime
    {
        public override void Setup(ICakeContext context, ITaskSetupContext info) => trace.Add($"before {info.Task.Name}");

        public override void Teardown(ICakeContext context, ITaskTeardownContext info) =>
            trace.Add($"after {info.Task.Name}: {(info.Skipped ? "skipped" : info.Successful ? "Successful" : info.ThrownException.Message)}");
    }

    private sealed class BuildSetup(Trace trace) : FrostingSetup
    {
        public override void Setup(ICakeContext context, ISetupContext info) => trace.Add("Setup");
    }

    private sealed class BuildTeardown(Trace trace) : FrostingTeardown
    {
        public override void Teardown(ICakeContext context, ITeardownContext info) => trace.Add("Teardown");
    }

    private sealed class BrokenTeardown : FrostingTeardown
    {
        public override void Teardown(ICakeContext context, ITeardownContext info) => throw new InvalidOperationException("teardown broke");
    }

    private sealed class TaskSetup(Trace trace) : FrostingTaskSetup
    {
        public override void Setup(ICakeContext context, ITaskSetupContext info) => trace.Add($"before {info.Task.Name}");
    }

    private sealed class TaskTeardown(Trace trace) : FrostingTaskTeardown
    {
        public override void Teardown(ICakeContext context, ITaskTeardownContext info) => trace.Add($"after {info.Task.Name}");
    }
}
