namespace Orchestrator.Pkgbuild.Tests;

public sealed class SourceCacheTests : IDisposable
{
    private static readonly byte[] Body = Workshop.Bytes(300_000);

    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public async Task A_download_is_kept_in_the_cache_for_the_next_build()
    {
        await using TestServer server = new(context => TestServer.SendAsync(context, Body));
        workshop.WithDownload(server.Address + "data.bin", Body);

        await workshop.BuildAsync();
        await workshop.BuildAsync(options => options with { Force = true });

        Assert.Equal(1, server.Requests);
        Assert.Contains("  -> Downloading data.bin...", workshop.Lines);
        Assert.Contains("  -> Found data.bin", workshop.Lines);
        Assert.Equal(Body, await File.ReadAllBytesAsync(Path.Combine(workshop.Output, "sample", "data.bin"), TestContext.Current.CancellationToken));
        Assert.Equal(["data.bin"], workshop.Cached);
    }

    [Fact]
    public async Task A_wrong_sum_is_one_clear_error_and_the_file_is_not_kept_as_good()
    {
        await using TestServer server = new(context => TestServer.SendAsync(context, "evil"u8.ToArray()));
        workshop.WithDownload(server.Address + "data.bin", Body);

        var error = await workshop.BuildBadAsync();

        Assert.Equal((MakepkgExitCode.Failure, 6), (error.ExitCode, error.Line));
        Assert.StartsWith("data.bin did not pass the validity check: sha256sums: expected ", error.Message, StringComparison.Ordinal);
        Assert.Empty(workshop.Cached);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_damaged_file_in_the_cache_is_downloaded_again()
    {
        await using TestServer server = new(context => TestServer.SendAsync(context, Body));
        workshop.WithDownload(server.Address + "data.bin", Body);
        await workshop.BuildAsync();
        var cached = Directory.GetFiles(workshop.Cache, "data.bin", SearchOption.AllDirectories).Single();
        await File.AppendAllTextAsync(cached, "x", TestContext.Current.CancellationToken);

        await workshop.BuildAsync(options => options with { Force = true });

        Assert.Equal(2, server.Requests);
        Assert.Equal(Body, await File.ReadAllBytesAsync(cached, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Files_of_one_name_and_other_contents_do_not_harm_each_other()
    {
        await using TestServer server = new(context =>
            TestServer.SendAsync(context, context.Request.Url!.AbsolutePath == "/1/data.bin" ? Body : Workshop.Bytes(10)));
        using Workshop other = new();
        workshop.WithDownload(server.Address + "1/data.bin", Body);
        other.WithDownload(server.Address + "2/data.bin", Workshop.Bytes(10));

        await Task.WhenAll(workshop.BuildAsync(), other.BuildAsync(options => options with { SourceCache = workshop.Cache }));

        Assert.Equal(["data.bin", "data.bin"], workshop.Cached);
    }

    [Fact]
    public async Task Builds_at_once_download_a_file_once()
    {
        TaskCompletionSource second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = new(async context =>
        {
            await second.Task;
            await TestServer.SendAsync(context, Body);
        });
        using Workshop other = new();
        workshop.WithDownload(server.Address + "data.bin", Body);
        other.WithDownload(server.Address + "data.bin", Body);
        var builds = new[] { workshop, other }.Select(each => each.BuildAsync(options => options with { SourceCache = workshop.Cache })).ToList();
        await Task.WhenAny(workshop.LineAsync("Waiting for another build that fetches data.bin"), other.LineAsync("Waiting for another build that fetches data.bin"));

        second.SetResult();
        await Task.WhenAll(builds);

        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task Waiting_for_another_build_can_be_cancelled()
    {
        await using TestServer server = new(_ => Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken));
        using Workshop other = new();
        workshop.WithDownload(server.Address + "data.bin", Body);
        other.WithDownload(server.Address + "data.bin", Body);
        using CancellationTokenSource cancel = new();
        var first = workshop.BuildUntilAsync(cancel.Token, CancellationToken.None);
        await server.RequestAsync();

        await other.CancelAtAsync("Waiting for another build", options => options with { SourceCache = workshop.Cache });

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task A_file_beside_the_PKGBUILD_is_not_downloaded()
    {
        workshop.With("data.bin", Body);
        workshop.WithDownload("https://192.0.2.1/data.bin", Body);

        await workshop.BuildAsync();

        Assert.Contains("  -> Found data.bin", workshop.Lines);
    }

    [Fact]
    public async Task A_full_disk_is_one_clear_error_and_gives_its_space_back()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can mount a small file system");
        await using TestServer server = new(context => TestServer.SendAsync(context, Workshop.Bytes(4_000_000)));
        workshop.WithDownload(server.Address + "data.bin", Body);
        Directory.CreateDirectory(workshop.Cache);
        await Workshop.RunAsync(workshop.Root, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", workshop.Cache);
        try
        {
            var error = await workshop.BuildBadAsync();

            Assert.Equal(MakepkgExitCode.Failure, error.ExitCode);
            Assert.StartsWith($"Cannot write {workshop.Cache}", error.Message, StringComparison.Ordinal);
            Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
            Assert.Empty(workshop.Cached);
        }
        finally
        {
            await Workshop.RunAsync(workshop.Root, "umount", workshop.Cache);
        }
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_one_clear_error()
    {
        await File.WriteAllTextAsync(workshop.Cache, "a file", TestContext.Current.CancellationToken);
        workshop.WithDownload("https://192.0.2.1/data.bin", Body);

        var error = await workshop.BuildBadAsync();

        Assert.Equal(MakepkgExitCode.NoPermission, error.ExitCode);
        Assert.StartsWith($"The source cache {workshop.Cache} cannot be used: ", error.Message, StringComparison.Ordinal);
    }
}
