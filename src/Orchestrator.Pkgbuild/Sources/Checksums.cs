using System.Buffers;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;

namespace Orchestrator.Pkgbuild;

/// <summary>Computes any number of kinds of sum in one pass over the data.</summary>
public sealed class Checksums : IDisposable
{
    private const int BufferSize = 256 * 1024;

    private readonly List<(ChecksumKind Kind, IRunningSum Sum)> sums;

    /// <summary>Begins sums of the given kinds.</summary>
    public Checksums(params IEnumerable<ChecksumKind> kinds) => sums = [.. kinds.Distinct().Select(kind => (kind, Begin(kind)))];

    /// <summary>All kinds, in makepkg's order.</summary>
    public static IReadOnlyList<ChecksumKind> AllKinds { get; } = Enum.GetValues<ChecksumKind>();

    /// <summary>The name that makepkg has for a kind: <c>sha256</c>, <c>b2</c>.</summary>
    public static string NameOf(ChecksumKind kind) => kind switch
    {
        ChecksumKind.Ck => "ck",
        ChecksumKind.Md5 => "md5",
        ChecksumKind.Sha1 => "sha1",
        ChecksumKind.Sha224 => "sha224",
        ChecksumKind.Sha256 => "sha256",
        ChecksumKind.Sha384 => "sha384",
        ChecksumKind.Sha512 => "sha512",
        ChecksumKind.Blake2b => "b2",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The array of a PKGBUILD that holds sums of a kind: <c>sha256sums</c>.</summary>
    public static string ArrayOf(ChecksumKind kind) => NameOf(kind) + "sums";

    /// <summary>Computes sums of a file.</summary>
    /// <returns>Each kind's sum as makepkg writes it: lower-case hexadecimal, decimal for <see cref="ChecksumKind.Ck"/>.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<IReadOnlyDictionary<ChecksumKind, string>> OfFileAsync(
        string path,
        IEnumerable<ChecksumKind> kinds,
        CancellationToken cancellationToken = default)
    {
        using Checksums sums = new(kinds);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.SequentialScan);
            for (long offset = 0; ;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = await RandomAccess.ReadAsync(file, buffer, offset, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return sums.Finish();
                }

                sums.Append(buffer.AsSpan(0, read));
                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Adds data to every sum.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        foreach (var (_, sum) in sums)
        {
            sum.Append(data);
        }
    }

    /// <summary>The sums of all that was added. Call it once.</summary>
    public IReadOnlyDictionary<ChecksumKind, string> Finish() => sums.ToDictionary(entry => entry.Kind, entry => entry.Sum.Finish());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, sum) in sums)
        {
            sum.Dispose();
        }
    }

    private static IRunningSum Begin(ChecksumKind kind) => kind switch
    {
        ChecksumKind.Ck => new PosixCksum(),
        ChecksumKind.Md5 => new PlatformSum(HashAlgorithmName.MD5),
        ChecksumKind.Sha1 => new PlatformSum(HashAlgorithmName.SHA1),
        ChecksumKind.Sha256 => new PlatformSum(HashAlgorithmName.SHA256),
        ChecksumKind.Sha384 => new PlatformSum(HashAlgorithmName.SHA384),
        ChecksumKind.Sha512 => new PlatformSum(HashAlgorithmName.SHA512),

        // .NET has neither of these.
        ChecksumKind.Sha224 => new BouncyCastleSum(new Sha224Digest()),
        ChecksumKind.Blake2b => new BouncyCastleSum(new Blake2bDigest(512)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private sealed class PlatformSum(HashAlgorithmName name) : IRunningSum
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(name);

        public void Append(ReadOnlySpan<byte> data) => hash.AppendData(data);

        public string Finish() => Convert.ToHexStringLower(hash.GetHashAndReset());

        public void Dispose() => hash.Dispose();
    }

    private sealed class BouncyCastleSum(IDigest digest) : IRunningSum
    {
        public void Append(ReadOnlySpan<byte> data) => digest.BlockUpdate(data);

        public string Finish()
        {
            Span<byte> result = stackalloc byte[digest.GetDigestSize()];
            digest.DoFinal(result);
            return Convert.ToHexStringLower(result);
        }

        public void Dispose()
        {
        }
    }
}
