using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// What decides which cache entry a build has. The sources do not: a new version goes on with what the last one compiled.
/// The toolchain, profile and features are not known before something is compiled, and are a part of names within the entry.
/// </summary>
internal static class CacheKey
{
    private const int Length = 32;

    /// <summary>The key, as hexadecimal digits.</summary>
    /// <param name="pkgbuild">The PKGBUILD.</param>
    /// <param name="options">What is built for, and changes to the environment.</param>
    /// <param name="workRoot">Where the work directory is. What is compiled may have its path in it.</param>
    internal static string Of(Pkgbuild pkgbuild, BuildOptions options, string workRoot)
    {
        var script = File.ReadAllText(pkgbuild.Path, Encoding.Latin1);
        string[] parts =
        [
            pkgbuild.BaseName,
            pkgbuild.StartDirectory,
            options.Architecture,
            workRoot,
            .. Fingerprint.Variables(script, options.Environment),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))))[..Length];
    }
}
