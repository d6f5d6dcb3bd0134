namespace Orchestrator.Processes.Tests;

/// <summary>What the program is when a test starts it as the owner of a run.</summary>
internal static class Owner
{
    /// <summary>Runs a command, with its lines on standard output.</summary>
    /// <param name="words">A work root or an empty word; the program, and its arguments.</param>
    internal static async Task<int> RunAsync(string[] words)
    {
        var command = SupervisedCommand.Create(words[1], words[2..]).WithStandardOutput(Console.WriteLine);
        if (words[0].Length == 0)
        {
            return (await command.RunAsync()).ExitCode;
        }

        await using var work = await WorkRoot.Open(words[0]).CreateAsync("owned");
        Console.WriteLine($"WORK {work.Path}");
        return (await work.Contain(command).RunAsync()).ExitCode;
    }
}
