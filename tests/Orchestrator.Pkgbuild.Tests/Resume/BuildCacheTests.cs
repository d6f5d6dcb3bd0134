using System.Text.Json.Nodes;

namespace Orchestrator.Pkgbuild.Tests;

/// <summary>What a build does with a cache that is not as it should be: it is built all the same, and one line says why.</summary>
public sealed class BuildCacheTests
{
    // Keeps something in the cache, as a compiler does, and tells whether it found something there.
    private const string Keeping =
        """
        build() {
          pwd -P > where
          [[ $ORCHESTRATOR_CACHE_ENTRY ]] || return 0
          if [[ -f $ORCHESTRATOR_CACHE_ENTRY/npm/thing ]]; then echo "found it"; else echo "found nothing"; fi
          mkdir -p "$ORCHESTRATOR_CACHE_ENTRY/npm"
          echo thing > "$ORCHESTRATOR_CACHE_ENTRY/npm/thing"
        }
        package() { cp where "$pkgdir"; }

        """;

    private static Workshop Sample() => new Workshop().Pkgbuild(Workshop.Head + Keeping);

    [Fact]
    public async Task What_a_build_keeps_is_there_for_the_next_one_which_has_the_same_path()
    {
        using var workshop = Sample();
        await BuildAsync(workshop);
        var where = workshop.Installed("where");
        Assert.Contains("found nothing", workshop.Lines);
        await BuildAsync(workshop);
        Assert.Contains("found it", workshop.Lines);
        Assert.Equal(where, workshop.Installed("where"));
        Assert.DoesNotContain(workshop.Lines, line => line.Contains("WARNING", StringComparison.Ordinal));
        workshop.AssertNothingLeft();
    }

    [Fact]
    public async Task Switched_off_there_is_none()
    {
        using var workshop = new Workshop().Pkgbuild(Workshop.Head + "build() { env | grep ORCHESTRATOR_CACHE_ENTRY || echo none; }\npackage() { :; }\n");
        await BuildAsync(workshop, options => options with { NoBuildCache = true });
        await BuildAsync(workshop, options => options with { BuildCache = "off" });
        Assert.Equal(2, workshop.Lines.Count(line => line == "none"));
        Assert.False(Directory.Exists(Builds(workshop)));
    }

    [Fact]
    public async Task A_package_that_compiles_nothing_leaves_nothing()
    {
        using var workshop = new Workshop().Pkgbuild(Workshop.Head + "package() { :; }\n");
        await BuildAsync(workshop);
        Assert.Empty(Directory.GetDirectories(Builds(workshop)));
    }

    [Theory]
    [InlineData("truncated", "it is damaged")]
    [InlineData("garbled", "it is damaged")]
    [InlineData("missing", "it is damaged")]
    [InlineData("older", "an older version wrote it")]
    [InlineData("clock", "the clock was set back since it was used")]
    [InlineData("boot", "the machine went down while a build wrote it")]
    public async Task What_cannot_be_trusted_is_not_used(string fault, string reason)
    {
        using var workshop = Sample();
        await BuildAsync(workshop);
        var state = Path.Combine(Entry(workshop), "entry.json");
        var json = JsonNode.Parse(await File.ReadAllTextAsync(state, TestContext.Current.CancellationToken))!;
        switch (fault)
        {
            case "truncated":
                await File.WriteAllTextAsync(state, json.ToJsonString()[..20], TestContext.Current.CancellationToken);
                break;
            case "garbled":
                await File.WriteAllBytesAsync(state, Workshop.Bytes(300), TestContext.Current.CancellationToken);
                break;
            case "missing":
                File.Delete(state);
                break;
            case "older":
                json["Format"] = 0;
                break;
            case "clock":
                json["Used"] = DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds();
                break;
            default:
                json["Boot"] = "another";
                json["Phase"] = "Building";
                break;
        }

        if (fault is "older" or "clock" or "boot")
        {
            await File.WriteAllTextAsync(state, json.ToJsonString(), TestContext.Current.CancellationToken);
        }

        await BuildAsync(workshop);
        Assert.Single(workshop.Lines, line => line == $"==> WARNING: nothing of the build cache of sample is used: {reason}");
        Assert.Equal(2, workshop.Lines.Count(line => line == "found nothing"));

        // And it is as good as new.
        await BuildAsync(workshop);
        Assert.Contains("found it", workshop.Lines);
        Assert.Single(workshop.Lines, line => line.Contains("WARNING", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_newer_version_wrote_stays()
    {
        using var workshop = Sample();
        await BuildAsync(workshop);
        var state = Path.Combine(Entry(workshop), "entry.json");
        var json = JsonNode.Parse(await File.ReadAllTextAsync(state, TestContext.Current.CancellationToken))!;
        json["Format"] = 2;
        json["Something"] = "new";
        await File.WriteAllTextAsync(state, json.ToJsonString(), TestContext.Current.CancellationToken);
        await BuildAsync(workshop);
        Assert.Single(workshop.Lines, line => line.StartsWith("==> WARNING: the build cache of sample was written by a newer version, it is built without: ", StringComparison.Ordinal));
        Assert.Equal(json.ToJsonString(), await File.ReadAllTextAsync(state, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_builds_at_once_do_not_share_it()
    {
        using var workshop = new Workshop().Pkgbuild(
            Workshop.Head + "build() { if mkdir \"$startdir/first\" 2>/dev/null; then echo waiting; until [[ -e $startdir/go ]]; do read -rt 0.02 <> <(:) || :; done; fi; }\npackage() { :; }\n");
        await Task.WhenAll(BuildAsync(workshop), BuildAnotherAsync());
        workshop.AssertNothingLeft();

        async Task BuildAnotherAsync()
        {
            await workshop.LineAsync("waiting");
            await BuildAsync(workshop, options => options with { OutputDirectory = Path.Combine(workshop.Root, "other") });
            Assert.Single(workshop.Lines, line => line == "==> WARNING: another build of sample is using its build cache: this one is built without");
            await File.WriteAllTextAsync(Path.Combine(workshop.StartDirectory, "go"), "", TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_one_warning()
    {
        using var workshop = Sample();
        var file = Path.Combine(workshop.Root, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await BuildAsync(workshop, options => options with { BuildCache = Path.Combine(file, "cache") });
        Assert.Single(workshop.Lines, line => line.StartsWith("==> WARNING: the build cache cannot be used, sample is built without: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/usr/bin/ld: part.o: file format not recognized", "something in it seems to be damaged")]
    [InlineData("error[E0786]: found invalid metadata files for crate `serde`", "something in it seems to be damaged")]
    public async Task What_fails_with_the_cache_is_built_without(string complaint, string reason)
    {
        using var workshop = new Workshop().Pkgbuild(
            Workshop.Head + "build() { if [[ -d ${ORCHESTRATOR_CACHE_ENTRY:-.}/npm ]]; then mkdir half; echo '" + complaint + "' >&2; false; fi; mkdir -p \"${ORCHESTRATOR_CACHE_ENTRY:-.}/npm\"; }\n"
            + "package() { [[ ! -e half ]] && touch \"$pkgdir/done\"; }\n");
        await BuildAsync(workshop);
        await BuildAsync(workshop);
        Assert.Single(workshop.Lines, $"==> WARNING: sample is built without its build cache: it failed with it, and {reason}; all is compiled anew");
        Assert.Equal(3, workshop.Lines.Count(line => line == "==> Starting build()..."));

        // And the entry is empty now.
        await BuildAsync(workshop);
        Assert.Equal(4, workshop.Lines.Count(line => line == "==> Starting build()..."));
    }

    [Fact]
    public async Task What_a_killed_build_left_is_given_up_if_it_fails_with_it()
    {
        const string Fresh = """{"reason":"compiler-artifact","package_id":"registry+x#one@1.0","target":{"kind":["lib"]},"filenames":[],"fresh":true}""";
        using var workshop = new Workshop().Pkgbuild(
            Workshop.Head + "build() { [[ ! $ORCHESTRATOR_CACHE_ENTRY ]] && return; mkdir -p \"$ORCHESTRATOR_CACHE_ENTRY/npm\"; [[ ! -e $startdir/fail ]] && return; echo '" + Fresh + "' >> \"$ORCHESTRATOR_CACHE_ENTRY/cargo-messages\"; false; }\n"
            + "package() { :; }\n");
        await BuildAsync(workshop);
        var state = Path.Combine(Entry(workshop), "entry.json");
        await File.WriteAllTextAsync(
            state, (await File.ReadAllTextAsync(state, TestContext.Current.CancellationToken)).Replace("Done", "Building", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        workshop.With("fail", "");
        await BuildAsync(workshop);
        Assert.Single(workshop.Lines, "==> WARNING: sample is built without its build cache: it failed with it, and the build that wrote it was killed; all is compiled anew");
    }

    [Fact]
    public async Task A_build_that_ends_before_it_begins_changes_nothing()
    {
        using var workshop = Sample();
        await BuildAsync(workshop);
        workshop.Pkgbuild(Workshop.Head + "source=(missing)\nsha256sums=(SKIP)\n" + Keeping);
        await Assert.ThrowsAsync<PkgbuildException>(() => BuildAsync(workshop));
        Assert.Equal(EntryPhase.Done, EntryState.Read(Entry(workshop))!.Phase);
        workshop.Pkgbuild(Workshop.Head + Keeping.Replace("echo thing", "false", StringComparison.Ordinal));
        await Assert.ThrowsAsync<PkgbuildException>(() => BuildAsync(workshop));
        Assert.Equal(EntryPhase.Interrupted, EntryState.Read(Entry(workshop))!.Phase);
    }

    [Fact]
    public async Task An_ordinary_failure_is_one()
    {
        using var workshop = Sample();
        await BuildAsync(workshop);
        workshop.Pkgbuild(Workshop.Head + "build() { echo 'error: expected a semicolon' >&2; false; }\npackage() { :; }\n");
        var error = await Assert.ThrowsAsync<PkgbuildException>(() => BuildAsync(workshop));
        Assert.Equal(MakepkgExitCode.FunctionFailed, error.ExitCode);
        Assert.Equal(2, workshop.Lines.Count(line => line == "==> Starting build()..."));
        Assert.DoesNotContain(workshop.Lines, line => line.Contains("WARNING", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_used_longest_ago_goes_when_there_is_too_much()
    {
        using var first = Sample();
        using var second = Sample();
        var builds = Builds(first);
        await BuildAsync(first);
        await BuildAsync(second, options => options with { BuildCache = builds });
        Assert.Equal(2, Directory.GetDirectories(builds).Length);
        var entry = Directory.GetDirectories(builds).Select(path => (Path: path, State: EntryState.Read(path)!)).MaxBy(entry => entry.State.Used);

        // Room for one of them.
        await BuildAsync(second, options => options with { BuildCache = builds, BuildCacheLimit = entry.State.Bytes + 100 });
        Assert.Equal([entry.Path], Directory.GetDirectories(builds));
        await BuildAsync(second, options => options with { BuildCache = builds, BuildCacheLimit = 0 });
        Assert.Empty(Directory.GetDirectories(builds));
    }

    [Fact]
    public async Task What_a_build_that_was_killed_has_left_counts_too()
    {
        using var workshop = Sample();
        await BuildAsync(workshop);
        var killed = Directory.CreateDirectory(Path.Combine(Builds(workshop), "other-0123")).FullName;
        new EntryState(EntryState.CurrentFormat, "other", EntryPhase.Building, EntryState.CurrentBoot, 0, 0).Write(killed);
        Directory.CreateDirectory(Path.Combine(killed, "objects"));
        File.WriteAllBytes(Path.Combine(killed, "objects", "one"), new byte[100_000]);
        await BuildAsync(workshop, options => options with { BuildCacheLimit = 100_000 });
        Assert.False(Directory.Exists(killed));
        Assert.True(Directory.Exists(Entry(workshop)));
    }

    [Fact]
    public async Task Who_cancels_does_not_wait_until_the_cache_is_small_enough()
    {
        using var workshop = new Workshop().Pkgbuild($"{Workshop.Head}build() {{ mkdir \"$ORCHESTRATOR_CACHE_ENTRY/objects\"; echo READY; sleep 600; }}\npackage() {{ :; }}\n");
        var old = Directory.CreateDirectory(Path.Combine(Builds(workshop), "other-0123", "objects")).Parent!.FullName;
        new EntryState(EntryState.CurrentFormat, "other", EntryPhase.Done, EntryState.CurrentBoot, 0, 1000).Write(old);
        await workshop.CancelAtAsync("READY", options => options with { BuildCacheLimit = 0 });
        Assert.True(Directory.Exists(old));
    }

    [Fact]
    public async Task All_of_it_can_be_removed_but_what_is_not_ours()
    {
        using var workshop = Sample();
        await BuildAsync(workshop);
        var entry = Entry(workshop);
        var mine = Directory.CreateDirectory(Path.Combine(Builds(workshop), "mine")).FullName;
        using (FileLock.TryAcquire(Path.Combine(entry, "lock")))
        {
            var (nothing, problems) = await BuildCache.Locate(Builds(workshop))!.RemoveAsync(TestContext.Current.CancellationToken);
            Assert.Empty(nothing);
            Assert.Equal([$"{entry}: a build is using it"], problems);
        }

        var (removed, none) = await BuildCache.Locate(Builds(workshop))!.RemoveAsync(TestContext.Current.CancellationToken);
        Assert.Equal([entry], removed);
        Assert.Empty(none);
        Assert.Equal([mine], Directory.GetDirectories(Builds(workshop)));
    }

    [Theory]
    [InlineData("500", 500)]
    [InlineData("2k", 2048)]
    [InlineData("3G", 3L << 30)]
    public void A_limit_has_a_unit(string text, long bytes)
    {
        Environment.SetEnvironmentVariable(BuildCache.LimitVariable, text);
        try
        {
            Assert.Equal(bytes, BuildCache.Limit(null));
            Environment.SetEnvironmentVariable(BuildCache.LimitVariable, text + "x");
            Assert.Throws<PkgbuildException>(() => BuildCache.Limit(null));
            Assert.Equal(7, BuildCache.Limit(7));
        }
        finally
        {
            Environment.SetEnvironmentVariable(BuildCache.LimitVariable, null);
        }
    }

    private static string Builds(Workshop workshop) => workshop.Options.BuildCache!;

    private static string Entry(Workshop workshop) => Assert.Single(Directory.GetDirectories(Builds(workshop), "sample-*"));

    private static Task<BuildResult> BuildAsync(Workshop workshop, Func<BuildOptions, BuildOptions>? change = null) =>
        workshop.BuildAsync(options => (change ?? (same => same))(options with { Force = true }));
}
