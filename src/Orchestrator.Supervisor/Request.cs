using System.Text;
using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Supervisor;

/// <summary>One run that a supervisor with <c>--serve</c> is asked for.</summary>
/// <param name="Run">What <c>ORCHESTRATOR_RUN</c> would be in the environment of a supervisor of its own.</param>
/// <param name="Output">A pipe for the command's standard output, such as <c>/proc/PID/fd/N</c>.</param>
/// <param name="Error">The same for standard error.</param>
/// <param name="Raw">Options, <c>--</c>, the command and its arguments, each with its closing zero.</param>
internal sealed record Request(string Run, string Output, string Error, IReadOnlyList<byte[]> Raw)
{
    private const int Fields = 3;

    /// <summary>The same as text.</summary>
    internal IReadOnlyList<string> Arguments { get; } = [.. Raw.Select(Text)];

    /// <exception cref="UsageException">It is none.</exception>
    internal static Request Parse(ReadOnlySpan<byte> body)
    {
        var strings = new List<byte[]>();
        while (body.IndexOf((byte)0) is var end and >= 0)
        {
            strings.Add(body[..(end + 1)].ToArray());
            body = body[(end + 1)..];
        }

        return strings.Count > Fields
            ? new(Text(strings[0]), Text(strings[1]), Text(strings[2]), strings[Fields..])
            : throw new UsageException("standard input is not a request");
    }

    /// <summary>Opens what the command is started with.</summary>
    /// <param name="words">How many of the last arguments are the command.</param>
    /// <exception cref="UsageException">A stream cannot be opened: whoever was to read it is gone.</exception>
    internal CommandInput Open(int words) => new([.. Raw.Skip(Raw.Count - words)], Run, [null, Stream(Output), Stream(Error)]);

    private static FileDescriptor Stream(string path)
    {
        try
        {
            return SystemCalls.Open(path, LibC.O_WRONLY | LibC.O_NOCTTY) ?? throw new LinuxException("open", LibC.ENOENT);
        }
        catch (LinuxException exception)
        {
            throw new UsageException($"'{path}': {exception.Message}");
        }
    }

    private static string Text(byte[] raw) => Encoding.UTF8.GetString(raw.AsSpan(0, raw.Length - 1));
}
