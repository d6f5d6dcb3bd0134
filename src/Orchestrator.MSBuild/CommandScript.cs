using System.Text;
using Orchestrator.Processes;

namespace Orchestrator.MSBuild;

/// <summary>
/// The commands of one task as a file for the shell, as Exec does it: an argument could hold no more than 128 KiB
/// (<c>execve(2)</c>), and would show the commands, and the secrets in them, to everybody who looks at the process list.
/// </summary>
internal sealed class CommandScript
{
    private CommandScript(string path) => Path = path;

    internal string Path { get; }

    /// <summary>Runs it: by the shell, or on Windows by <c>cmd.exe</c>.</summary>
    /// <param name="shell">The shell.</param>
    internal SupervisedCommand ToCommand(string shell) =>
        OperatingSystem.IsWindows() ? SupervisedCommand.Create(Path) : SupervisedCommand.Create(shell, "-c", Source);

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

        if (OperatingSystem.IsWindows())
        {
            using var batch = new StreamWriter(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), options);
            batch.Write(ToBatch(commands));
            return new(path);
        }

        // The first line is there so that the shell's messages have the line numbers that they have with Exec.
        using var writer = new StreamWriter(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), options);
        writer.Write("#!/bin/sh\n");
        writer.Write(commands);
        writer.Write('\n');
        return new(path);
    }

    // As Exec writes it: nothing is echoed, ERRORLEVEL is what the last command says even where the environment has a variable
    // of that name, and cmd.exe reads UTF-8 where it has to.
    internal static string ToBatch(string commands)
    {
        var batch = new StringBuilder("@echo off\r\nsetlocal\r\nset errorlevel=dummy\r\nset errorlevel=\r\n");
        if (!System.Text.Ascii.IsValid(commands))
        {
            batch.Append("chcp 65001>nul\r\n");
        }

        return batch.Append(commands.ReplaceLineEndings("\r\n")).Append("\r\nexit %errorlevel%\r\n").ToString();
    }
}
