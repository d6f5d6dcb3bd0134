using System.Globalization;
using CsCheck;
using Orchestrator.Supervisor;

namespace Orchestrator.Fuzz.Tests;

public sealed class OptionParserTests
{
    private static readonly string[] Names =
    [
        "--owner", "--grace", "--kill-wait", "--signal", "--timeout", "--leftovers", "--allow", "--work-dir", "--remove-work-dir", "--hold", "--directory",
        "--umask", "--stdin", "--containment", "--events", "--quiet", "--probe", "--version", "--help", "-h", "--", "--nonsense", "-", "--=",
    ];

    private static readonly string[] Values =
    [
        "1", "0", "500", "2147483647", "2147483648", "12:34", "12:34:56", ":", "TERM", "SIGINT", "kill", "keep", "fail", "cancelled", "always", "never",
        "null", "inherit", "022", "777", "1000", "8", "auto", "group", "supervised", "cgroup", "namespace", "true", "",
    ];

    private static readonly Gen<string> Word = Gen.Frequency<string>(
        (6, Gen.OneOf(Names)),
        (3, Gen.OneOf(Values)),
        (4, Gen.Select(Gen.OneOf(Names), Gen.OneOf<string>(Gen.OneOf(Values), Fuzz.Text), (name, value) => $"{name}={value}")),
        (2, Fuzz.Mutated(Gen.OneOf(Names))),
        (1, Fuzz.Text));

    [Fact]
    public void Whatever_the_words_are_they_are_options_or_one_clear_error() => Fuzz.Check(
        Gen.Select(Word.Array[0, 8], Gen.OneOf<string>(Fuzz.Text, Gen.Const((string)null!))),
        given =>
        {
            Diagnostics.IsQuiet = true;
            try
            {
                var options = OptionParser.Parse(given.Item1, given.Item2);
                Assert.InRange(options.Grace.TotalMilliseconds, 0, int.MaxValue);
                Assert.InRange(options.KillWait.TotalMilliseconds, 0, int.MaxValue);
                Assert.InRange(options.Timeout?.TotalMilliseconds ?? 0, 0, int.MaxValue);
                Assert.InRange(options.Signal, 1, 64);
                Assert.InRange(options.Umask ?? 0, 0, 511);
                Assert.All(options.Owners, owner => Assert.True(owner.Pid > 0));
                Assert.True(options.Mode != Mode.Run || options.Command is [not "", ..]);
                Assert.True(options.Mode != Mode.Hold || options is { WorkDirectory.Length: > 0, Command: [] });
            }
            catch (UsageException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        });

    [Fact]
    public void What_is_written_as_options_is_read_as_the_same() => Fuzz.Check(ValidOptions, expected =>
    {
        var (options, separate) = expected;
        var read = OptionParser.Parse([.. Write(options, separate)], cancelTimeout: "77");

        Assert.Equal(options.Owners, read.Owners);
        Assert.Equal((options.Grace, options.KillWait, options.Timeout), (read.Grace, read.KillWait, read.Timeout));
        Assert.Equal((options.Signal, options.Leftovers, options.Removal), (read.Signal, read.Leftovers, read.Removal));
        Assert.Equal((options.WorkDirectory, options.Directory, options.Umask), (read.WorkDirectory, read.Directory, read.Umask));
        Assert.Equal((options.InheritInput, options.Containment, options.Quiet), (read.InheritInput, read.Containment, read.Quiet));
        Assert.Equal(options.Events, read.Events);
        Assert.Equal(options.Command, read.Command);
    });

    [Fact]
    public void The_grace_period_of_a_run_inside_is_no_longer_than_the_outer_one() => Fuzz.Check(Gen.Int[0, int.MaxValue], milliseconds =>
        Assert.InRange(int.Parse(NestedGrace.ForInner(TimeSpan.FromMilliseconds(milliseconds)), NumberStyles.None, CultureInfo.InvariantCulture), 0, milliseconds));

    [Fact]
    public void What_stands_in_the_environment_for_the_outer_grace_period_is_obeyed_or_passed_over()
    {
        try
        {
            Fuzz.Text.Where(text => !text.Contains('\0', StringComparison.Ordinal)).Sample(
                text =>
                {
                    Environment.SetEnvironmentVariable(NestedGrace.Variable, text);
                    var asked = TimeSpan.FromSeconds(1);
                    var limit = NestedGrace.Limit(asked);
                    var isNumber = text.Length > 0 && text.All(char.IsAsciiDigit) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1000;
                    Assert.Equal(isNumber ? TimeSpan.FromMilliseconds(int.Parse(text, CultureInfo.InvariantCulture)) : asked, limit);
                },
                iter: 2000 * Fuzz.Factor,
                threads: 1);
        }
        finally
        {
            Environment.SetEnvironmentVariable(NestedGrace.Variable, null);
        }
    }

    private static Gen<(Options, bool)> ValidOptions
    {
        get
        {
            var milliseconds = Gen.Int[0, int.MaxValue].Select(value => TimeSpan.FromMilliseconds(value));
            var name = Fuzz.Text.Where(text => text.Length > 0);
            var owners = Gen.Select(Gen.Int[1, int.MaxValue], Gen.OneOf<ulong?>(Gen.ULong.Select(start => (ulong?)start), Gen.Const((ulong?)null)), (pid, start) => new OwnerOption(pid, start)).Array[0, 3];
            return Gen.Select(
                Gen.Select(owners, milliseconds, milliseconds, Gen.Int[1, 64], milliseconds),
                Gen.Select(Gen.Enum<LeftoversPolicy>(), Gen.Enum<Removal>(), Gen.Enum<Containment>().Where(level => level != Containment.Job), Gen.Int[0, 511], Gen.Bool),
                Gen.Select(name, name, name.Array[0, 3], Gen.Select(name, Fuzz.Text.Array[0, 4], (program, rest) => (string[])[program, .. rest]), Gen.Bool),
                (numbers, choices, texts) => (
                    new Options
                    {
                        Owners = numbers.Item1,
                        Grace = numbers.Item2,
                        KillWait = numbers.Item3,
                        Signal = numbers.Item4,
                        Timeout = numbers.Item5,
                        Leftovers = choices.Item1,
                        Removal = choices.Item2,
                        Containment = choices.Item3,
                        Umask = choices.Item4,
                        InheritInput = choices.Item5,
                        Quiet = choices.Item5,
                        WorkDirectory = texts.Item1,
                        Directory = texts.Item2,
                        Events = texts.Item3,
                        Command = texts.Item4,
                    },
                    texts.Item5));
        }
    }

    private static IEnumerable<string> Write(Options options, bool separate)
    {
        static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);
        (string Name, string Value)[] pairs =
        [
            .. options.Owners.Select(owner => ("--owner", owner.Start is { } start ? FormattableString.Invariant($"{owner.Pid}:{start}") : FormattableString.Invariant($"{owner.Pid}"))),
            ("--grace", Number(options.Grace.TotalMilliseconds)),
            ("--kill-wait", Number(options.KillWait.TotalMilliseconds)),
            ("--signal", Signals.Name(options.Signal)),
            ("--timeout", Number(options.Timeout!.Value.TotalMilliseconds)),
            ("--leftovers", options.Leftovers.ToString().ToLowerInvariant()),
            ("--remove-work-dir", options.Removal.ToString().ToLowerInvariant()),
            ("--containment", options.Containment.ToString().ToLowerInvariant()),
            ("--umask", Convert.ToString(options.Umask!.Value, 8)),
            ("--stdin", options.InheritInput ? "inherit" : "null"),
            ("--work-dir", options.WorkDirectory!),
            ("--directory", options.Directory!),
            .. options.Events.Select(path => ("--events", path)),
        ];
        IEnumerable<string> words = pairs.SelectMany(pair => separate ? (string[])[pair.Name, pair.Value] : [$"{pair.Name}={pair.Value}"]);
        return [.. words, .. options.Quiet ? (string[])["--quiet"] : [], "--", .. options.Command];
    }
}
