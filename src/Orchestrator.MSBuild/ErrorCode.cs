using Orchestrator.Processes;

namespace Orchestrator.MSBuild;

/// <summary>The codes of our errors; docs/errors.md has cause and cure of each.</summary>
internal static class ErrorCode
{
    internal const string MissingCommand = "ORC0001";
    internal const string Timeout = "ORC0002";
    internal const string GracePeriod = "ORC0003";
    internal const string Containment = "ORC0004";
    internal const string CancelSignal = "ORC0005";
    internal const string Leftovers = "ORC0006";
    internal const string RemoveWorkDirectory = "ORC0007";
    internal const string Retries = "ORC0008";
    internal const string RegularExpression = "ORC0009";
    internal const string SupervisorFailed = "ORC0010";
    internal const string Cancelled = "ORC0011";
    internal const string TimedOut = "ORC0012";
    internal const string LeftBehind = "ORC0013";
    internal const string Survived = "ORC0014";
    internal const string Pkgbuild = "ORC0015";
    internal const string PackageFailed = "ORC0016";
    internal const string EnvironmentVariables = "ORC0017";
    internal const string WorkDirectory = "ORC0018";
    internal const string Importance = "ORC0019";
    internal const string CleanFailed = "ORC0020";

    /// <summary>The code of what the supervisor could not do. It tells in words alone, and these two are for the project to cure.</summary>
    internal static string Of(SupervisorException error) => error switch
    {
        _ when error.Message.StartsWith("work directory '", StringComparison.Ordinal) => WorkDirectory,
        _ when error.Message.StartsWith("containment '", StringComparison.Ordinal) => Containment,
        _ => SupervisorFailed,
    };
}
