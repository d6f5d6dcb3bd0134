using Microsoft.Build.Framework;
using Orchestrator.Pkgbuild;
using Task = Microsoft.Build.Utilities.Task;

namespace Orchestrator.MSBuild;

/// <summary>Removes all packages that <see cref="BuildPkgbuild"/> has put into a folder, and nothing else.</summary>
public sealed class CleanPkgbuild : Task
{
    /// <summary>The folder.</summary>
    [Required]
    public string OutputDirectory { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            foreach (var path in PackageOutput.RemoveAll(OutputDirectory))
            {
                Log.LogMessage(MessageImportance.Normal, "Deleting \"{0}\".", path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.LogProjectError(BuildEngine, ErrorCode.CleanFailed, error.Message);
        }

        return !Log.HasLoggedErrors;
    }
}
