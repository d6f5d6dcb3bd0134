using System.Text;
using CsCheck;
using Orchestrator.Processes;

namespace Orchestrator.Fuzz.Tests;

public sealed class EventReaderTests
{
    private static readonly string[] Lines =
    [
        """{"event":"started","time":1764000000000,"pid":12,"pgid":12,"containment":"supervised","run":"0123456789abcdef0123456789abcdef"}""",
        """{"event":"started","time":1764000000000,"pid":12,"pgid":12,"containment":"cgroup","run":"a/b","fallback":"no cgroup v2"}""",
        """{"event":"cancelling","time":1764000000000,"reason":"owner","pgid":12,"signal":"TERM"}""",
        """{"event":"signalled","time":1764000000000,"signal":"KILL","pgid":12,"processes":3}""",
        """{"event":"escaped","time":1764000000000,"pid":12,"command":"da)em\u001bon"}""",
        """{"event":"leftover","time":1764000000000,"pid":12,"command":"sleep"}""",
        """{"event":"exited","time":1764000000000,"status":3}""",
        """{"event":"exited","time":1764000000000,"signal":"SEGV"}""",
        """{"event":"empty","time":1764000000000,"milliseconds":5,"killed":0}""",
        """{"event":"usage","time":1764000000000,"cpu":5,"memory":4096}""",
        """{"event":"work-dir-removed","time":1764000000000,"path":"/tmp/w"}""",
        """{"event":"survived","time":1764000000000,"pid":12,"command":"x"}""",
        """{"event":"failed","time":1764000000000,"message":"é"}""",
        """{"event":"dropped","time":1764000000000,"lines":1}""",
        """{"event":"of a later version","time":1764000000000}""",
    ];

    // Wrong types and sizes where a number or a text is expected.
    private static readonly Gen<string> WrongTypes = Gen.Select(
        Gen.OneOf(Lines),
        Gen.OneOf("1764000000000", "12", "3", "5", "\"TERM\"", "\"owner\"", "\"sleep\"", "\"cgroup\"", "\"exited\""),
        Gen.OneOf("null", "true", "-1", "1.5", "1e400", "99999999999999999999", "-9223372036854775808", "9223372036854775807", "\"\"", "\"\\ud800\"", "[]", "{}", "[[[[[[[]]]]]]]", "{\"pid\":1}"),
        (line, what, with) => line.Replace(what, with, StringComparison.Ordinal));

    private static readonly Gen<string> Line = Gen.Frequency<string>(
        (3, Gen.OneOf(Lines)),
        (4, Fuzz.Mutated(Gen.OneOf(Lines))),
        (4, WrongTypes),
        (2, Fuzz.Text),
        (1, Gen.Int[1, 2000].Select(depth => new string('[', depth))),
        (1, Gen.Select(Gen.OneOf(Lines), Gen.OneOf(Lines), (first, second) => first + second)));

    [Fact]
    public void Every_event_that_a_supervisor_sends_is_read() =>
        Assert.Equal(13, Lines.Count(line => new EventParser().Parse(line) is not null));

    [Fact]
    public void Any_line_is_an_event_or_nothing() => Fuzz.Check(Line.Array[1, 4], lines =>
    {
        var parser = new EventParser();
        foreach (var line in lines)
        {
            // What is told to people is made of it, too.
            _ = parser.Parse(line) is { } happened ? RunNarration.Lines(happened).Count() : 0;
        }
    });

    [Fact]
    public async Task However_lines_are_cut_each_whole_one_is_read_and_the_end_is_seen()
    {
        var tries = new List<(string[] Lines, int[] Cuts)>();
        Gen.Select(Line.Array[0, 6], Gen.Int[1, 200].Array[1, 5]).Sample(
            given =>
            {
                lock (tries)
                {
                    tries.Add(given);
                }
            },
            iter: 300 * Fuzz.Factor);
        foreach (var (lines, cuts) in tries)
        {
            var text = string.Concat(lines.Select(line => line + "\n"));
            var expected = ParseAll(text);

            Assert.Equal(expected, await ReadAsync(Encoding.UTF8.GetBytes(text), cuts));
        }
    }

    [Fact]
    public async Task A_line_of_10_MB_and_one_without_an_end_neither_crash_nor_hang_the_reader()
    {
        var whole = Lines[6] + "\n";
        foreach (var long10 in (string[])[new string('x', 10_000_000), $$"""{"event":"failed","time":1,"message":"{{new string('m', 10_000_000)}}"}""", new string('[', 10_000_000)])
        {
            var read = await ReadAsync(Encoding.UTF8.GetBytes($"{whole}{long10}\n{whole}{long10}"), [65536]);

            Assert.Equal(long10.Contains("failed", StringComparison.Ordinal) ? 3 : 2, read.Count);
        }
    }

    private static List<RunEvent> ParseAll(string text)
    {
        var parser = new EventParser();
        var events = new List<RunEvent>();
        var writer = new LineWriter(line =>
        {
            if (parser.Parse(line) is { } happened)
            {
                events.Add(happened);
            }
        });
        writer.Write(Encoding.UTF8.GetBytes(text));
        return events;
    }

    private static async Task<List<RunEvent>> ReadAsync(byte[] bytes, int[] cuts)
    {
        using var channel = new EventChannel();
        var events = new List<RunEvent>();
        var reading = channel.ReadAsync(events.Add);
        await using (var pipe = new FileStream(channel.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            channel.CloseWriter();
            for (var (at, i) = (0, 0); at < bytes.Length; i++)
            {
                var length = Math.Min(cuts[i % cuts.Length], bytes.Length - at);
                await pipe.WriteAsync(bytes.AsMemory(at, length), TestContext.Current.CancellationToken);
                at += length;
            }
        }

        await reading.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        return events;
    }
}
