using System.Reflection;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Scripts that stand before tools in <c>PATH</c> while a package is built, in a folder of its work directory: one for cargo,
/// one for npm, and one for all compilers of C and C++.
/// </summary>
internal static class ToolShims
{
    /// <summary>The file by which a folder is known as one of these, so that a script of one build does not take another's for the tool.</summary>
    private const string Mark = ".orchestrator-shims";

    private const string Compiler = "compiler";
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101;
    private static readonly string[] Compilers = ["cc", "gcc", "c++", "g++", "clang", "clang++"];

    /// <summary>The folders that cargo compiles to, and where in the folder <c>cargo</c> of the entry what is made there is kept.</summary>
    internal static IReadOnlyList<(string Work, string Kept)> Restored(string folder) =>
        [.. Lines(folder, ".restored").Select(line => line.Split('\t', 2)).Where(parts => parts.Length == 2).Select(parts => (parts[1], parts[0]))]; // on a full disk a line may be torn

    /// <summary>Says that the times of sources are what they should be. A source that is written later may be any.</summary>
    internal static void MarkSources(string folder) => File.WriteAllText(Path.Combine(folder, ".sources"), "");

    /// <summary>Makes the folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="entry">The cache entry.</param>
    /// <param name="tools">Finds the tools, and the bash that runs the scripts.</param>
    /// <param name="pkgbuild">The PKGBUILD: its option <c>!ccache</c> leaves compilers alone.</param>
    /// <param name="options">Changes to the environment.</param>
    /// <returns>What commands need in their environment.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal static Dictionary<string, string?> Install(string folder, string entry, ToolPath tools, Pkgbuild pkgbuild, BuildOptions options)
    {
        Dictionary<string, string?> variables = new(StringComparer.Ordinal);
        if (tools.Find("bash") is not { } bash)
        {
            return variables;
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Mark), "");
        foreach (var tool in (string[])["cargo", "npm"])
        {
            if (tools.Find(tool) is not null)
            {
                Write(tool, tool);
            }
        }

        if (!pkgbuild.Fields.Array("options").Contains("!ccache", StringComparer.Ordinal))
        {
            AddCompilers();
        }

        variables["PATH"] = $"{folder}:{Value("PATH")}";
        return variables;

        void AddCompilers()
        {
            var host = Value("CHOST") ?? MachineArchitecture.HostOf(options.Architecture);
            foreach (var name in Compilers.Concat(Compilers.Select(name => $"{host}-{name}")).Where(name => tools.Find(name) is not null))
            {
                // No links: who resolves c++ to cc has another language.
                Write(Compiler, name);
            }

            if (tools.Find("ccache") is { } ccache)
            {
                // Also if it is disabled: then the script has to know what to pass over in PATH.
                variables["ORCHESTRATOR_CCACHE"] = ccache;
                variables["CCACHE_DIR"] = Value("CCACHE_DIR") ?? Path.Combine(entry, "ccache");
                variables["CCACHE_STATSLOG"] = CompileSteps.LogPath(entry);
            }
        }

        string? Value(string variable) => options.Environment.TryGetValue(variable, out var changed) ? changed : Environment.GetEnvironmentVariable(variable);

        void Write(string script, string tool)
        {
            var path = Path.Combine(folder, tool);
            // Privileged mode leaves out BASH_ENV, SHELLOPTS, and functions in the environment that have the names of tools.
            File.WriteAllText(path, $"#!{bash} -p\n{Script(script)}");
            NativeFile.SetMode(path, Executable);
        }
    }

    private static List<string> Lines(string folder, string name) =>
        File.Exists(Path.Combine(folder, name)) ? [.. File.ReadLines(Path.Combine(folder, name)).Distinct(StringComparer.Ordinal)] : [];

    /// <summary>A script of ours.</summary>
    internal static string Script(string name)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name + ".bash")!;
        using StreamReader reader = new(resource);
        return reader.ReadToEnd();
    }
}
