using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>One build with a task for each mistake that a project can make.</summary>
public sealed class BadInputBuild(PackedPackage package) : IAsyncLifetime
{
    private readonly TestDirectory directory = new();
    private LoggedBuild build = null!;

    /// <summary>The attributes of the task, and the code of the error, by what is wrong.</summary>
    public static IReadOnlyDictionary<string, (string Code, string Attributes)> Cases { get; } = All().ToDictionary(one => one.Name, one => (one.Code, one.Attributes));

    public LoggedTask this[string name] => build[name];

    public async ValueTask InitializeAsync()
    {
        directory.Write("full/file", "not ours");
        directory.Write("a file", "");
        var attributes = Cases.ToDictionary(one => one.Key, one => one.Value.Attributes);
        attributes["standard input"] = "Command=\"cat; echo read\"";
        attributes["100 MB"] = "Command=\"head -c 100000000 /dev/zero | tr '\\0' x | fold -w 100000\"";
        build = await LoggedBuild.RunAsync(package, directory, "ExecInProcessGroup", attributes, ["ExitCode"]);
    }

    /// <summary>Whether what was in the folder that is not ours is still there.</summary>
    public bool HasForeignFile => File.Exists(directory.Combine("full/file"));

    public ValueTask DisposeAsync()
    {
        build.Dispose();
        directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private static IEnumerable<(string Name, string Code, string Attributes)> All()
    {
        yield return ("no Command", "ORC0001", "");
        yield return ("an empty Command", "ORC0001", "Command=\"\"");
        yield return ("a Command of spaces", "ORC0001", "Command=\"  &#10; \"");
        yield return Bad("a negative Timeout", "ORC0002", "Timeout='-5'");
        yield return Bad("a Timeout that is no number", "MSB4030", "Timeout='soon'"); // MSBuild's own, as with Exec
        yield return Bad("a Timeout beyond all numbers", "MSB4030", "Timeout='99999999999'");
        yield return Bad("a negative GracePeriod", "ORC0003", "GracePeriod='-1'");
        yield return Bad("a GracePeriod that is no number", "ORC0003", "GracePeriod='1 s'");
        yield return Bad("a GracePeriod beyond all numbers", "ORC0003", "GracePeriod='99999999999'");
        yield return Bad("an unknown Containment", "ORC0004", "Containment='jail'");
        yield return Bad("a number as Containment", "ORC0004", "Containment='1'");
        yield return Bad("an unknown CancelSignal", "ORC0005", "CancelSignal='NOPE'");
        yield return Bad("signal 0", "ORC0005", "CancelSignal='0'");
        yield return Bad("an unknown Leftovers", "ORC0006", "Leftovers='maybe'");
        yield return Bad("two Leftovers", "ORC0006", "Leftovers='kill;keep'");
        yield return Bad("an unknown RemoveWorkDirectory", "ORC0007", "WorkDirectory='w' RemoveWorkDirectory='sometimes'");
        yield return Bad("RemoveWorkDirectory alone", "ORC0007", "RemoveWorkDirectory='always'");
        yield return Bad("negative Retries", "ORC0008", "Retries='-1' RetryExitCodes='1'");
        yield return Bad("Retries without exit codes", "ORC0008", "Retries='1'");
        yield return Bad("Retries after success", "ORC0008", "Retries='1' RetryExitCodes='0'");
        yield return Bad("a RetryExitCodes that is no number", "ORC0008", "Retries='1' RetryExitCodes='1;x'");
        yield return Bad("a RetryExitCodes that is no exit code", "ORC0008", "Retries='1' RetryExitCodes='256'");
        yield return Bad("a CustomErrorRegularExpression that is none", "ORC0009", "CustomErrorRegularExpression='('");
        yield return Bad("a CustomWarningRegularExpression that is none", "ORC0009", "CustomWarningRegularExpression='[a'");
        yield return Bad("a tool that is missing", "ORC0010", "ToolExe='no-such-shell'");
        yield return Bad("more environment than a program can be given", "ORC0010", $"EnvironmentVariables='A={new string('x', 200_000)}'");
        yield return Bad("a WorkDirectory with other people's files", "ORC0018", "WorkDirectory='full'");
        yield return Bad("a WorkDirectory that is a file", "ORC0018", "WorkDirectory='a file'");
        yield return Bad("a WorkDirectory that cannot be made", "ORC0018", "WorkDirectory='/proc/no/such'");
        yield return Bad("the root as WorkDirectory", "ORC0018", "WorkDirectory='/'");
        yield return Bad("an unknown StandardOutputImportance", "ORC0019", "StandardOutputImportance='loud'");
        yield return Bad("an unknown StandardErrorImportance", "ORC0019", "StandardErrorImportance='loud'");
        foreach (var level in Levels.Followers.Append("group").Where(level => Levels.Problem(level) is not null))
        {
            yield return Bad($"a level that cannot be had: {level}", "ORC0004", $"Containment='{level}'");
        }
    }

    private static (string Name, string Code, string Attributes) Bad(string name, string code, string attributes) =>
        (name, code, $"Command='touch ran' {attributes}");
}
