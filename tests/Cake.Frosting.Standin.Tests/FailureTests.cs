using Cake.Core;
using Xunit;

namespace Cake.Frosting.Standin.Tests;

public sealed class FailureTests
{
    [Fact]
    public void A_task_that_throws_ends_the_build_with_exit_code_1_and_its_message()
    {
        var build = new TestBuild().With<Next>().With<Broken>();

        Assert.Equal(1, build.Run("--target=Next"));

        Assert.Equal(["Broken"], build.Trace);
        Assert.Contains("An error occurred when executing task 'Broken'.", build.OutputLines);
        Assert.Contains("Error: boom", build.OutputLines);
        Assert.Contains(build.OutputLines, line => line.StartsWith("Broken", StringComparison.Ordinal) && line.EndsWith("Failed", StringComparison.Ordinal));
    }

    [Fact]
    public void What_an_asynchronous_task_throws_after_waiting_ends_the_build_too()
    {
        var build = new TestBuild().With<BrokenLater>();

        Assert.Equal(1, build.Run("--target=BrokenLater"));

        Assert.Contains("Error: boom, later", build.OutputLines);
    }

    [Fact]
    public void A_task_with_ContinueOnError_lets_the_build_go_on()
    {
        var build = new TestBuild().With<AfterOptional>().With<Optional>();

        build.Succeed("--target=AfterOptional");

        Assert.Equal(["Optional", "AfterOptional"], build.Trace);
    }

    [Fact]
    public void OnError_gets_the_exception_and_lets_the_build_go_on()
    {
        var build = new TestBuild().With<AfterHandled>().With<Handled>();

        build.Succeed("--target=AfterHandled");

        Assert.Equal(["Handled", "OnError: boom", "AfterHandled"], build.Trace);
    }

    [Fact]
    public void OnError_that_throws_ends_the_build()
    {
        var build = new TestBuild().With<AfterRethrown>().With<Rethrown>();

        Assert.Equal(1, build.Run("--target=AfterRethrown"));

        Assert.Equal(["Rethrown"], build.Trace);
        Assert.Contains("Error: worse", build.OutputLines);
    }

    [Fact]
    public void Finally_runs_after_success()
    {
        var build = new TestBuild().With<Tidy>();

        build.Succeed("--target=Tidy");

        Assert.Equal(["Tidy", "Finally"], build.Trace);
    }

    [Fact]
    public void Finally_runs_after_failure()
    {
        var build = new TestBuild().With<Tidy>();

        Assert.Equal(1, build.Run("--target=Tidy", "--fail"));

        Assert.Equal(["Tidy", "Finally"], build.Trace);
    }

    [Fact]
    public void ShouldRun_that_says_no_skips_the_task_and_the_report_says_why()
    {
        var build = new TestBuild().With<AfterSkipped>().With<Skipped>();

        build.Succeed("--target=AfterSkipped");

        Assert.Equal(["AfterSkipped"], build.Trace);
        Assert.Contains(build.OutputLines, line => line.Contains("Skipped", StringComparison.Ordinal) && line.EndsWith("not today", StringComparison.Ordinal));
    }

    [Fact]
    public void A_target_that_is_skipped_is_an_error()
    {
        var build = new TestBuild().With<Skipped>();

        Assert.Equal(1, build.Run("--target=Skipped"));

        Assert.Contains("Error: Could not reach target 'Skipped' since it was skipped due to a criteria: not today.", build.OutputLines);
        Assert.Empty(build.Trace);
    }

    [Fact]
    public void A_task_of_another_kind_is_refused()
    {
        var build = new TestBuild().With<Foreign>();

        Assert.Equal(1, build.Run("--target=Foreign"));

        Assert.Empty(build.Trace);
    }

    private sealed class Broken(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context)
        {
            trace.Add("Broken");
            throw new InvalidOperationException("boom");
        }
    }

    private sealed class BrokenLater : AsyncFrostingTask
    {
        public override async Task RunAsync(ICakeContext context)
        {
            await Task.Yield();
            throw new InvalidOperationException("boom, later");
        }
    }

    [IsDependentOn(typeof(Broken))]
    private sealed class Next(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("Next");
    }

    [ContinueOnError]
    private sealed class Optional(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context)
        {
            trace.Add("Optional");
            throw new InvalidOperationException("boom");
        }
    }

    [IsDependentOn(typeof(Optional))]
    private sealed class AfterOptional(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("AfterOptional");
    }

    private sealed class Handled(Trace trace) : AsyncFrostingTask
    {
        public override Task RunAsync(ICakeContext context)
        {
            trace.Add("Handled");
            throw new InvalidOperationException("boom");
        }

        public override void OnError(Exception exception, ICakeContext context) => trace.Add($"OnError: {exception.Message}");
    }

    [IsDependentOn(typeof(Handled))]
    private sealed class AfterHandled(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("AfterHandled");
    }

    private sealed class Rethrown(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context)
        {
            trace.Add("Rethrown");
            throw new InvalidOperationException("boom");
        }

        public override void OnError(Exception exception, ICakeContext context) => throw new InvalidOperationException("worse", exception);
    }

    [IsDependentOn(typeof(Rethrown))]
    private sealed class AfterRethrown(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("AfterRethrown");
    }

    private sealed class Tidy(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context)
        {
            trace.Add("Tidy");
            if (context.Arguments.HasArgument("fail"))
            {
                throw new InvalidOperationException("boom");
            }
        }

        public override void Finally(ICakeContext context) => trace.Add("Finally");
    }

    private sealed class Skipped(Trace trace) : FrostingTask, IFrostingTask
    {
        public string SkippedMessage => "not today";

        public override bool ShouldRun(ICakeContext context) => false;

        public override void Run(ICakeContext context) => trace.Add("Skipped");
    }

    [IsDependentOn(typeof(Skipped))]
    private sealed class AfterSkipped(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("AfterSkipped");
    }

    private sealed class Foreign(Trace trace) : IFrostingTask
    {
        public Task RunAsync(ICakeContext context)
        {
            trace.Add("Foreign");
            return Task.CompletedTask;
        }

        public bool ShouldRun(ICakeContext context) => true;

        public void OnError(Exception exception, ICakeContext context)
        {
        }

        public void Finally(ICakeContext context)
        {
        }
    }
}
