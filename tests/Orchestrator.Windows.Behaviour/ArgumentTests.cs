using System.Globalization;
using System.Text;
using CsCheck;
using Orchestrator.Processes.Windows;
using Orchestrator.Supervisor;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class ArgumentTests
{
    private static readonly Gen<char> Characters = Gen.OneOf(
        Gen.OneOf('"', '\\', ' ', '\t', '%', '^', '&', '|', '<', '>', '(', ')', '!', ';', ',', '=', '\'', '`', '*', '?', '\n', '\r', '\v', 'a', 'é', '—', '漢'),
        Gen.Char['\u0001', '\uD7FF']);

    private static readonly Gen<string[]> Arguments = Gen.OneOf(
        Gen.String[Characters, 0, 12],
        Gen.String[Gen.OneOf('"', '\\', ' '), 0, 8],
        Gen.Const("🙂"),
        Gen.Const("")).Array[0, 8];

    [Fact]
    public async Task A_program_gets_the_arguments_that_were_passed()
    {
        string[][] samples =
        [
            [], [""], ["", ""], ["a b"], ["\""], ["\\"], ["\\\\"], ["a\\"], ["a b\\"], ["a b\\\\"], ["\\\""], ["a\\\\\"b"], ["\"a\"", "'b'"],
            ["%PATH%"], ["^&|<>"], ["--x=\"y z\""], ["C:\\Program Files\\"], ["é—漢🙂"], ["line\nbreak"], ["tab\there"],
        ];
        foreach (var sample in samples)
        {
            await PassesAsync(sample);
        }

        await Arguments.SampleAsync(PassesAsync, iter: 60, threads: 1);

        static async Task PassesAsync(string[] arguments)
        {
            var (byRuntime, byShell) = await ReceivedAsync(Marker.Tree, arguments);
            Assert.Equal(arguments, byRuntime);
            Assert.Equal(arguments, byShell); // CommandLineToArgvW
        }
    }

    [Fact]
    public async Task A_batch_file_hands_on_the_arguments_that_were_passed_or_they_are_refused()
    {
        using var directory = new TestDirectory();
        var batch = directory.Write("hand on.cmd", $"@\"{Marker.Tree}\" arguments %*\r\n");
        string[][] samples =
        [
            ["plain"], ["a b"], ["a&b"], ["x|y", "<in", ">out"], ["^caret^"], ["(p)"], ["a;b,c=d"], ["C:\\folder\\"], ["C:\\my folder\\"], ["!bang!"], ["*", "?"],
        ];
        foreach (var sample in samples)
        {
            Assert.Equal(sample, (await ReceivedAsync(batch, sample, verb: false)).ByRuntime);
        }

        foreach (var refused in (string[])["say \"hi\"", "%PATH%", "100%", "two\nlines", "two\rlines"])
        {
            var exception = await Assert.ThrowsAsync<SupervisorException>(() => SupervisedCommand.Create(batch, refused).RunAsync(TestContext.Current.CancellationToken));
            Assert.Equal(126, exception.ExitCode);
            Assert.Contains("cannot be passed to a batch file safely", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_argument_of_a_batch_file_leaves_its_quotes()
    {
        await Task.Yield();
        Arguments.Sample(arguments =>
        {
            string line;
            try
            {
                line = CommandLine.ForBatchFile(@"C:\Windows\System32\cmd.exe", @"C:\a b\x.cmd", arguments);
            }
            catch (CommandException)
            {
                return arguments.Any(argument => argument.AsSpan().IndexOfAny("\"%\r\n") >= 0);
            }

            // As cmd.exe reads it: a quote switches, and what is special is only so outside.
            const string Prefix = "/s /c \"";
            var rest = line[(line.IndexOf(Prefix, StringComparison.Ordinal) + Prefix.Length)..^1];
            var quoted = false;
            foreach (var character in rest)
            {
                quoted ^= character == '"';
                if (!quoted && "&|<>^()%\r\n".Contains(character, StringComparison.Ordinal))
                {
                    return false;
                }
            }

            return !quoted;
        }, iter: 5000);
    }

    private static async Task<(string[] ByRuntime, string[] ByShell)> ReceivedAsync(string program, string[] arguments, bool verb = true)
    {
        var lines = new List<string>();
        var result = await SupervisedCommand.Create(program, verb ? ["arguments", .. arguments] : arguments)
            .WithStandardOutput(lines.Add)
            .RunAsync(TestContext.Current.CancellationToken);
        Assert.True(result.IsSuccess, $"exit status {result.ExitCode}");
        var divider = lines.IndexOf("--");
        return ([.. lines.Take(divider).Select(Decode)], [.. lines.Skip(divider + 1).Select(Decode)]);
    }

    private static string Decode(string units)
    {
        var text = new StringBuilder();
        for (var i = 0; i < units.Length; i += 4)
        {
            text.Append((char)ushort.Parse(units.AsSpan(i, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
