using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Pkgbuild.Tests;

public sealed class DownloadTests : IDisposable
{
    private static readonly byte[] Body = Workshop.Bytes(300_000);

    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

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
        workshop.WithDownload(server.Address + "data.bin", Body);

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
        workshop.WithDownload(server.Address + "data.bin", Body);

        await workshop.BuildAsync();

        Assert.Equal([null, "bytes=100000-", "bytes=200000-"], ranges);
        Assert.Equal(["data.bin"], workshop.Cached);
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
        workshop.WithDownload(server.Address + "data.bin", Body);
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
        workshop.WithDownload(server.Address + "data.bin", Body);

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
        workshop.WithDownload(server.Address + "data.bin", Body);

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
        workshop.WithDownload(server.Address + "data.bin", Body);

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
        workshop.WithDownload(server.Address + "data.bin", Body);

        var error = await workshop.BuildBadAsync();

        Assert.Equal($"Failure while downloading {server.Address}data.bin: 500 Internal Server Error (4 attempts)", error.Message);
        Assert.Equal(4, server.Requests);
        Assert.Empty(workshop.Cached);
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
        workshop.WithDownload(server.Address + "data.bin", Body);

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
        workshop.WithDownload($"http://127.0.0.1:{port}/data.bin", Body);

        var error = await workshop.BuildBadAsync();

        Assert.StartsWith($"Failure while downloading http://127.0.0.1:{port}/data.bin: Connection refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stalls_is_given_up()
    {
        await using TestServer server = new(_ => Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken));
        workshop.WithDownload(server.Address + "data.bin", Body);

        var error = await workshop.BuildBadAsync(options => options with
        {
            Download = options.Download with { StallTimeout = TimeSpan.FromMilliseconds(100), Attempts = 2 },
        });

        Assert.Equal($"Failure while downloading {server.Address}data.bin: no data for 0.1 s (2 attempts)", error.Message);
    }
}
