using System.Buffers;
using System.Text;

namespace Orchestrator.Processes;

/// <summary>Cuts bytes into lines. A line ends at LF or CR LF; bytes that are not UTF-8 become U+FFFD.</summary>
internal sealed class LineWriter(Action<string> line) : IOutputWriter
{
    private readonly ArrayBufferWriter<byte> unfinished = new();

    public void Write(ReadOnlySpan<byte> piece)
    {
        while (piece.IndexOf((byte)'\n') is var end and >= 0)
        {
            if (unfinished.WrittenCount == 0)
            {
                Hand(piece[..end]);
            }
            else
            {
                unfinished.Write(piece[..end]);
                Flush();
            }

            piece = piece[(end + 1)..];
        }

        unfinished.Write(piece);
    }

    public void Complete()
    {
        if (unfinished.WrittenCount > 0)
        {
            Flush();
        }
    }

    private void Flush()
    {
        var bytes = unfinished.WrittenSpan;
        unfinished.ResetWrittenCount();
        Hand(bytes);
    }

    private void Hand(ReadOnlySpan<byte> bytes) =>
        line(Encoding.UTF8.GetString(bytes.EndsWith((byte)'\r') ? bytes[..^1] : bytes));
}
