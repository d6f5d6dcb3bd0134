namespace Orchestrator.Testing;

/// <summary>The bash that packages are built by: that of MSYS2 on Windows; under wine a program that stands in for it (<c>bash.c</c>), found in <c>PATH</c>.</summary>
internal static class Bash
{
    /// <summary>How long a test may take that builds packages, in milliseconds; on a busy machine it takes two seconds.</summary>
    internal const int Deadline = 120_000;

    /// <summary>Why there is none; null if there is one.</summary>
    private static string? Missing { get; } = Environment.GetEnvironmentVariable("ORCHESTRATOR_TEST_NO_BASH") is { Length: > 0 } reason ? reason : null;

    internal static void SkipIfMissing() => Assert.SkipWhen(Missing is not null, Missing ?? "");
}
