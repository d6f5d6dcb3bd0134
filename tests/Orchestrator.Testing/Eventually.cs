namespace Orchestrator.Testing;

/// <summary>Waits for what has no event of its own, such as a state in /proc.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within a minute.</exception>
    public static Task IsTrueAsync(Func<bool> condition, string what) => IsTrueAsync(condition, () => what, Deadline);

    /// <summary>Waits until a condition holds, with a deadline of its own.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public static async Task IsTrueAsync(Func<bool> condition, Func<string> what, TimeSpan deadline)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(what);
        var end = DateTime.UtcNow + deadline;
        while (!condition())
        {
            if (DateTime.UtcNow > end)
            {
                throw new TimeoutException($"not in time: {what()}");
            }

            await Task.Delay(5); // /proc cannot be waited for
        }
    }
}
