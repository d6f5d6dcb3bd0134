using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Orchestrator.Processes;

/// <summary>Cuts bytes into lines. A line ends at LF or CR LF.</summary>
/// <param name="line">Called for each.</param>
/// <param name="otherEncoding">For lines that are not UTF-8; null to have each of their wrong bytes become U+FFFD.</param>
internal sealed class LineWriter(Action<string> line, Encoding? otherEncoding = null) : IOutputWriter
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

    private void Hand(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.EndsWith((byte)'\r') ? bytes[..^1] : bytes;
        line((otherEncoding is null || Utf8.IsValid(bytes) ? Encoding.UTF8 : otherEncoding).GetString(bytes));
    }
}
