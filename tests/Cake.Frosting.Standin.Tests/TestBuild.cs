using System.Globalization;
using System.Text;
using Cake.Core;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Xunit;

namespace Cake.Frosting.Standin.Tests;

/// <summary>A Frosting host with the tasks of one test, and what a run of it did.</summary>
internal sealed class TestBuild
{
    private readonly StringBuilder _output = new();
    private readonly Trace _trace = new();

    public TestBuild()
    {
        var writer = new StringWriter(_output, CultureInfo.InvariantCulture);
        Host.ConfigureServices(services => services
            .AddSingleton(_trace)
            .AddSingleton<IConsole>(new TextConsole(writer))
            .AddSingleton(AnsiConsole.Create(new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(writer),
            })));
    }

    public CakeHost Host { get; } = new();

    /// <summary>What the tasks and lifetimes did.</summary>
    public IReadOnlyList<string> Trace => _trace.Entries;

    /// <summary>Standard output and standard error.</summary>
    public string Output => _output.ToString();

    public IReadOnlyList<string> OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public TestBuild With<TTask>()
        where TTask : class, IFrostingTask
    {
        Host.ConfigureServices(services => services.AddSingleton<IFrostingTask, TTask>());
        return this;
    }

    public TestBuild Set(Action<CakeHost> configure)
    {
        configure(Host);
        return this;
    }

    /// <summary>Runs the build as <c>Main</c> would.</summary>
    /// <returns>The exit code.</returns>
    public int Run(params string[] arguments)
    {
        var directory = Environment.CurrentDirectory;
        try
        {
            return Host.Run(arguments);
        }
        finally
        {
            Environment.CurrentDirectory = directory;
        }
    }

    /// <summary>Runs a build that must succeed.</summary>
    public void Succeed(params string[] arguments)
    {
        var exitCode = Run(arguments);
        Assert.True(exitCode == 0, $"exit code {exitCode}:\n{Output}");
    }
}
