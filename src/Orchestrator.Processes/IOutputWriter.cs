namespace Orchestrator.Processes;

/// <summary>Takes one stream of one run.</summary>
internal interface IOutputWriter
{
    void Write(ReadOnlySpan<byte> piece);

    /// <summary>There is no more: hands on what has no line end.</summary>
    void Complete();
}
