using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// What was found in PKGBUILDs, for code scanning: a log of one run in the Static Analysis Results Interchange Format (SARIF),
/// version 2.1.0 of OASIS.
/// </summary>
public sealed record SarifLog
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private const string NeedsEvaluation = "needs-evaluation";
    private const string NotRead = "not-read";

    /// <summary>What was found: the results of the run.</summary>
    public IReadOnlyList<LintFinding> Findings { get; init; } = [];

    /// <summary>What keeps files from being checked without running them: notifications of the run, which counts as unsuccessful then.</summary>
    public IReadOnlyList<UnknownField> UnknownFields { get; init; } = [];

    /// <summary>Files that could not be opened: notifications of the run, which counts as unsuccessful then.</summary>
    public IReadOnlyList<PkgbuildException> Failures { get; init; } = [];

    /// <summary>The folder of the sources: what is in it is named from there. The default is the current folder.</summary>
    public string Root { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>Writes the log as UTF-8.</summary>
    /// <param name="stream">Where to.</param>
    public void Write(Stream stream)
    {
        // It stands in no HTML, where the quotes of messages would have to be escaped.
        JsonWriterOptions options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter json = new(stream, options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", Schema);
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            WriteRun(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    /// <summary>
    /// Writes the log to a file, which has either all of it or what it had before. A pipe or a device is written to as it is.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PkgbuildException">
    /// It cannot be written: <see cref="MakepkgExitCode.NoPermission"/> or <see cref="MakepkgExitCode.Failure"/>.
    /// </exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            WholeFile.Write(path, Write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PkgbuildException(
                exception is UnauthorizedAccessException ? MakepkgExitCode.NoPermission : MakepkgExitCode.Failure,
                $"the SARIF log cannot be written to {path}: {exception.Message}",
                innerException: exception);
        }
    }

    private void WriteRun(Utf8JsonWriter json)
    {
        SarifLocation location = new(Root);
        json.WriteStartObject();
        json.WriteString("columnKind", "utf16CodeUnits");
        json.WriteStartObject("tool");
        WriteDriver(json);
        json.WriteEndObject();

        json.WriteStartObject("originalUriBaseIds");
        json.WriteStartObject(SarifLocation.BaseId);
        json.WriteString("uri", location.RootUri);
        json.WriteEndObject();
        json.WriteEndObject();

        json.WriteStartArray("invocations");
        WriteInvocation(json, location);
        json.WriteEndArray();

        json.WriteStartArray("results");
        foreach (var finding in Findings)
        {
            WriteResult(json, location, finding);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteDriver(Utf8JsonWriter json)
    {
        var version = typeof(SarifLog).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        json.WriteStartObject("driver");
        json.WriteString("name", "Orchestrator");
        json.WriteString("version", version.Split('+')[0]);
        json.WriteStartArray("rules");
        foreach (var rule in LintRules.All)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            WriteText(json, "shortDescription", rule.Summary);
            WriteText(json, "fullDescription", $"{rule.Summary} {rule.Cure}");
            WriteText(json, "help", rule.Cure);
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", LevelOf(rule.Severity));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("notifications");
        WriteNotification(NeedsEvaluation, "A PKGBUILD that depends on running a program is checked only where it may be run.");
        WriteNotification(NotRead, "What is to be checked is a file that can be opened.");
        json.WriteEndArray();
        json.WriteEndObject();

        void WriteNotification(string id, string text)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            WriteText(json, "shortDescription", text);
            json.WriteEndObject();
        }
    }

    private void WriteInvocation(Utf8JsonWriter json, SarifLocation location)
    {
        json.WriteStartObject();
        json.WriteBoolean("executionSuccessful", UnknownFields.Count == 0 && Failures.Count == 0);
        json.WriteStartArray("toolExecutionNotifications");
        foreach (var field in UnknownFields)
        {
            WriteNotification(NeedsEvaluation, "warning", $"{field.Name} needs evaluation: {field.Reason}", field.File, field.Line);
        }

        foreach (var failure in Failures)
        {
            WriteNotification(NotRead, "error", failure.Message, failure.File, failure.Line);
        }

        json.WriteEndArray();
        json.WriteEndObject();

        void WriteNotification(string id, string level, string message, string? file, int line)
        {
            json.WriteStartObject();
            json.WriteStartObject("descriptor");
            json.WriteString("id", id);
            json.WriteEndObject();
            json.WriteString("level", level);
            WriteText(json, "message", Printable.OneLine(message));
            if (file is not null)
            {
                location.Write(json, file, line, column: 0);
            }

            json.WriteEndObject();
        }
    }

    private static void WriteResult(Utf8JsonWriter json, SarifLocation location, LintFinding finding)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule);
        if (LintRules.IndexOf(finding.Rule) is >= 0 and var index)
        {
            json.WriteNumber("ruleIndex", index);
        }

        json.WriteString("level", LevelOf(finding.Severity));
        WriteText(json, "message", finding.Message);
        // Code scanning of GitHub takes no result without a line.
        location.Write(json, finding.File, Math.Max(finding.Line, 1), finding.Column);
        json.WriteEndObject();
    }

    private static string LevelOf(LintSeverity severity) => severity >= LintSeverity.Error ? "error" : "warning";

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
