using System.Net;
using System.Net.Http.Headers;
using System.Reflection;

namespace Orchestrator.Pkgbuild;

/// <summary>Downloads one file: goes on where an earlier attempt stopped, and tries again where that may help.</summary>
internal sealed class HttpDownload(DownloadOptions options, TimeProvider time, BuildLog log)
{
    private const int BufferSize = 128 * 1024;

    private static readonly HttpClient Client = CreateClient();

    /// <summary>Downloads a file.</summary>
    /// <returns>Whether the beginning of the file came from an earlier attempt.</returns>
    /// <exception cref="PkgbuildException">It cannot be had, or not be written.</exception>
    internal async Task<bool> RunAsync(PackageSource source, PartialFile part, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(source.Url, UriKind.Absolute, out var url))
        {
            throw new PkgbuildException(MakepkgExitCode.PkgbuildError, $"'{source.Url}' is not a valid URL");
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(url, part, cancellationToken).ConfigureAwait(false);
            }
            catch (DownloadInterruptedException interruption) when (attempt < options.Attempts)
            {
                var wait = options.Backoff * Math.Pow(2, attempt - 1);
                log.Warning($"{url}: {interruption.Message}; trying again in {wait.TotalSeconds:0.#} s");
                // A server that is overloaded sends no event when it is not any more.
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }
            catch (DownloadInterruptedException interruption)
            {
                throw new PkgbuildException(
                    MakepkgExitCode.Failure,
                    $"Failure while downloading {url}: {interruption.Message} ({options.Attempts} attempts)",
                    innerException: interruption);
            }
        }
    }

    private async Task<bool> TryAsync(Uri url, PartialFile part, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        var offset = part.Length;
        if (offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue(offset, null);
            request.Headers.IfRange = part.Validator;
        }

        using CancellationTokenSource stall = new(options.StallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
        using var response = await FromNetworkAsync(
            () => Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token), cancellationToken).ConfigureAwait(false);

        var resume = offset > 0 && response.StatusCode == HttpStatusCode.PartialContent;
        if (!resume)
        {
            RequireWhole(url, response, part);
        }
        else if (response.Content.Headers.ContentRange?.From != offset)
        {
            part.Delete();
            throw new DownloadInterruptedException("the server sent another part than was asked for");
        }

        try
        {
            await ReceiveAsync(response, part, resume, stall, either.Token, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            // What the network did comes as an interruption; this is the disk: full, most often, so give the space back.
            part.Delete();
            throw new PkgbuildException(
                MakepkgExitCode.Failure, $"Cannot write {part.Path}: {error.Message}", innerException: error);
        }

        return resume;
    }

    private async Task ReceiveAsync(
        HttpResponseMessage response,
        PartialFile part,
        bool resume,
        CancellationTokenSource stall,
        CancellationToken either,
        CancellationToken cancellationToken)
    {
        if (!resume)
        {
            part.Begin(response);
        }

        var file = part.Open(resume);
        await using (file.ConfigureAwait(false))
        {
            var content = await FromNetworkAsync(() => response.Content.ReadAsStreamAsync(either), cancellationToken).ConfigureAwait(false);
            DownloadProgress progress = new(file.Length, response.Content.Headers.ContentLength, options.ProgressInterval, time, log);
            var buffer = new byte[BufferSize];
            while (true)
            {
                stall.CancelAfter(options.StallTimeout);
                var read = await FromNetworkAsync(() => content.ReadAsync(buffer, either).AsTask(), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                progress.Add(read);
            }

            // Renaming a file whose content is not on the disk yet could leave an empty one after a power cut.
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }
    }

    private static void RequireWhole(Uri url, HttpResponseMessage response, PartialFile part)
    {
        var answer = $"{(int)response.StatusCode} {response.ReasonPhrase}";
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                return;

            case HttpStatusCode.RequestedRangeNotSatisfiable:
                part.Delete();
                throw new DownloadInterruptedException(answer);

            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                throw new DownloadInterruptedException(answer);

            default:
                throw new PkgbuildException(MakepkgExitCode.Failure, $"Failure while downloading {url}: {answer}");
        }
    }

    private async Task<T> FromNetworkAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DownloadInterruptedException($"no data for {options.StallTimeout.TotalSeconds:0.#} s", error);
        }
        catch (HttpRequestException error) when (error.HttpRequestError is HttpRequestError.SecureConnectionError)
        {
            throw new PkgbuildException(
                MakepkgExitCode.Failure, $"Failure while downloading: {error.InnerException?.Message ?? error.Message}", innerException: error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new DownloadInterruptedException(error.Message, error);
        }
    }

    private static HttpClient CreateClient()
    {
        // Nothing is decompressed on the way: the sums are those of the file as it lies on the server.
        HttpClient client = new(new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        var version = typeof(HttpDownload).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        client.DefaultRequestHeaders.UserAgent.Add(new("orchestrator", version?.Split('+')[0] ?? "0"));
        client.DefaultRequestHeaders.AcceptEncoding.Add(new("identity"));
        return client;
    }
}
