using System.Diagnostics;
using System.Runtime.InteropServices;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class SupervisorProgramTests
{
    [Theory]
    [InlineData("linux-x64", Architecture.X64, "linux-x64")]
    [InlineData("debian.12-x64", Architecture.X64, "linux-x64")]
    [InlineData("linux-arm64", Architecture.Arm64, "linux-arm64")]
    [InlineData("linux-musl-x64", Architecture.X64, null)]
    [InlineData("linux-musl-arm64", Architecture.Arm64, null)]
    [InlineData("alpine.3.20-x64", Architecture.X64, null)]
    public void Where_the_C_library_is_musl_the_managed_supervisor_is_taken(string runtimeIdentifier, Architecture architecture, string? folder) =>
        Assert.Equal(folder, SupervisorProgram.NativeFolder(runtimeIdentifier, architecture));

    [Theory]
    [InlineData("linux-x64", "linux-x64")]
    [InlineData("linux-musl-x64", "")]
    public async Task On_a_musl_system_no_native_supervisor_is_built(string portableRuntimeIdentifier, string expected)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", "src/Orchestrator.Supervisor", "-getProperty:NativeRuntime", $"-p:NETCoreSdkPortableRuntimeIdentifier={portableRuntimeIdentifier}"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1" },
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await Supervise.ExitAsync(process));
        Assert.Equal(expected, output.Trim());
    }
}
