using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary>What System.CommandLine leaves to its users.</summary>
internal static class ArgumentExtensions
{
    /// <summary>A misspelt option would otherwise pass for a file name.</summary>
    internal static void RejectOptions(this Argument argument) => argument.Validators.Add(result =>
    {
        if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } option)
        {
            result.AddError($"unknown option '{option.Value}'");
        }
    });
}
