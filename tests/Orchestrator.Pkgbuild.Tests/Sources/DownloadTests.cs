using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Orchestrator.Pkgbuild.Tests;

public sealed class DownloadTests : IDisposable
{
    private static readonly byte[] Body = Workshop.Bytes(300_000);

    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public async Task A_download_is_kept_in_the_cache_for_the_next_build()
    {
        await using TestServer server = new(context => TestServer.SendAsync(context, Body));
        Use(server.Address + "data.bin");

        await workshop.BuildAsync();
        await workshop.BuildAsync(options => options with { Force = true });

        Assert.Equal(1, server.Requests);
        Assert.Contains("  -> Downloading data.bin...", workshop.Lines);
        Assert.Contains("  -> Found data.bin", workshop.Lines);
        Assert.Equal(Body, await File.ReadAllBytesAsync(Path.Combine(workshop.Output, "sample", "data.bin"), TestContext.Current.CancellationToken));
        Assert.Equal(["data.bin"], Cached());
    }

    [Fact]
    public async Task A_redirect_is_followed()
    {
        await using TestServer server = new(context =>
        {
            if (context.Request.Url!.AbsolutePath == "/moved.bin")
            {
                return TestServer.SendAsync(context, Body);
            }

            context.Response.Redirect("/moved.bin");
            context.Response.Close();
            return Task.CompletedTask;
        });
        Use(server.Address + "data.bin");

        await workshop.BuildAsync();

        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task A_download_that_is_cut_is_resumed()
    {
        List<string?> ranges = [];
        await using TestServer server = new(context =>
        {
            ranges.Add(context.Request.Headers["Range"]);
            return TestServer.SendAsync(context, Body, "\"v1\"", ranges.Count < 3 ? 100_000 * ranges.Count : null);
        });
        Use(server.Address + "data.bin");

        await workshop.BuildAsync();

        Assert.Equal([null, "bytes=100000-", "bytes=200000-"], ranges);
        Assert.Equal(["data.bin"], Cached());
    }

    [Fact]
    public async Task A_download_that_was_cancelled_is_resumed_by_the_next_build()
    {
        List<string?> ranges = [];
        await using TestServer server = new(async context =>
        {
            ranges.Add(context.Request.Headers["Range"]);
            if (ranges.Count > 1)
            {
                await TestServer.SendAsync(context, Body, "\"v1\"");
                return;
            }

            context.Response.AddHeader("ETag", "\"v1\"");
            context.Response.ContentLength64 = Body.Length;
            await context.Response.OutputStream.WriteAsync(Body.AsMemory(0, 100_000), TestContext.Current.CancellationToken);
            await context.Response.OutputStream.FlushAsync(TestContext.Current.CancellationToken);
            await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
        });
        Use(server.Address + "data.bin");
        using CancellationTokenSource cancel = new();
        var build = workshop.BuildUntilAsync(
            cancel.Token,
            CancellationToken.None,
            options => options with { Download = options.Download with { ProgressInterval = TimeSpan.FromTicks(1) } });
        await workshop.LineAsync("33 % of 293.0 KiB");

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        workshop.AssertNothingLeft();
        Assert.Equal("==> Build cancelled, killing process group...", workshop.Lines[^2]);
        await workshop.BuildAsync();

        Assert.Equal([null, "bytes=100000-"], ranges);
    }

    [Fact]
    public async Task A_file_that_has_changed_meanwhile_is_downloaded_from_its_beginning()
    {
        var old = Workshop.Bytes(300_001);
        var requests = 0;
        await using TestServer server = new(context => ++requests == 1
            ? TestServer.SendAsync(context, old, "\"old\"", 100_000)
            : TestServer.SendAsync(context, Body, "\"new\""));
        Use(server.Address + "data.bin");

        await workshop.BuildAsync();

        Assert.Equal(2, requests);
    }

    [Fact]
    public async Task A_resumed_file_that_is_wrong_is_downloaded_once_more_from_its_beginning()
    {
        var requests = 0;
        await using TestServer server = new(context => ++requests == 1
            ? TestServer.SendAsync(context, new byte[Body.Length], "\"same\"", 100_000)
            : TestServer.SendAsync(context, Body, "\"same\""));
        Use(server.Address + "data.bin");

        await workshop.BuildAsync();

        Assert.Equal(3, requests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_server_in_trouble_is_asked_again(int status)
    {
        var requests = 0;
        await using TestServer server = new(context =>
        {
            if (++requests > 2)
            {
                return TestServer.SendAsync(context, Body);
            }

            TestServer.Refuse(context, status);
            return Task.CompletedTask;
        });
        Use(server.Address + "data.bin");

        await workshop.BuildAsync();

        Assert.Equal(3, requests);
        Assert.Contains(workshop.Lines, line => line.StartsWith($"==> WARNING: {server.Address}data.bin: {status} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_stays_in_trouble_is_one_clear_error()
    {
        await using TestServer server = new(context =>
        {
            TestServer.Refuse(context, 500);
            return Task.CompletedTask;
        });
        Use(server.Address + "data.bin");

        var error = await workshop.BuildBadAsync();

        Assert.Equal($"Failure while downloading {server.Address}data.bin: 500 Internal Server Error (4 attempts)", error.Message);
        Assert.Equal(4, server.Requests);
        Assert.Empty(Cached());
    }

    [Theory]
    [InlineData(404, "404 Not Found")]
    [InlineData(403, "403 Forbidden")]
    public async Task A_file_that_is_not_there_is_one_clear_error_and_is_not_asked_for_again(int status, string answer)
    {
        await using TestServer server = new(context =>
        {
            TestServer.Refuse(context, status);
            return Task.CompletedTask;
        });
        Use(server.Address + "data.bin");

        var error = await workshop.BuildBadAsync();

        Assert.Equal(MakepkgExitCode.Failure, error.ExitCode);
        Assert.Equal($"Failure while downloading {server.Address}data.bin: {answer}", error.Message);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_one_clear_error()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        Use($"http://127.0.0.1:{port}/data.bin");

        var error = await workshop.BuildBadAsync();

        Assert.StartsWith($"Failure while downloading http://127.0.0.1:{port}/data.bin: Connection refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stalls_is_given_up()
    {
        await using TestServer server = new(_ => Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken));
        Use(server.Address + "data.bin");

        var error = await workshop.BuildBadAsync(options => options with
        {
            Download = options.Download with { StallTimeout = TimeSpan.FromMilliseconds(100), Attempts = 2 },
        });

        Assert.Equal($"Failure while downloading {server.Address}data.bin: no data for 0.1 s (2 attempts)", error.Message);
    }

    [Fact]
    public async Task A_wrong_sum_is_one_clear_error_and_the_file_is_not_kept_as_good()
    {
        await using TestServer server = new(context => TestServer.SendAsync(context, "evil"u8.ToArray()));
        Use(server.Address + "data.bin");

        var error = await workshop.BuildBadAsync();

        Assert.Equal((MakepkgExitCode.Failure, 6), (error.ExitCode, error.Line));
        Assert.StartsWith("data.bin did not pass the validity check: sha256sums: expected ", error.Message, StringComparison.Ordinal);
        Assert.Empty(Cached());
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_damaged_file_in_the_cache_is_downloaded_again()
    {
        await using TestServer server = new(context => TestServer.SendAsync(context, Body));
        Use(server.Address + "data.bin");
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
        Use(server.Address + "1/data.bin");
        Write(other, server.Address + "2/data.bin", Sum(Workshop.Bytes(10)));

        await Task.WhenAll(workshop.BuildAsync(), other.BuildAsync(options => options with { SourceCache = workshop.Cache }));

        Assert.Equal(["data.bin", "data.bin"], Cached());
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
        Use(server.Address + "data.bin");
        Write(other, server.Address + "data.bin", Sum(Body));
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
        Use(server.Address + "data.bin");
        Write(other, server.Address + "data.bin", Sum(Body));
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
        Use("https://192.0.2.1/data.bin");

        await workshop.BuildAsync();

        Assert.Contains("  -> Found data.bin", workshop.Lines);
    }

    [Fact]
    public async Task A_full_disk_is_one_clear_error_and_gives_its_space_back()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can mount a small file system");
        await using TestServer server = new(context => TestServer.SendAsync(context, Workshop.Bytes(4_000_000)));
        Use(server.Address + "data.bin");
        Directory.CreateDirectory(workshop.Cache);
        await Workshop.RunAsync(workshop.Root, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", workshop.Cache);
        try
        {
            var error = await workshop.BuildBadAsync();

            Assert.Equal(MakepkgExitCode.Failure, error.ExitCode);
            Assert.StartsWith($"Cannot write {workshop.Cache}", error.Message, StringComparison.Ordinal);
            Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
            Assert.Empty(Cached());
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
        Use("https://192.0.2.1/data.bin");

        var error = await workshop.BuildBadAsync();

        Assert.Equal(MakepkgExitCode.NoPermission, error.ExitCode);
        Assert.StartsWith($"The source cache {workshop.Cache} cannot be used: ", error.Message, StringComparison.Ordinal);
    }

    private static string Sum(byte[] body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private static void Write(Workshop workshop, string url, string sum) => workshop.Pkgbuild(
        Workshop.Head + $"source=('{url}')\nsha256sums=({sum})\npackage() {{ cp data.bin \"$pkgdir\"; }}\n");

    private void Use(string url) => Write(workshop, url, Sum(Body));

    private List<string> Cached() => [.. Directory.GetFiles(Path.Combine(workshop.Cache), "*", SearchOption.AllDirectories)
        .Select(file => Path.GetFileName(file))
        .Where(name => !name.EndsWith(".lock", StringComparison.Ordinal))];
}
