using Cake.Core;
using Xunit;

namespace Cake.Frosting.Standin.Tests;

/// <summary>
/// What <see cref="CakeException.ExitCode"/> decides. Cake's engine wraps whatever a task or Setup throws in a
/// <see cref="CakeReportException"/>, which has no exit code, so those end a build with 1; <c>dotnet cake</c> does the same.
/// </summary>
public sealed class ExitCodeTests
{
    [Fact]
    public void A_context_that_cannot_be_made_decides_the_exit_code()
    {
        var build = new TestBuild().With<Work>().Set(host => host.UseContext<RefusingContext>());

        Assert.Equal(42, build.Run("--target=Work"));

        Assert.Equal(["Error: refused"], build.OutputLines);
        Assert.Empty(build.Trace);
    }

    [Fact]
    public void Teardown_decides_the_exit_code_of_a_build_that_had_succeeded()
    {
        var build = new TestBuild().With<Work>().Set(host => host.UseTeardown<RefusingTeardown>());

        Assert.Equal(143, build.Run("--target=Work"));

        Assert.Equal(["Work"], build.Trace);
        Assert.Contains("Error: cancelled", build.OutputLines);
    }

    [Fact]
    public void Teardown_does_not_decide_the_exit_code_of_a_build_that_had_failed()
    {
        var build = new TestBuild().With<Failing>().Set(host => host.UseTeardown<RefusingTeardown>());

        Assert.Equal(1, build.Run("--target=Failing"));

        Assert.Contains("Error: failed", build.OutputLines);
    }

    [Fact]
    public void A_task_does_not_decide_the_exit_code()
    {
        var build = new TestBuild().With<Failing>();

        Assert.Equal(1, build.Run("--target=Failing"));

        Assert.Contains("Error: failed", build.OutputLines);
    }

    [Fact]
    public void Setup_does_not_decide_the_exit_code()
    {
        var build = new TestBuild().With<Work>().Set(host => host.UseSetup<RefusingSetup>());

        Assert.Equal(1, build.Run("--target=Work"));

        Assert.Contains("Error: not ready", build.OutputLines);
        Assert.Empty(build.Trace);
    }

    private sealed class Work(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context) => trace.Add("Work");
    }

    private sealed class Failing : FrostingTask
    {
        public override void Run(ICakeContext context) => throw new CakeException(42, "failed");
    }

    private sealed class RefusingContext : FrostingContext
    {
        public RefusingContext(ICakeContext context)
            : base(context) =>
            throw new CakeException(42, "refused");
    }

    private sealed class RefusingSetup : FrostingSetup
    {
        public override void Setup(ICakeContext context, ISetupContext info) => throw new CakeException(42, "not ready");
    }

    private sealed class RefusingTeardown : FrostingTeardown
    {
        public override void Teardown(ICakeContext context, ITeardownContext info) => throw new CakeException(143, "cancelled");
    }
}
