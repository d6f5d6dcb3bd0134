namespace Orchestrator.Windows.Tests;

/// <summary>What one test of Windows did.</summary>
/// <param name="Name">Its class and name.</param>
/// <param name="Skipped">Why it was skipped; null if it was not.</param>
/// <param name="Failure">What was wrong; null if it passed.</param>
public sealed record WineResult(string Name, string? Skipped = null, string? Failure = null)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
