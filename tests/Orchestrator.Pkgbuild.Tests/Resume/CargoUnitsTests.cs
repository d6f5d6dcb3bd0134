namespace Orchestrator.Pkgbuild.Tests;

/// <summary>What is taken for complete of what cargo has compiled, and what is not.</summary>
public sealed class CargoUnitsTests : IDisposable
{
    private const string Hash = "ece15f80cce0d0d5";
    private const string Other = "0123456789abcdef";
    private readonly string entry = Directory.CreateTempSubdirectory("orchestrator-entry-").FullName;

    public void Dispose() => Directory.Delete(entry, recursive: true);

    private string Folder => Path.Combine(entry, "cargo", "key", "release");

    private CargoUnits Units => Assert.Single(CargoUnits.In(entry));

    [Fact]
    public void A_unit_with_a_fingerprint_stays()
    {
        Write($"deps/libone-{Hash}.rlib");
        Write($"deps/one-{Hash}.d", "/x/libone.rlib: /registry/one/src/lib.rs\n");
        Write($"build/one-{Other}/out/made.rs");
        Finish($"one-{Hash}", "lib-one");
        Finish($"one-{Other}", "run-build-script-build-script-build");
        Assert.False(Units.RemoveUnfinished());
        Assert.True(Exists($"deps/libone-{Hash}.rlib"));
        Assert.True(Exists($"build/one-{Other}/out/made.rs"));
        Assert.True(Units.Has("one", Hash));
        Assert.False(Units.Has("two", null));
    }

    [Theory]
    [InlineData(null)] // killed before the fingerprint was made
    [InlineData("")] // cargo empties it before it compiles anew
    [InlineData("abc")] // torn
    public void A_unit_without_one_goes_with_all_that_it_has(string? fingerprint)
    {
        Write($"deps/libone-{Hash}.rlib", "half");
        Write($"deps/libone-{Hash}.rmeta", "half");
        Write($"deps/other-{Other}");
        Write($"build/one-{Hash}/out/made.rs", "half");
        Write($".fingerprint/one-{Hash}/invoked.timestamp");
        Finish($"other-{Other}", "bin-other");
        if (fingerprint is not null)
        {
            Write($".fingerprint/one-{Hash}/lib-one", fingerprint);
        }

        Assert.False(Units.RemoveUnfinished());
        Assert.False(Exists($"deps/libone-{Hash}.rlib"));
        Assert.False(Exists($"deps/libone-{Hash}.rmeta"));
        Assert.False(Exists($"build/one-{Hash}"));
        Assert.False(Exists($".fingerprint/one-{Hash}"));
        Assert.True(Exists($"deps/other-{Other}"));
    }

    [Theory]
    [InlineData("deps/libone-ece15f80cce0d0d5.rlib")]
    [InlineData("build/one-ece15f80cce0d0d5/out/made.rs")]
    public void What_was_changed_afterwards_is_damage(string file)
    {
        Write(file);
        Finish($"one-{Hash}", "lib-one");
        Assert.False(Units.RemoveUnfinished());
        File.SetLastWriteTimeUtc(Path.Combine(Folder, file), DateTime.UtcNow.AddSeconds(5));
        Assert.True(Units.RemoveUnfinished());
    }

    [Fact]
    public void A_library_without_a_hash_goes_with_its_unit()
    {
        Write("deps/libone.so", "half");
        Write("deps/libtwo.so", "half");
        Write($".fingerprint/one-{Hash}/lib-one", "");
        Assert.False(Units.RemoveUnfinished());
        Assert.False(Exists("deps/libone.so"));
        Assert.False(Exists("deps/libtwo.so"));
    }

    [Fact]
    public void Build_scripts_run_again_where_one_has_put_something_beside_the_programs()
    {
        Write($"build/two-{Other}/out/made.rs");
        Finish($"two-{Other}", "run-build-script-build-script-build");
        Finish($"one-{Hash}", "lib-one");
        Units.MarkSide();
        Assert.False(Units.RemoveUnfinished());
        Assert.False(Exists($"build/two-{Other}"));
        Assert.False(Units.Has("two", Other));
        Assert.True(Units.Has("one", Hash));
        Finish($"two-{Other}", "run-build-script-build-script-build");
        Assert.False(Units.RemoveUnfinished());
        Assert.True(Units.Has("two", Other));
    }

    [Fact]
    public void What_is_made_of_files_that_nobody_has_checked_goes()
    {
        var outside = Directory.CreateDirectory(Path.Combine(entry, "outside")).FullName;
        Write($"deps/one-{Hash}.d", $"/x/libone.rlib: {outside}/src/lib.rs\n");
        Finish($"one-{Hash}", "lib-one");
        File.WriteAllText(Path.Combine(outside, ".cargo-checksum.json"), "{}");
        Units.RemoveOutside("/home/me/sources");
        Assert.True(Units.Has("one", Hash));
        File.Delete(Path.Combine(outside, ".cargo-checksum.json"));
        Units.RemoveOutside("/home/me/sources");
        Assert.False(Units.Has("one", Hash));
    }

    [Fact]
    public void What_a_finished_build_has_not_used_goes()
    {
        Finish($"one-{Hash}", "lib-one");
        CargoUnits.RemoveOthers(entry, []);
        CargoUnits.RemoveOthers(entry, ["key"]);
        Assert.True(Units.Has("one", Hash));
        CargoUnits.RemoveOthers(entry, ["other"]);
        Assert.Empty(CargoUnits.In(entry));
    }

    [Fact]
    public void What_is_made_of_the_users_own_files_goes_when_they_are_others()
    {
        Write($"deps/libone-{Hash}.rlib");
        Write($"deps/one-{Hash}.d", $"/x/libone-{Hash}.rlib: src/lib.rs src/more.rs\n");
        Write($"build/one-{Other}/out/made.rs");
        Write("deps/libfar-1111111111111111.rlib");
        Write("deps/far-1111111111111111.d", "/x/libfar.rlib: /home/me/.cargo/registry/far/src/lib.rs\n");
        Write("deps/libnear-2222222222222222.rlib");
        Write("deps/near-2222222222222222.d", "/x/libnear.rlib: /home/me/sources/near/src/lib.rs\n");
        Finish($"one-{Hash}", "lib-one");
        Finish($"one-{Other}", "run-build-script-build-script-build");
        Finish("far-1111111111111111", "lib-far");
        Finish("near-2222222222222222", "lib-near");
        Units.RemoveLocal("/home/me/sources");
        Assert.False(Exists($"deps/libone-{Hash}.rlib"));
        Assert.False(Exists($"build/one-{Other}"));
        Assert.False(Exists("deps/libnear-2222222222222222.rlib"));
        Assert.True(Exists("deps/libfar-1111111111111111.rlib"));
        Assert.True(Units.Has("far", null));
    }

    [Theory]
    [InlineData("libserde-ece15f80cce0d0d5.rlib", Hash)]
    [InlineData("app-ece15f80cce0d0d5", Hash)]
    [InlineData("app-ece15f80cce0d0d5.app.1a2b.rcgu.o", Hash)]
    [InlineData("app", null)]
    [InlineData("app-release", null)]
    [InlineData("libserde-ece15f80cce0d0dX.rlib", null)]
    public void A_hash_is_found_in_a_name(string name, string? hash) => Assert.Equal(hash, CargoUnits.HashIn(name));

    private void Finish(string unit, string name)
    {
        Write($".fingerprint/{unit}/invoked.timestamp");
        Write($".fingerprint/{unit}/dep-{name}");
        Write($".fingerprint/{unit}/{name}.json", "{}");
        Write($".fingerprint/{unit}/{name}", "0123456789abcdef");
        File.SetLastWriteTimeUtc(Path.Combine(Folder, ".fingerprint", unit, name), DateTime.UtcNow.AddSeconds(1));
    }

    private void Write(string name, string text = "whole")
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private bool Exists(string name) => Path.Exists(Path.Combine(Folder, name));
}
