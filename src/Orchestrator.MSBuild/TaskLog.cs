using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Orchestrator.MSBuild;

/// <summary>How our errors are logged.</summary>
internal static class TaskLog
{
    /// <summary>An error with our code, at the task in the project.</summary>
    internal static void LogProjectError(this TaskLoggingHelper log, IBuildEngine engine, string code, string message) =>
        log.LogError(null, code, null, engine.ProjectFileOfTaskNode, engine.LineNumberOfTaskNode, engine.ColumnNumberOfTaskNode, 0, 0, "{0}", message);
}
