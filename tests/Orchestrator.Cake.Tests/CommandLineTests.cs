using System.Diagnostics;
using Orchestrator.Testing;

namespace Orchestrator.Cake.Tests;

/// <summary>What .NET makes of a command line is what ours must make of it.</summary>
public sealed class CommandLineTests
{
    public static TheoryData<string> Lines =>
    [
        "", "   ", "a", "a b", "  a \t b  ", "\"a b\" c", "a\"b c\"d", "\"\"", "\"\" \"\"", "\"a\"\"b\"", "\"a \"\" b\" c", "a\"\"b",
        @"a\b", @"a\\b", @"a\""b", @"a\\""b c""", @"a\\\""b", @"""a\\"" b", @"""a\"" b", @"\", @"\\", @"""\", "\"unclosed a b", "a \"", "'a b'", "$x *", "-p:X=\"a;b\" --y='z'",
        "a\nb c", "ä\"ö ü\"",
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_line_is_split_as_dotnet_does(string line) => Assert.Equal(Oracle(line), CommandLine.Split(line));

    [Fact]
    public void So_is_any_other()
    {
        const string Alphabet = "a b\t\"\\\"\\ '";
        Random random = new(20261128);
        for (var count = 0; count < 150; count++)
        {
#pragma warning disable CA5394 // Chance is what is wanted.
            var line = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
#pragma warning restore CA5394
            Assert.Equal([line, .. Oracle(line)], [line, .. CommandLine.Split(line)]);
        }
    }

    private static List<string> Oracle(string line)
    {
        using var directory = new TestDirectory();
        var path = directory.Write("arguments", "#!/bin/sh\n[ $# -eq 0 ] || printf '%s\\0' \"$@\"\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        using var process = Process.Start(new ProcessStartInfo(path, line) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Length == 0 ? [] : [.. output[..^1].Split('\0')];
    }
}
