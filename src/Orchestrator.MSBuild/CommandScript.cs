using System.Text;

namespace Orchestrator.MSBuild;

/// <summary>
/// The commands of one task as a file for the shell, as Exec does it: an argument could hold no more than 128 KiB
/// (<c>execve(2)</c>), and would show the commands, and the secrets in them, to everybody who looks at the process list.
/// </summary>
internal sealed class CommandScript
{
    private CommandScript(string path) => Path = path;

    internal string Path { get; }

    /// <summary>What the shell is to do.</summary>
    internal string Source => $". '{Path.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    internal static CommandScript Write(string commands)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"orchestrator-{System.IO.Path.GetRandomFileName()}.exec.cmd");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // The first line is there so that the shell's messages have the line numbers that they have with Exec.
        using var writer = new StreamWriter(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), options);
        writer.Write("#!/bin/sh\n");
        writer.Write(commands);
        writer.Write('\n');
        return new(path);
    }
}
