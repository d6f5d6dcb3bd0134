using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Pkgbuild.Tests;

/// <summary>An HTTP server on the loopback interface that does to each request what a test wants.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly CancellationTokenSource ended = new();
    private readonly TaskCompletionSource firstRequest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<HttpListenerContext, Task> answer;
    private readonly Task loop;
    private int requests;

    public TestServer(Func<HttpListenerContext, Task> answer)
    {
        this.answer = answer;
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }

        listener.Prefixes.Add(Address);
        listener.Start();
        loop = ServeAsync();
    }

    public string Address { get; }

    public int Requests => Volatile.Read(ref requests);

    public Task RequestAsync() => firstRequest.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    /// <summary>Sends a body, or what the request's range asks for of it, and closes the connection after a part of it if that is wanted.</summary>
    public static async Task SendAsync(HttpListenerContext context, byte[] body, string? tag = null, int? cutAfter = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(body);
        var from = 0;
        if (context.Request.Headers["Range"] is { } range && context.Request.Headers["If-Range"] == tag)
        {
            from = int.Parse(range["bytes=".Length..].TrimEnd('-'), null);
            context.Response.StatusCode = 206;
            context.Response.AddHeader("Content-Range", $"bytes {from}-{body.Length - 1}/{body.Length}");
        }

        if (tag is not null)
        {
            context.Response.AddHeader("ETag", tag);
        }

        context.Response.ContentLength64 = body.Length - from;
        var length = Math.Min(body.Length, cutAfter ?? body.Length) - from;
        await context.Response.OutputStream.WriteAsync(body.AsMemory(from, length), TestContext.Current.CancellationToken);
        await context.Response.OutputStream.FlushAsync(TestContext.Current.CancellationToken);
        if (cutAfter is null)
        {
            context.Response.Close();
        }
        else
        {
            context.Response.Abort();
        }
    }

    public static void Refuse(HttpListenerContext context, int status)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.StatusCode = status;
        context.Response.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Close();
        await loop;
        ended.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception error) when (ended.IsCancellationRequested && error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Interlocked.Increment(ref requests);
            firstRequest.TrySetResult();
            _ = AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            await answer(context);
        }
        catch (Exception error) when (error is HttpListenerException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The client has gone, which some tests want of it.
        }
    }
}
