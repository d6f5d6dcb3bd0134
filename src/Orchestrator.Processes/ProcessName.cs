namespace Orchestrator.Processes;

/// <summary>A process as people are told of it.</summary>
/// <param name="Id">Its PID, as the owner sees it.</param>
/// <param name="Command">Its name: <c>comm</c> in <c>proc(5)</c>, at most 15 bytes.</param>
public sealed record ProcessName(int Id, string Command)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Id} ({Command})";
}
