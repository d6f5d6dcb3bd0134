namespace Orchestrator.Windows.Tests;

public sealed class WineTests
{
    /// <summary>What the tests of Windows did, one row each. Not asked for before they are to run: that takes a minute.</summary>
    public static IEnumerable<TheoryDataRow<WineResult>> Results() =>
        WineRun.Results.Select(result => new TheoryDataRow<WineResult>(result));

    [Theory]
    [MemberData(nameof(Results), DisableDiscoveryEnumeration = true)]
    public void A_test_of_Windows_passes_under_wine(WineResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Assert.SkipWhen(result.Skipped is not null, result.Skipped ?? "");

        Assert.True(result.Failure is null, result.Failure);
    }
}
