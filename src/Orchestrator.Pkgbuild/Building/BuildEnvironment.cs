using System.Globalization;
using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>What the functions of a PKGBUILD find in their environment, beside the caller's own.</summary>
internal static class BuildEnvironment
{
    /// <summary>umask of everything that a build runs.</summary>
    internal const UnixFileMode Umask = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Mode of a file that a build makes itself.</summary>
    internal const UnixFileMode FileMode = (UnixFileMode)0b110_100_100;

    /// <summary>Mode of a folder that a build makes itself.</summary>
    internal const UnixFileMode DirectoryMode = (UnixFileMode)0b111_101_101;

    /// <summary>Variables that compilers, and what starts them, read.</summary>
    internal static IReadOnlyList<string> CompilerFlags { get; } = ["CPPFLAGS", "CFLAGS", "CXXFLAGS", "LDFLAGS", "LTOFLAGS", "RUSTFLAGS"];

    /// <summary>Changes to the caller's environment; a null value removes a variable.</summary>
    internal static Dictionary<string, string?> Create(
        Pkgbuild pkgbuild, BuildOptions options, WorkLayout layout, DateTimeOffset sourceDate)
    {
        Dictionary<string, string?> environment = new(StringComparer.Ordinal);
        foreach (var (name, value) in BashEnvironment.Removals())
        {
            environment[name] = value;
        }

        environment["CARCH"] = options.Architecture;
        environment["TMPDIR"] = layout.Temporary;
        if (OperatingSystem.IsWindows())
        {
            // What its programs look at (GetTempPath). All three are as Windows has them: MSYS2 makes its own paths of them.
            environment["TMP"] = environment["TEMP"] = layout.Temporary;
        }

        Default("CHOST", MachineArchitecture.HostOf(options.Architecture));
        Default("MAKEFLAGS", string.Create(CultureInfo.InvariantCulture, $"-j{Environment.ProcessorCount}"));
        Default("CFLAGS", "-O2 -pipe");
        Default("CXXFLAGS", "-O2 -pipe");
        foreach (var (name, value) in options.Environment)
        {
            environment[name] = value;
        }

        ApplyOptions(pkgbuild.Fields.Array("options"), environment);
        environment["SOURCE_DATE_EPOCH"] = sourceDate.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        environment["startdir"] = BashPath.Of(pkgbuild.StartDirectory);
        environment["srcdir"] = BashPath.Of(layout.SourceDirectory);
        environment["pkgdirbase"] = BashPath.Of(layout.PackageBase);
        return environment;

        void Default(string name, string value)
        {
            if (Environment.GetEnvironmentVariable(name) is null)
            {
                environment[name] = value;
            }
        }
    }

    /// <summary>When the sources were last changed, for archives that are the same each time.</summary>
    /// <exception cref="PkgbuildException"><see cref="MakepkgExitCode.ConfigurationError"/>: <c>SOURCE_DATE_EPOCH</c> is not a number.</exception>
    internal static DateTimeOffset SourceDate(Pkgbuild pkgbuild, BuildOptions options, IEnumerable<FetchedSource> sources)
    {
        if (options.SourceDate is { } given)
        {
            return given;
        }

        var variable = options.Environment.GetValueOrDefault("SOURCE_DATE_EPOCH") ?? Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH");
        if (string.IsNullOrEmpty(variable))
        {
            return sources.Where(source => source.Source.Protocol == SourceProtocol.Local)
                .Select(source => source.Path)
                .Append(pkgbuild.Path)
                .Max(path => DateTimeOffset.FromUnixTimeSeconds(new DateTimeOffset(File.GetLastWriteTimeUtc(path)).ToUnixTimeSeconds()));
        }

        return long.TryParse(variable, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new PkgbuildException(
                MakepkgExitCode.ConfigurationError, $"SOURCE_DATE_EPOCH must be a number of seconds since 1970, not '{variable}'");
    }

    // options=(!buildflags !makeflags): what upstream does not build with.
    private static void ApplyOptions(IReadOnlyList<string> packageOptions, Dictionary<string, string?> environment)
    {
        if (packageOptions.Contains("!buildflags", StringComparer.Ordinal))
        {
            foreach (var name in CompilerFlags)
            {
                environment[name] = null;
            }
        }

        if (packageOptions.Contains("!makeflags", StringComparer.Ordinal))
        {
            environment["MAKEFLAGS"] = null;
        }
    }
}
