using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Cake.Core.Tooling;
using Orchestrator.Testing;

namespace Orchestrator.Cake.Tests;

/// <summary>Cake as a test of a build script fakes it: a working directory of its own, a log that is kept, no host.</summary>
internal sealed class FakeCake : ICakeContext, IDisposable
{
    private readonly TestDirectory directory = new();

    internal FakeCake()
    {
        Environment = new FakeEnvironment(directory.Path);
        var globber = new Globber(FileSystem, Environment);
        Tools = new ToolLocator(Environment, new ToolRepository(Environment), new ToolResolutionStrategy(FileSystem, Environment, globber, Configuration, Log));
        ProcessRunner = new ProcessRunner(FileSystem, Environment, Log, Tools, Configuration);
        Globber = globber;
    }

    public IFileSystem FileSystem { get; } = new FileSystem();

    public ICakeEnvironment Environment { get; }

    public IGlobber Globber { get; }

    public ICakeLog Log => Lines;

    public ICakeArguments Arguments => throw new NotSupportedException();

    public IProcessRunner ProcessRunner { get; }

    public IRegistry Registry => throw new NotSupportedException();

    public IToolLocator Tools { get; }

    public ICakeDataResolver Data => throw new NotSupportedException();

    public ICakeConfiguration Configuration { get; } = new CakeConfiguration(new Dictionary<string, string>());

    internal KeptLog Lines { get; } = new();

    internal string Combine(string name) => directory.Combine(name);

    internal string Write(string name, string text) => directory.Write(name, text);

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    internal string WriteProgram(string name, string script)
    {
        var path = directory.Write(name, $"#!/usr/bin/env bash\n{script}\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }

    public void Dispose() => directory.Dispose();

    private sealed class FakeEnvironment(string workingDirectory) : ICakeEnvironment
    {
        public DirectoryPath WorkingDirectory { get; set; } = workingDirectory;

        public DirectoryPath ApplicationRoot => AppContext.BaseDirectory;

        public ICakePlatform Platform { get; } = new CakePlatform();

        public ICakeRuntime Runtime { get; } = new CakeRuntime();

        public DirectoryPath GetSpecialPath(SpecialPath path) => throw new NotSupportedException();

        public string? GetEnvironmentVariable(string variable) => System.Environment.GetEnvironmentVariable(variable);

        public IDictionary<string, string?> GetEnvironmentVariables() => new Dictionary<string, string?>();
    }
}

/// <summary>What was logged, a line each.</summary>
internal sealed class KeptLog : ICakeLog
{
    private readonly List<string> lines = [];

    public Verbosity Verbosity { get; set; } = Verbosity.Diagnostic;

    internal string Text => string.Join('\n', lines);

    public void Write(Verbosity verbosity, LogLevel level, string format, params object[] args)
    {
        if (verbosity <= Verbosity)
        {
            lines.Add($"{level}: {string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args)}");
        }
    }
}
