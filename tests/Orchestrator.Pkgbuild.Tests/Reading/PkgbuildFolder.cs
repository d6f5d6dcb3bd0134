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

    /// <summary>Reads it in bash, and without: both must find the same, or the latter says what it does not know.</summary>
    public async Task<Pkgbuild> ReadAsync(PkgbuildReadOptions? options = null)
    {
        options ??= new();
        var evaluated = await PkgbuildReader.ReadAsync(Path, options with { Evaluation = PkgbuildEvaluation.Always }, TestContext.Current.CancellationToken);
        try
        {
            var read = await PkgbuildReader.ReadAsync(Path, options with { Evaluation = PkgbuildEvaluation.Never }, TestContext.Current.CancellationToken);
            Assert.Equal(Describe(evaluated), Describe(read));
        }
        catch (NeedsEvaluationException exception)
        {
            Assert.All(exception.Fields, field => Assert.InRange(field.Line, 1, System.IO.File.ReadAllLines(File).Length));
        }

        return evaluated;
    }

    /// <summary>All that a reader found, as text.</summary>
    public static string Describe(Pkgbuild pkgbuild)
    {
        return string.Join('\n', Lines().Prepend(pkgbuild.BaseName));

        IEnumerable<string> Lines()
        {
            foreach (var (package, fields) in pkgbuild.Overrides.Select(entry => ($"{entry.Key}: ", entry.Value)).Prepend(("", pkgbuild.Fields)).OrderBy(entry => entry.Item1, StringComparer.Ordinal))
            {
                foreach (var (name, value) in fields.Strings.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    yield return $"{package}{name}='{value}'";
                }

                foreach (var (name, values) in fields.Arrays.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    yield return $"{package}{name}=({string.Join(' ', values.Select(value => $"'{value}'"))})";
                }
            }

            // Those that makepkg calls.
            var functions = pkgbuild.Functions.Where(name => name is "pkgver" or "prepare" or "build" or "check" or "package" || name.StartsWith("package_", StringComparison.Ordinal));
            yield return $"functions {string.Join(' ', functions.Order(StringComparer.Ordinal))}";
            yield return $"sparse {string.Join(' ', pkgbuild.SparseArrays.Order(StringComparer.Ordinal))}";
        }
    }

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
        options ??= new();
        var error = await Assert.ThrowsAsync<PkgbuildException>(
            () => PkgbuildReader.ReadAsync(folder.Path, options, TestContext.Current.CancellationToken));
        if (options.Evaluation != PkgbuildEvaluation.Always)
        {
            await Assert.ThrowsAnyAsync<PkgbuildException>(
                () => PkgbuildReader.ReadAsync(folder.Path, options with { Evaluation = PkgbuildEvaluation.Never }, TestContext.Current.CancellationToken));
        }

        Assert.Equal(MakepkgExitCode.PkgbuildError, error.ExitCode);
        Assert.Equal(folder.File, error.File);
        Assert.DoesNotContain('\n', error.CanonicalMessage);
        return error;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
