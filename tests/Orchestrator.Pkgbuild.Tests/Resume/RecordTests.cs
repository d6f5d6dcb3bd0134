namespace Orchestrator.Pkgbuild.Tests;

/// <summary>The files of a cache entry, and what becomes of those that are torn.</summary>
public sealed class RecordTests : IDisposable
{
    private readonly string entry = Directory.CreateTempSubdirectory("orchestrator-entry-").FullName;

    public void Dispose() => Directory.Delete(entry, recursive: true);

    [Fact]
    public void A_torn_last_line_is_passed_over()
    {
        ProgressRecord record = new(entry);
        record.Begin(new(1, "start", 0, 58, 0));
        record.Append(new(2, "build", 31, 58, 0, "serde 1.0.152"));
        var path = Path.Combine(entry, "progress.jsonl");
        var whole = File.ReadAllBytes(path);
        for (var length = whole.Length; length > 0; length--)
        {
            File.WriteAllBytes(path, whole[..length]);
            var lines = record.Read();
            Assert.Equal(whole.AsSpan(0, length).Count((byte)'}'), lines.Count);
            Assert.All(lines, line => Assert.Equal(58, line.AllCrates));
        }

        record.Begin(new(3, "start", 0, 0, 0));
        Assert.Equal([new(3, "start", 0, 0, 0)], record.Read());
    }

    [Theory]
    [InlineData("registry+https://github.com/rust-lang/crates.io-index#serde@1.0.152", "serde 1.0.152")]
    [InlineData("path+file:///home/me/app#0.1.0", "app 0.1.0")]
    [InlineData("path+file:///home/me/folder#app@0.1.0", "app 0.1.0")]
    [InlineData("git+https://example.org/thing.git?rev=abc#thing@0.2.0", "thing 0.2.0")]
    [InlineData("serde 1.0.152 (registry+https://github.com/rust-lang/crates.io-index)", "serde 1.0.152")]
    public void A_package_is_named_in_every_form_that_cargo_has(string id, string package)
    {
        var line = $$$"""{"reason":"compiler-artifact","package_id":"{{{id}}}","target":{"kind":["lib"]},"filenames":["/x/target/release/deps/libserde-ece15f80cce0d0d5.rlib"],"fresh":false}""";
        Assert.Equal(new(package, "ece15f80cce0d0d5", false, false), CargoArtifact.Parse(line));
        Assert.All(Enumerable.Range(0, line.Length), length => Assert.Null(CargoArtifact.Parse(line[..length])));
    }

    [Fact]
    public void Only_whole_lines_of_a_growing_file_are_read()
    {
        var path = Path.Combine(entry, "steps");
        GrowingFile file = new(path);
        Assert.Empty(file.ReadNew());
        File.AppendAllText(path, "one\ntw");
        Assert.Equal(["one"], file.ReadNew());
        Assert.Empty(file.ReadNew());
        File.AppendAllText(path, "o\nthree\n");
        Assert.Equal(["two", "three"], file.ReadNew());
    }

    [Fact]
    public async Task Sources_that_are_the_same_have_the_times_that_they_had()
    {
        var source = Directory.CreateDirectory(Path.Combine(entry, "src")).FullName;
        var (one, two) = (Path.Combine(source, "one.rs"), Path.Combine(source, "two.rs"));
        Write("1", "2");
        Assert.False(await ApplyAsync());
        var before = (File.GetLastWriteTimeUtc(one), File.GetLastWriteTimeUtc(two));

        // Copied anew, and from an archive, with a time of long ago.
        Write("1", "2");
        File.SetLastWriteTimeUtc(two, new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.True(await ApplyAsync());
        Assert.Equal(before, (File.GetLastWriteTimeUtc(one), File.GetLastWriteTimeUtc(two)));

        // Others are left as they are: make goes by which of two files is the newer one.
        Write("1", "3");
        File.SetLastWriteTimeUtc(two, new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.False(await ApplyAsync());
        Assert.Equal(2001, File.GetLastWriteTimeUtc(two).Year);

        // A link is what it leads to.
        File.CreateSymbolicLink(Path.Combine(source, "link.rs"), Path.Combine(entry, "target.rs"));
        File.WriteAllText(Path.Combine(entry, "target.rs"), "a");
        Assert.False(await ApplyAsync());
        Assert.True(await ApplyAsync());
        File.WriteAllText(Path.Combine(entry, "target.rs"), "b");
        Assert.False(await ApplyAsync());

        // A file with another name may be the user's own.
        NativeFile.Link(one, Path.Combine(entry, "own.rs"));
        var own = DateTime.UtcNow.AddHours(-1);
        File.SetLastWriteTimeUtc(one, own);
        Assert.True(await ApplyAsync());
        Assert.Equal(own, File.GetLastWriteTimeUtc(one));

        // What is in a folder somewhere else may be anything.
        Directory.CreateSymbolicLink(Path.Combine(source, "folder"), Directory.CreateDirectory(Path.Combine(entry, "folder")).FullName);
        Assert.False(await ApplyAsync());
        Assert.False(await ApplyAsync());

        // A record that is torn is none.
        var record = Path.Combine(entry, "sources");
        File.WriteAllText(record, File.ReadAllText(record)[..90]);
        Assert.True(File.GetLastWriteTimeUtc(two) <= DateTime.UtcNow);
        await ApplyAsync();

        Task<bool> ApplyAsync() => new SourceTimes(entry).ApplyAsync(source, TestContext.Current.CancellationToken);

        void Write(string first, string second)
        {
            File.Delete(one);
            File.Delete(two);
            File.WriteAllText(one, first);
            File.WriteAllText(two, second);
        }
    }
}
