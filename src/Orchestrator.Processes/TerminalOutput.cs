using System.Text;

namespace Orchestrator.Processes;

/// <summary>Output of a program that must get through its clean-up even when its terminal is gone.</summary>
public static class TerminalOutput
{
    /// <summary>
    /// From now on <see cref="Console.Out"/> and <see cref="Console.Error"/> drop what cannot be written, because the
    /// terminal was closed or the disk is full, instead of throwing in the middle of the clean-up.
    /// </summary>
    public static void IgnoreErrors()
    {
        Console.SetOut(TextWriter.Synchronized(new ForgivingWriter(Console.Out)));
        Console.SetError(TextWriter.Synchronized(new ForgivingWriter(Console.Error)));
    }

    private sealed class ForgivingWriter(TextWriter writer) : TextWriter
    {
        public override Encoding Encoding => writer.Encoding;

        public override void Write(char value) => Try(() => writer.Write(value));

        public override void Write(string? value) => Try(() => writer.Write(value));

        public override void Write(char[] buffer, int index, int count) => Try(() => writer.Write(buffer, index, count));

        public override void WriteLine(string? value) => Try(() => writer.WriteLine(value));

        public override void Flush() => Try(writer.Flush);

        private static void Try(Action write)
        {
            try
            {
                write();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Nobody can read it.
            }
        }
    }
}
