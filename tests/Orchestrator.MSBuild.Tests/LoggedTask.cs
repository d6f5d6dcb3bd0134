using System.Globalization;
using Microsoft.Build.Framework;

namespace Orchestrator.MSBuild.Tests;

/// <summary>What a binary log shows of one task.</summary>
/// <param name="Target">The target that it was in.</param>
/// <param name="ProjectFile">The project.</param>
/// <param name="Line">Where it stands in it.</param>
public sealed record LoggedTask(string Target, string? ProjectFile, int Line)
{
    private readonly List<BuildEventArgs> events = [];
    private readonly List<bool> results = [];
    private readonly Dictionary<string, IReadOnlyList<ITaskItem>> outputs = [];

    /// <summary>Whether each run of it did.</summary>
    public bool Succeeded => results.TrueForAll(succeeded => succeeded);

    public IReadOnlyList<BuildErrorEventArgs> Errors => [.. events.OfType<BuildErrorEventArgs>()];

    public IReadOnlyList<BuildWarningEventArgs> Warnings => [.. events.OfType<BuildWarningEventArgs>()];

    public IReadOnlyList<string> Messages => [.. events.OfType<BuildMessageEventArgs>().Select(message => message.Message ?? "")];

    /// <summary>Every event in words, in order: its kind, code, file, line and text.</summary>
    public IReadOnlyList<string> Events => [.. events.Select(Describe)];

    /// <summary>The values of an output parameter; empty if it has none.</summary>
    public IReadOnlyList<ITaskItem> Output(string name) => outputs.GetValueOrDefault(name, []);

    /// <summary>The value of an output parameter that is no list.</summary>
    public string Value(string name) => Output(name) is [var item] ? item.ItemSpec : "";

    internal void Add(BuildEventArgs happened)
    {
        switch (happened)
        {
            case TaskFinishedEventArgs finished:
                results.Add(finished.Succeeded);
                break;
            case TaskParameterEventArgs { Kind: TaskParameterMessageKind.TaskOutput } output:
                outputs[output.ItemType] = [.. Output(output.ItemType), .. output.Items.Cast<ITaskItem>()];
                break;
            case BuildErrorEventArgs or BuildWarningEventArgs or (BuildMessageEventArgs and not TaskParameterEventArgs):
                events.Add(happened);
                break;
        }
    }

    private static string Describe(BuildEventArgs happened) => happened switch
    {
        BuildErrorEventArgs error => Place("error", error.Subcategory, error.Code, error.File, error.LineNumber, error.ColumnNumber, error.Message),
        BuildWarningEventArgs warning => Place("warning", warning.Subcategory, warning.Code, warning.File, warning.LineNumber, warning.ColumnNumber, warning.Message),
        TaskCommandLineEventArgs command => $"command {command.Importance}: {command.Message}",
        BuildMessageEventArgs message => Place($"message {message.Importance}", message.Subcategory, message.Code, message.File, message.LineNumber, message.ColumnNumber, message.Message),
        _ => happened.GetType().Name,
    };

    private static string Place(string kind, string? subcategory, string? code, string? file, int line, int column, string? text) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind} [{subcategory}] {code} {file}({line},{column}): {text}");
}
