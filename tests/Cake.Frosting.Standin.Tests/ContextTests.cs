using Cake.Common;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Core.Packaging;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Cake.Frosting.Standin.Tests;

public sealed class ContextTests
{
    [Fact]
    public void A_context_is_made_with_the_services_of_the_host()
    {
        var build = new TestBuild().With<Greet>()
            .Set(host => host.UseContext<GreetingContext>().ConfigureServices(services => services.AddSingleton(new Greeting("Hello"))));

        build.Succeed("--target=Greet", "--name=Bob");

        Assert.Equal(["Hello, Bob"], build.Trace);
    }

    [Fact]
    public void One_context_serves_every_part_of_a_task()
    {
        var build = new TestBuild().With<Parts>()
            .Set(host => host.UseContext<GreetingContext>().ConfigureServices(services => services.AddSingleton(new Greeting("Hello"))));

        build.Succeed("--target=Parts");

        Assert.Equal(["ShouldRun 1", "RunAsync 2", "OnError 3", "Finally 4"], build.Trace);
    }

    [Fact]
    public void Arguments_are_what_the_command_line_says()
    {
        var build = new TestBuild().With<ShowArguments>();

        build.Succeed("--target=ShowArguments", "--configuration=Release", "--tag=a", "--tag", "b", "--force");

        Assert.Equal(["configuration: Release", "tag: a, b", "force: True", "absent: False", "target: ShowArguments"], build.Trace);
    }

    [Fact]
    public void A_task_between_FrostingTask_and_the_user_may_be_generic()
    {
        var build = new TestBuild().With<DerivedGreet>()
            .Set(host => host.UseContext<GreetingContext>().ConfigureServices(services => services.AddSingleton(new Greeting("Hello"))));

        build.Succeed("--target=DerivedGreet");

        Assert.Equal(["DerivedGreet does Hello"], build.Trace);
    }

    [Fact]
    public void A_task_that_needs_another_context_is_left_out_with_a_warning()
    {
        var build = new TestBuild().With<Greet>().With<ShowArguments>();

        Assert.Equal(1, build.Run("--target=Greet"));

        Assert.Equal(2, build.OutputLines.Count);
        Assert.Contains(nameof(GreetingContext), build.OutputLines[0], StringComparison.Ordinal);
        Assert.Equal("Error: The target 'Greet' was not found.", build.OutputLines[1]);
    }

    [Fact]
    public void Tasks_may_be_registered_with_an_engine_of_the_host()
    {
        var build = new TestBuild().With<Greet>().Set(host => host.ConfigureServices(services => services.AddSingleton<ICakeEngine>(provider =>
        {
            var engine = new CakeEngine(provider.GetRequiredService<ICakeDataService>(), provider.GetRequiredService<ICakeLog>());
            engine.RegisterTask("ripgrep").Does(_ => provider.GetRequiredService<Trace>().Add("ripgrep"));
            return engine;
        })));

        build.Succeed("--target=ripgrep");

        Assert.Equal(["ripgrep"], build.Trace);
    }

    [Fact]
    public void The_strategy_that_runs_tasks_may_be_replaced()
    {
        var build = new TestBuild().With<ShowArguments>()
            .Set(host => host.ConfigureServices(services => services.AddSingleton<IExecutionStrategy, SkippingStrategy>()));

        build.Succeed("--target=ShowArguments");

        Assert.Equal(["not run: ShowArguments"], build.Trace);
    }

    [Fact]
    public void A_startup_class_may_set_up_the_services()
    {
        var build = new TestBuild().With<Greet>().Set(host => host.UseStartup<Startup>());

        build.Succeed("--target=Greet");

        Assert.Equal(["Welcome, nobody"], build.Trace);
    }

    [Fact]
    public void A_tool_for_which_there_is_no_installer_is_one_clear_error()
    {
        var build = new TestBuild().With<ShowArguments>().Set(host => host.InstallTool(new Uri("crate:?package=ripgrep")));

        Assert.Equal(1, build.Run("--target=ShowArguments"));

        Assert.Contains("crate", Assert.Single(build.OutputLines), StringComparison.Ordinal);
        Assert.Empty(build.Trace);
    }

    [Fact]
    public void Tools_are_installed_before_the_build()
    {
        var build = new TestBuild().With<ShowArguments>()
            .Set(host => host.UsePackageInstaller<CrateInstaller>().InstallTool(new Uri("crate:?package=ripgrep")));

        Assert.Equal(1, build.Run("--target=ShowArguments"));

        Assert.Equal(["ripgrep"], build.Trace);
    }

    private sealed record Greeting(string Word);

    private sealed class GreetingContext(ICakeContext context, Greeting greeting) : FrostingContext(context)
    {
        private int _calls;

        public string Word => greeting.Word;

        public string Name { get; } = context.Argument("name", "nobody");

        public int Count() => ++_calls;
    }

    private sealed class Greet(Trace trace) : FrostingTask<GreetingContext>
    {
        public override void Run(GreetingContext context) => trace.Add($"{context.Word}, {context.Name}");
    }

    private sealed class Parts(Trace trace) : AsyncFrostingTask<GreetingContext>
    {
        public override bool ShouldRun(GreetingContext context)
        {
            trace.Add($"ShouldRun {context.Count()}");
            return true;
        }

        public override Task RunAsync(GreetingContext context)
        {
            trace.Add($"RunAsync {context.Count()}");
            throw new InvalidOperationException("boom");
        }

        public override void OnError(Exception exception, GreetingContext context) => trace.Add($"OnError {context.Count()}");

        public override void Finally(GreetingContext context) => trace.Add($"Finally {context.Count()}");
    }

    private abstract class NamedTask<TContext>(Trace trace) : AsyncFrostingTask<TContext>
        where TContext : FrostingContext
    {
        public override Task RunAsync(TContext context)
        {
            trace.Add($"{GetType().Name} does {What(context)}");
            return Task.CompletedTask;
        }

        protected abstract string What(TContext context);
    }

    private sealed class DerivedGreet(Trace trace) : NamedTask<GreetingContext>(trace)
    {
        protected override string What(GreetingContext context) => context.Word;
    }

    private sealed class ShowArguments(Trace trace) : FrostingTask
    {
        public override void Run(ICakeContext context)
        {
            trace.Add($"configuration: {context.Argument<string>("configuration")}");
            trace.Add($"tag: {string.Join(", ", context.Arguments.GetArguments("tag"))}");
            trace.Add($"force: {context.HasArgument("force")}");
            trace.Add($"absent: {context.HasArgument("absent")}");
            trace.Add($"target: {context.Argument<string>("target")}");
        }
    }

    private sealed class Startup : IFrostingStartup
    {
        public void Configure(IServiceCollection services) =>
            services.UseContext<GreetingContext>().AddSingleton(new Greeting("Welcome"));
    }

    private sealed class SkippingStrategy(Trace trace) : IExecutionStrategy
    {
        public void PerformSetup(Action<ISetupContext> action, ISetupContext setupContext) => action(setupContext);

        public void PerformTeardown(Action<ITeardownContext> action, ITeardownContext teardownContext) => action(teardownContext);

        public Task ExecuteAsync(CakeTask task, ICakeContext context)
        {
            trace.Add($"not run: {task.Name}");
            return Task.CompletedTask;
        }

        public void Skip(CakeTask task, CakeTaskCriteria criteria)
        {
        }

        public Task ReportErrorsAsync(Func<Exception, Task> action, Exception exception) => action(exception);

        public Task HandleErrorsAsync(Func<Exception, ICakeContext, Task> action, Exception exception, ICakeContext context) => action(exception, context);

        public Task InvokeFinallyAsync(Func<ICakeContext, Task> action, ICakeContext context) => action(context);

        public void PerformTaskSetup(Action<ITaskSetupContext> action, ITaskSetupContext taskSetupContext) => action(taskSetupContext);

        public void PerformTaskTeardown(Action<ITaskTeardownContext> action, ITaskTeardownContext taskTeardownContext) => action(taskTeardownContext);
    }

    private sealed class CrateInstaller(Trace trace) : IPackageInstaller
    {
        public bool CanInstall(PackageReference package, PackageType type) => package.Scheme == "crate" && type == PackageType.Tool;

        public IReadOnlyCollection<Core.IO.IFile> Install(PackageReference package, PackageType type, Core.IO.DirectoryPath path)
        {
            trace.Add(package.Package);
            // Nothing was installed, which is an error that ends the build before any task.
            return [];
        }
    }
}
