using System.Globalization;
using System.Security;

namespace Orchestrator.Matrix.Runners;

/// <summary>MSBuild's own Exec task, in a project beside the script.</summary>
internal sealed class MSBuildRunner() : Runner("MSBuild `Exec`")
{
    internal override bool HasTimeout => true;

    internal override IEnumerable<string> CommandLine(string file, TimeSpan? timeout)
    {
        var limit = timeout is { } value ? string.Create(CultureInfo.InvariantCulture, $" Timeout=\"{value.TotalMilliseconds:0}\"") : "";
        var project = file + ".proj";
        File.WriteAllText(project, $"<Project>\n  <Target Name=\"Build\">\n    <Exec Command=\"{SecurityElement.Escape($"bash \"{file}\"")}\" StandardOutputImportance=\"high\"{limit} />\n  </Target>\n</Project>\n");
        return ["dotnet", "msbuild", project, "-nologo", "-verbosity:minimal", "-nodeReuse:false"];
    }
}
