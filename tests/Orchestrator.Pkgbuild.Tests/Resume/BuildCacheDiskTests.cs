namespace Orchestrator.Pkgbuild.Tests;

/// <summary>What a build does whose cache is on a disk that is full or fails: it is built without, and one line says why.</summary>
public sealed class BuildCacheDiskTests
{
    // The next line of the record cannot be written: there is a folder in its place.
    private const string BreakRecord =
        """
        rm -f "$ORCHESTRATOR_CACHE_ENTRY/progress.jsonl"; mkdir -p "$ORCHESTRATOR_CACHE_ENTRY/progress.jsonl"
        printf '1\tbuilt\ta.c\t%064d\n' 1 >>"$ORCHESTRATOR_CACHE_ENTRY/steps"
        """;

    [Theory]
    [InlineData("collect2: fatal error: ld: final link failed: No space left on device", 2)]
    [InlineData("FAILED: part.o: a.c:1: fatal error: error writing to part.o: Disk quota exceeded", 1)]
    [InlineData("error: failed to write libx.rmeta: Stale file handle (os error 116)", 2)]
    [InlineData("error: couldn't create a temp dir (os error 30)", 2)]
    public async Task What_a_disk_fails_is_built_without_the_cache_the_first_time_too(string complaint, int stream)
    {
        using var workshop = Sample($"if [[ $ORCHESTRATOR_CACHE_ENTRY ]]; then echo \"{complaint}\" >&{stream}; false; fi");

        await workshop.BuildAsync();

        Assert.Single(workshop.Lines, "==> WARNING: sample is built without its build cache: it failed with it, and a disk was full, or failed; all is compiled anew");
        Assert.Equal(2, workshop.Lines.Count(line => line == "==> Starting build()..."));
        workshop.AssertNothingLeft();
    }

    [Fact]
    public async Task A_disk_that_is_full_without_the_cache_too_is_one_error()
    {
        using var workshop = Sample("echo 'ld: final link failed: No space left on device' >&2; false");

        var error = await workshop.BuildBadAsync();

        Assert.Equal(MakepkgExitCode.FunctionFailed, error.ExitCode);
        Assert.Equal(2, workshop.Lines.Count(line => line == "==> Starting build()..."));
        Assert.Single(workshop.Lines, line => line.Contains("WARNING", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_fails_after_the_cache_was_given_up_in_the_midst_of_it_is_built_again()
    {
        using var workshop = Sample($"if [[ $ORCHESTRATOR_CACHE_ENTRY ]]; then {BreakRecord}; false; fi");

        await workshop.BuildAsync();

        Assert.Single(workshop.Lines, line => line.StartsWith("==> WARNING: sample is built without its build cache: ", StringComparison.Ordinal));
        Assert.Single(workshop.Lines, "==> sample failed after its build cache was given up; all is compiled anew");
        Assert.Equal(2, workshop.Lines.Count(line => line == "==> Starting build()..."));

        // What is left of the cache is not taken for one.
        await workshop.BuildAsync(options => options with { Force = true });
        workshop.AssertNothingLeft();
    }

    private static Workshop Sample(string build) =>
        new Workshop().Pkgbuild($"{Workshop.Head}build() {{\n{build}\n}}\npackage() {{ :; }}\n");
}
