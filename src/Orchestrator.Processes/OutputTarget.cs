namespace Orchestrator.Processes;

/// <summary>Where a stream of a command goes.</summary>
internal abstract class OutputTarget
{
    internal static OutputTarget Lines(Action<string> line) => new LineTarget(line);

    internal static OutputTarget Bytes(OutputBytes bytes) => new ByteTarget(bytes);

    /// <summary>A writer for one run: a command can be run any number of times at once.</summary>
    internal abstract IOutputWriter Open();

    private sealed class LineTarget(Action<string> line) : OutputTarget
    {
        internal override IOutputWriter Open() => new LineWriter(line, OperatingSystem.IsWindows() ? Windows.OemEncoding.Value : null);
    }

    private sealed class ByteTarget(OutputBytes bytes) : OutputTarget
    {
        internal override IOutputWriter Open() => new ByteWriter(bytes);
    }

    private sealed class ByteWriter(OutputBytes bytes) : IOutputWriter
    {
        public void Write(ReadOnlySpan<byte> piece) => bytes(piece);

        public void Complete()
        {
            // Nothing is held back.
        }
    }
}
