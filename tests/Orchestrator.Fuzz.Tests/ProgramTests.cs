using System.Diagnostics;
using CsCheck;
using Orchestrator.Testing;

namespace Orchestrator.Fuzz.Tests;

/// <summary>The built program itself, started with random words.</summary>
public sealed class ProgramTests : IDisposable
{
    private static readonly string[] Words =
    [
        "--grace", "--kill-wait", "--signal", "--timeout", "--leftovers", "--allow", "--work-dir", "--remove-work-dir", "--hold", "--directory", "--umask",
        "--stdin", "--containment", "--events", "--quiet", "--version", "--help", "--nonsense", "-", "--", "-x",
        "--grace=5", "--work-dir=w", "--work-dir=/", "--work-dir=.", "--remove-work-dir=always", "--events=e", "--containment=group", "--containment=supervised",
        "--stdin=null", "--umask=077", "--leftovers=fail", "--owner=1:1", "--directory=.",
        "0", "5", "w", "always", "never", "kill", "TERM", "KILL", "harmless", "",
    ];

    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Random_words_end_in_an_error_or_run_nothing_but_the_one_program_there_is()
    {
        Assert.SkipUnless(Supervise.HasNative, "there is no native supervisor");
        directory.Write("bin/harmless", "");
        File.Delete(directory.Combine("bin/harmless"));
        File.CreateSymbolicLink(directory.Combine("bin/harmless"), "/bin/true");
        directory.Write("precious/file", "mine");
        var tries = new List<string[]>();
        var text = Fuzz.Text.Select(word => word.Replace("\0", "", StringComparison.Ordinal).Replace("/", "", StringComparison.Ordinal));
        Gen.Frequency<string>((8, Gen.OneOf(Words)), (1, text), (1, Gen.Select(Gen.OneOf(Words), text, (name, value) => $"{name}={value}")))
            .Array[0, 7].Select(words => (string[])[.. words, .. words.Length % 2 == 0 ? (string[])["--", "harmless"] : []])
            .Sample(
                words =>
                {
                    lock (tries)
                    {
                        tries.Add(words);
                    }
                },
                iter: 60 * Fuzz.Factor);

        foreach (var words in tries)
        {
            // A keeper would hold for as long as we live: it is given an owner that is gone.
            string[] arguments = words.Contains("--hold") ? ["--owner=1:1", .. words] : words;
            using var process = Process.Start(new ProcessStartInfo(Supervise.Native, arguments)
            {
                WorkingDirectory = directory.Path,
                Environment = { ["PATH"] = directory.Combine("bin"), ["HOME"] = directory.Combine("precious") },
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            _ = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            var status = await Supervise.ExitAsync(process);

            var told = $"{status} for {string.Join(' ', arguments.Select(word => $"[{word}]"))}: {await errors}";
            Assert.True(status is 0 or 124 or 125 or 126 or 127 or 143, told);
            Assert.True(status != 125 || arguments.Contains("--quiet") || (await errors).Split('\n').Length == 2, told);
            Assert.DoesNotContain("Unhandled", await errors, StringComparison.Ordinal);
            Assert.True(File.Exists(directory.Combine("precious/file")), told);
        }
    }
}
