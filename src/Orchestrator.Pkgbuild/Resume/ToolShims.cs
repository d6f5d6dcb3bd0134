using System.Reflection;

namespace Orchestrator.Pkgbuild;

/// <summary>Scripts that stand before tools in <c>PATH</c> while a package is built, in a folder of its work directory.</summary>
internal static class ToolShims
{
    /// <summary>The file by which a folder is known as one of these, so that a script of one build does not take another's for the tool.</summary>
    internal const string Mark = ".orchestrator-shims";

    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101;

    /// <summary>Makes the folder.</summary>
    internal static void Begin(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Mark), "");
    }

    /// <summary>Puts a script before a tool, if there is the tool.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="tool">The tool; the script is the resource <c>TOOL.bash</c>.</param>
    /// <param name="tools">Finds the tool, and the bash that runs the script.</param>
    internal static void Add(string folder, string tool, ToolPath tools)
    {
        if (tools.Find(tool) is null || tools.Find("bash") is not { } bash)
        {
            return;
        }

        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(tool + ".bash")!;
        using StreamReader reader = new(resource);
        var path = Path.Combine(folder, tool);
        File.WriteAllText(path, $"#!{bash}\n{reader.ReadToEnd()}");
        LinuxFile.SetMode(path, Executable);
    }
}
