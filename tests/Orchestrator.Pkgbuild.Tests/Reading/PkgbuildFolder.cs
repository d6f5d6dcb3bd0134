using System.Text;

namespace Orchestrator.Pkgbuild.Tests;

/// <summary>A folder with a PKGBUILD, removed with all that is in it.</summary>
public sealed class PkgbuildFolder : IDisposable
{
    public PkgbuildFolder(string text)
        : this(Encoding.UTF8.GetBytes(text))
    {
    }

    public PkgbuildFolder(params byte[] bytes)
    {
        Path = Directory.CreateTempSubdirectory("orchestrator-pkgbuild-").FullName;
        System.IO.File.WriteAllBytes(File, bytes);
    }

    /// <summary>What every PKGBUILD needs.</summary>
    public static string Minimum { get; } =
        """
        pkgname=sample
        pkgver=1.0
        pkgrel=1
        arch=(any)

        """;

    public string Path { get; }

    public string File => System.IO.Path.Combine(Path, "PKGBUILD");

    public Task<Pkgbuild> ReadAsync(PkgbuildReadOptions? options = null) =>
        PkgbuildReader.ReadAsync(Path, options, TestContext.Current.CancellationToken);

    /// <summary>Reads a PKGBUILD that has this text, and nothing beside it.</summary>
    public static async Task<Pkgbuild> ReadAsync(string text, PkgbuildReadOptions? options = null)
    {
        using PkgbuildFolder folder = new(text);
        return await folder.ReadAsync(options);
    }

    /// <summary>The error of reading a PKGBUILD that has this text.</summary>
    public static async Task<PkgbuildException> ReadBadAsync(string text, PkgbuildReadOptions? options = null)
    {
        using PkgbuildFolder folder = new(text);
        var error = await Assert.ThrowsAsync<PkgbuildException>(() => folder.ReadAsync(options));
        Assert.Equal(MakepkgExitCode.PkgbuildError, error.ExitCode);
        Assert.Equal(folder.File, error.File);
        Assert.DoesNotContain('\n', error.CanonicalMessage);
        return error;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
