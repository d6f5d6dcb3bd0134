namespace Orchestrator.Processes.Tests;

/// <summary>What the program is when a test starts it as the owner of a run.</summary>
internal static class Owner
{
    /// <summary>Waits until its build is aborted, and says by what.</summary>
    internal static async Task<int> ListenAsync()
    {
        var reason = default(RunEnd);
        using var cancellation = BuildCancellation.Start(end => reason = end);
        var ended = new TaskCompletionSource();
        using var registration = cancellation.Token.Register(ended.SetResult);
        Console.WriteLine("READY");
        await ended.Task;
        Console.WriteLine($"{reason} {cancellation.ExitCode}");
        return 0;
    }

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
