using System.Buffers.Binary;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>Reads requests from a pipe: the length of what follows in four bytes, the lowest first, then strings, each with its zero.</summary>
internal sealed class RequestReader(FileDescriptor input, Waiter waiter)
{
    private byte[] buffer = new byte[4096];
    private int length;
    private bool isFirst = true;

    /// <summary>Waits for the next one.</summary>
    /// <returns>Null when there will be none: at the end of the pipe, when the owner is gone, or after a signal.</returns>
    internal Request? Next()
    {
        while (!waiter.OwnerIsGone)
        {
            if (SystemCalls.IsReadable(input))
            {
                var count = SystemCalls.Read(input, buffer.AsSpan(length));
                if (count <= 0)
                {
                    return null;
                }

                length += count;
                if (Take() is { } request)
                {
                    return request;
                }
            }
            else if (waiter.CancelSignal is null || isFirst || length > 0)
            {
                waiter.Wait(deadline: null, input);
            }
            else
            {
                return null; // whoever signals a run has asked for it before
            }
        }

        return null;
    }

    private Request? Take()
    {
        var whole = length < sizeof(int) ? sizeof(int) : sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(buffer);
        if (length >= whole && whole > sizeof(int))
        {
            var request = Request.Parse(buffer.AsSpan(sizeof(int), whole - sizeof(int)));
            isFirst = false;
            length = 0; // the next one is written only when this one has been answered
            return request;
        }

        if (buffer.Length < whole)
        {
            Array.Resize(ref buffer, whole);
        }

        return null;
    }
}
