namespace Orchestrator.Pkgbuild.Tests;

public sealed class FileSignatureTests : IDisposable
{
    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Theory]
    [InlineData("data", "data.sig", "--detach-sign")]
    [InlineData("data", "data.sign", "--detach-sign")]
    [InlineData("data", "data.asc", "--detach-sign --armor")]
    public async Task A_good_signature_of_a_key_that_the_PKGBUILD_names_is_accepted_and_another_is_not(string file, string signature, string how)
    {
        await using var keys = await KeyRing.CreateAsync(Path.Combine(workshop.Root, "gpg"));
        workshop.With(file, "content");
        await keys.GpgAsync([.. how.Split(' '), "--output", InStart(signature), InStart(file)]);
        await keys.EndAgentAsync();

        Write($"{file} {signature}", keys.Key);
        await workshop.BuildAsync(keys.Use);
        Assert.Contains("==> Verifying source file signatures with gpg...", workshop.Lines);
        Assert.Contains($"    {file} ... Passed", workshop.Lines);

        Write($"{file} {signature}", new string('A', 40));
        var error = await workshop.BuildBadAsync(keys.Use);
        Assert.Equal((MakepkgExitCode.Failure, 5), (error.ExitCode, error.Line));
        Assert.Equal($"The signature of {file} could not be verified: invalid public key {keys.Key}", error.Message);
    }

    [Theory]
    [InlineData(".gz", "gzip")]
    [InlineData(".xz", "xz")]
    [InlineData(".bz2", "bzip2")]
    [InlineData(".zst", "zstd")]
    public async Task A_signature_may_be_of_what_was_compressed(string extension, string tool)
    {
        Assert.SkipUnless(Workshop.HasCommand(tool), $"{tool} is not installed");
        await using var keys = await KeyRing.CreateAsync(Path.Combine(workshop.Root, "gpg"));
        workshop.With("data", "content");
        await keys.GpgAsync("--detach-sign", "--output", InStart("data.sign"), InStart("data"));
        await keys.EndAgentAsync();
        await Workshop.RunAsync(workshop.StartDirectory, tool, tool == "zstd" ? ["-q", "--rm", "data"] : ["data"]);
        Assert.False(File.Exists(InStart("data")));

        Write($"data{extension} data.sign", keys.Key);
        await workshop.BuildAsync(keys.Use);

        Assert.Contains("    data ... Passed", workshop.Lines);
    }

    [Fact]
    public async Task Every_signature_that_is_not_good_is_named()
    {
        await using var keys = await KeyRing.CreateAsync(Path.Combine(workshop.Root, "gpg"));
        workshop.With("one", "content").With("two", "content").With("other.sig", "no signature at all").With("lone.sig", "of nothing").With("other", "content");
        await keys.GpgAsync("--detach-sign", "--output", InStart("one.sig"), InStart("one"));
        await keys.GpgAsync("--detach-sign", "--output", InStart("two.sig"), InStart("two"));
        await keys.EndAgentAsync();
        workshop.With("one", "changed");

        Write("one one.sig two two.sig other other.sig lone.sig", keys.Key);
        var error = await workshop.BuildBadAsync(keys.Use);

        Assert.Contains($"    one ... FAILED (bad signature from public key {keys.Key[^16..]})", workshop.Lines);
        Assert.Contains("    two ... Passed", workshop.Lines);
        Assert.Contains("    other ... FAILED (SIGNATURE NOT FOUND)", workshop.Lines);
        Assert.Contains("    lone ... FAILED (SOURCE FILE NOT FOUND)", workshop.Lines);
        Assert.Equal(3, error.Message.Split("; ").Length);
        Assert.Empty(Directory.Exists(workshop.Output) ? Directory.GetFiles(workshop.Output) : []);

        await workshop.BuildAsync(options => keys.Use(options) with { SkipPgpCheck = true });
    }

    [Fact]
    public async Task A_key_that_is_not_known_is_named_with_how_to_get_it()
    {
        await using var signer = await KeyRing.CreateAsync(Path.Combine(workshop.Root, "gpg"));
        await using var keys = await KeyRing.CreateAsync(Path.Combine(workshop.Root, "other"));
        workshop.With("data", "content");
        await signer.GpgAsync("--detach-sign", "--output", InStart("data.sig"), InStart("data"));
        await signer.EndAgentAsync();
        await keys.EndAgentAsync();

        Write("data data.sig", signer.Key);
        var error = await workshop.BuildBadAsync(keys.Use);

        var id = signer.Key[^16..];
        Assert.Equal($"The signature of data could not be verified: unknown public key {id} (gpg --recv-keys {id} gets it)", error.Message);
    }

    [Fact]
    public async Task Without_gpg_a_signature_is_not_taken_for_good()
    {
        workshop.With("data", "content").With("data.sig", "signature");
        Write("data data.sig", "");

        var error = await workshop.BuildBadAsync(workshop.Bare);

        Assert.Equal(MakepkgExitCode.MissingTool, error.ExitCode);
        Assert.Contains("gpg is needed to verify data.sig", error.Message, StringComparison.Ordinal);
    }

    private string InStart(string name) => Path.Combine(workshop.StartDirectory, name);

    private void Write(string sources, string key) => workshop.Pkgbuild(
        Workshop.Head + $"source=({sources})\nsha256sums=({string.Join(' ', sources.Split(' ').Select(_ => "SKIP"))})\nvalidpgpkeys=({key})\npackage() {{ :; }}\n");
}
