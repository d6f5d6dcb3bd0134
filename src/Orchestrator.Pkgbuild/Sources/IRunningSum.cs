namespace Orchestrator.Pkgbuild;

/// <summary>A sum that data is added to piece by piece.</summary>
internal interface IRunningSum : IDisposable
{
    /// <summary>Adds data.</summary>
    void Append(ReadOnlySpan<byte> data);

    /// <summary>The sum as makepkg writes it. Call it once.</summary>
    string Finish();
}
