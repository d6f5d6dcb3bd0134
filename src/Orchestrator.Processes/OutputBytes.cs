namespace Orchestrator.Processes;

/// <summary>Takes a piece of a command's output as it comes. The bytes are valid during the call only.</summary>
/// <param name="bytes">The bytes, unchanged; where a piece ends means nothing.</param>
public delegate void OutputBytes(ReadOnlySpan<byte> bytes);
