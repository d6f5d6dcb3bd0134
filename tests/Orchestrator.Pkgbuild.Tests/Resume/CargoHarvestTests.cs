namespace Orchestrator.Pkgbuild.Tests;

/// <summary>What is taken over into the build cache of what cargo compiles in the work directory.</summary>
public sealed class CargoHarvestTests : IDisposable
{
    private const string Hash = "ece15f80cce0d0d5";
    private readonly string root = Directory.CreateTempSubdirectory("orchestrator-harvest-").FullName;
    private readonly CargoHarvest harvest;

    public CargoHarvestTests()
    {
        Directory.CreateDirectory(Work);
        harvest = new(Work, Kept);
    }

    private string Work => Path.Combine(root, "work");

    private string Kept => Path.Combine(root, "kept", "release");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_unit_is_taken_when_its_fingerprint_is_there()
    {
        Write($"deps/libone-{Hash}.rlib");
        Write($"deps/one-{Hash}.d");
        Write($"deps/one-{Hash}.one.1a2b.rcgu.o");
        Write($"build/one-{Hash}/out/folder/made.rs");
        File.CreateSymbolicLink(Path.Combine(Work, $"build/one-{Hash}/out/link"), "folder");
        Write($".fingerprint/one-{Hash}/invoked.timestamp");
        harvest.Take();
        Assert.False(Directory.Exists(Kept));
        Write($".fingerprint/one-{Hash}/lib-one", "");
        harvest.Take();
        Assert.False(Directory.Exists(Kept));
        Finish("lib-one");
        harvest.Take();
        string[] all =
        [
            $".fingerprint/one-{Hash}/invoked.timestamp",
            $".fingerprint/one-{Hash}/lib-one",
            $"build/one-{Hash}/out/folder/made.rs",
            $"deps/libone-{Hash}.rlib",
            $"deps/one-{Hash}.d",
        ];
        Assert.Equal(all, Taken());
        Assert.All(all, file => Assert.Equal(File.GetLastWriteTimeUtc(Path.Combine(Work, file)), File.GetLastWriteTimeUtc(Path.Combine(Kept, file))));
        Assert.Equal("folder", new FileInfo(Path.Combine(Kept, $"build/one-{Hash}/out/link")).LinkTarget);
        Assert.False(new CargoUnits(Kept).RemoveUnfinished());
        Assert.Equal(all, Taken());
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("rele", 1)]
    [InlineData("debug\t/made/debug", 2)]
    public void A_line_that_a_full_disk_has_torn_names_no_folder(string last, int count)
    {
        var shims = Directory.CreateDirectory(Path.Combine(root, "shims")).FullName;
        File.WriteAllText(Path.Combine(shims, ".restored"), $"release\t/made/release\n{last}");
        var restored = ToolShims.Restored(shims);
        Assert.Equal(("/made/release", "release"), restored[0]);
        Assert.Equal(count, restored.Count);
    }

    [Fact]
    public void A_unit_that_is_compiled_anew_replaces_what_was_taken()
    {
        Write($"deps/libone-{Hash}.rlib", "first");
        Write($"build/one-{Hash}/out/first.rs");
        Finish("lib-one");
        harvest.Take();
        File.Delete(Path.Combine(Work, $"deps/libone-{Hash}.rlib"));
        Directory.Delete(Path.Combine(Work, $"build/one-{Hash}"), recursive: true);
        Write($"deps/libone-{Hash}.rlib", "second");
        Finish("lib-one", seconds: 2);
        new CargoHarvest(Work, Kept).Take();
        Assert.Equal("second", File.ReadAllText(Path.Combine(Kept, $"deps/libone-{Hash}.rlib")));
        Assert.Equal([$".fingerprint/one-{Hash}/lib-one", $"deps/libone-{Hash}.rlib"], Taken());
    }

    [Theory]
    [InlineData("deps/one-ece15f80cce0d0d5", "bin-one")]
    [InlineData("examples/one-ece15f80cce0d0d5", "example-one")]
    [InlineData("deps/libone.so", "lib-one")]
    [InlineData("deps/libone_two.so", "lib-one-two")]
    [InlineData("build/one-ece15f80cce0d0d5/out/made.rs", "run-build-script-build-script-build")]
    public void What_a_build_has_changed_is_not_taken(string file, string fingerprint)
    {
        Write(file);
        Finish(fingerprint);
        File.SetLastWriteTimeUtc(Path.Combine(Work, file), DateTime.UtcNow.AddSeconds(5));
        harvest.Take();
        Assert.False(Directory.Exists(Kept));
        File.SetLastWriteTimeUtc(Path.Combine(Work, file), DateTime.UtcNow.AddSeconds(-5));
        new CargoHarvest(Work, Kept).Take();
        Assert.Contains(file, Taken());

        // Nor is what was taken earlier.
        Finish(fingerprint, seconds: 2);
        File.SetLastWriteTimeUtc(Path.Combine(Work, file), DateTime.UtcNow.AddSeconds(5));
        new CargoHarvest(Work, Kept).Take();
        Assert.False(Directory.Exists(Path.Combine(Kept, ".fingerprint", $"one-{Hash}")));
    }

    [Theory]
    [InlineData("one.d", "one.d", false)]
    [InlineData("libone.rlib", "libone.d", false)]
    [InlineData("libone.rlib", $"deps/libone-{Hash}.rlib", false)] // cargo writes libone.d when all units are finished
    [InlineData("my-one", $"deps/my_one-{Hash}", false)]
    [InlineData("libone.so", "deps/libone.so", false)]
    [InlineData("one.txt", $"deps/one-{Hash}", true)]
    [InlineData("asset", "one.d", true)]
    [InlineData("folder/asset", "one.d", true)]
    public void What_cargo_has_not_put_beside_its_programs_is_noticed(string file, string other, bool isNoticed)
    {
        Write(file);
        Write(other);
        Finish("lib-one");
        harvest.Take();
        Assert.Equal(isNoticed, File.Exists(Path.Combine(Kept, ".beside")));
    }

    [Fact]
    public void What_is_taken_halfway_is_none()
    {
        Write($"deps/libone-{Hash}.rlib");
        Finish("lib-one");
        harvest.Take();

        // As if its taker had been killed before the last step.
        Directory.Move(Path.Combine(Kept, ".fingerprint", $"one-{Hash}"), Path.Combine(Kept, ".new"));
        Assert.False(new CargoUnits(Kept).RemoveUnfinished());
        Assert.False(File.Exists(Path.Combine(Kept, $"deps/libone-{Hash}.rlib")));
        new CargoHarvest(Work, Kept).Take();
        Assert.Equal([$".fingerprint/one-{Hash}/lib-one", $"deps/libone-{Hash}.rlib"], Taken());
    }

    private string[] Taken() =>
        [.. FilesBelow.Of(Kept).Select(file => Path.GetRelativePath(Kept, file.FullName)).Order(StringComparer.Ordinal)];

    private void Finish(string fingerprint, int seconds = 1)
    {
        Write($".fingerprint/one-{Hash}/{fingerprint}", "0123456789abcdef");
        File.SetLastWriteTimeUtc(Path.Combine(Work, ".fingerprint", $"one-{Hash}", fingerprint), DateTime.UtcNow.AddSeconds(seconds));
    }

    private void Write(string name, string text = "whole")
    {
        var path = Path.Combine(Work, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
