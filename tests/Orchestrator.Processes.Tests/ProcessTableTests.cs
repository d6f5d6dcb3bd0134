using Orchestrator.Supervisor.Linux;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class ProcessTableTests
{
    [Fact]
    public void Processes_that_end_while_they_are_looked_at_hide_nothing()
    {
        using var forks = System.Diagnostics.Process.Start("bash", ["-c", "for i in {1..8000}; do ( : ) & ( : ) & wait; done"]);
        var hidden = new List<string>();
        while (!forks.HasExited)
        {
            // Again and again until its end, so that the look falls into it.
            var number = ProcessTable.LastNumber();
            bool isHidden;
            do
            {
                _ = ProcessTable.Environment(number, out isHidden);
            }
            while (ProcessTable.Find(number) is not null && !forks.HasExited);
            if (isHidden)
            {
                hidden.Add($"{number}");
            }
        }

        Assert.Empty(hidden);
    }

    [Fact]
    public async Task The_environment_of_a_process_whose_first_thread_has_ended_is_that_of_the_others()
    {
        Assert.SkipUnless(Repository.HasTool("gcc"), "gcc is missing");
        using var directory = new TestDirectory();
        var source = directory.Write("thread.c", "#include <pthread.h>\n#include <unistd.h>\nstatic void *go(void *a) { for (;;) pause(); }\nint main(void) { pthread_t t; pthread_create(&t, 0, go, 0); pthread_exit(0); }\n");
        var program = directory.Combine("thread");
        using (var compiler = System.Diagnostics.Process.Start("gcc", ["-w", "-pthread", "-o", program, source]))
        {
            await compiler.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program) { Environment = { ["MARK"] = "here" } })!;
        try
        {
            await Eventually.IsTrueAsync(() => (File.ReadAllText($"/proc/{process.Id}/stat") + " ").Contains(") Z", StringComparison.Ordinal), "its first thread has ended");
            Assert.Contains("MARK=here", System.Text.Encoding.UTF8.GetString(ProcessTable.Environment(process.Id, out _)), StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
        }
    }
}
