using System.Text.Json.Nodes;

namespace Orchestrator.Pkgbuild.Tests;

/// <summary>When the cache is kept small, and when nobody waits for that.</summary>
public sealed class BuildCacheTidyTests
{
    private const string Keeping =
        """
        build() {
          mkdir -p "$ORCHESTRATOR_CACHE_ENTRY/npm"
          head -c 100000 /dev/zero > "$ORCHESTRATOR_CACHE_ENTRY/npm/thing"
          if [[ -e $startdir/wait ]]; then echo waiting; sleep 100; fi
        }
        package() { :; }

        """;

    [Fact]
    public async Task Who_cancels_does_not_wait_until_the_cache_is_small()
    {
        using var first = Sample();
        using var second = Sample().With("wait", "");
        var builds = first.Options.BuildCache!;
        await first.BuildAsync();
        var old = Assert.Single(Directory.GetDirectories(builds));

        await second.CancelAtAsync("waiting", Small);
        Assert.True(Directory.Exists(old));
        Assert.Equal(2, Directory.GetDirectories(builds).Length);

        File.Delete(Path.Combine(second.StartDirectory, "wait"));
        await second.BuildAsync(Small);
        Assert.Empty(Directory.GetDirectories(builds));

        BuildOptions Small(BuildOptions options) => options with { BuildCache = builds, BuildCacheLimit = 0 };
    }

    [Theory]
    [InlineData("Building")]
    [InlineData("Interrupted")]
    public async Task What_no_build_has_finished_is_counted(string phase)
    {
        using var first = Sample();
        using var second = Sample();
        var builds = first.Options.BuildCache!;
        await first.BuildAsync();
        var old = Assert.Single(Directory.GetDirectories(builds));
        var state = Path.Combine(old, "entry.json");
        var json = JsonNode.Parse(await File.ReadAllTextAsync(state, TestContext.Current.CancellationToken))!;
        (json["Phase"], json["Bytes"]) = (phase, 0);
        await File.WriteAllTextAsync(state, json.ToJsonString(), TestContext.Current.CancellationToken);

        // Room for one of them.
        await second.BuildAsync(options => options with { BuildCache = builds, BuildCacheLimit = 150_000 });

        Assert.False(Directory.Exists(old));
        Assert.Single(Directory.GetDirectories(builds));
    }

    [Fact]
    public async Task What_a_cancelled_build_did_not_touch_counts_as_before()
    {
        using var workshop = Sample();
        await workshop.BuildAsync();
        var entry = Assert.Single(Directory.GetDirectories(workshop.Options.BuildCache!));
        var before = EntryState.Read(entry)!;

        workshop.Pkgbuild(Workshop.Head + "verify() { echo waiting; sleep 100; }\n" + Keeping);
        await workshop.CancelAtAsync("waiting", options => options with { Force = true });

        Assert.Equal(before with { Used = 0 }, EntryState.Read(entry)! with { Used = 0 });
        Assert.InRange(before.Bytes, 100_000, 110_000);
    }

    [Fact]
    public async Task What_is_damaged_is_out_of_the_way_at_once_and_removed_when_nobody_waits()
    {
        using var workshop = Sample();
        await workshop.BuildAsync();
        var path = Assert.Single(Directory.GetDirectories(workshop.Options.BuildCache!));
        await File.WriteAllTextAsync(Path.Combine(path, "entry.json"), "{", TestContext.Current.CancellationToken);
        var cache = BuildCache.Locate(workshop.Options.BuildCache)!;
        using CancellationTokenSource cancel = new();

        // It is said before it is done.
        BuildLog log = new(_ => cancel.Cancel());
        using (await CacheEntry.OpenAsync(cache, "sample", Path.GetFileName(path)["sample-".Length..], TimeProvider.System, log, cancel.Token))
        {
            Assert.Empty(Directory.GetDirectories(path));
            Assert.True(File.Exists(Path.Combine(Assert.Single(Directory.GetDirectories(cache.Path, ".trash-*")), "thing")));
        }

        await workshop.BuildAsync(options => options with { Force = true });
        Assert.Equal([path], Directory.GetDirectories(cache.Path));
    }

    private static Workshop Sample() => new Workshop().Pkgbuild(Workshop.Head + Keeping);
}
