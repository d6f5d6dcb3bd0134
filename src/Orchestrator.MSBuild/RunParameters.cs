using System.Globalization;
using Microsoft.Build.Framework;
using Orchestrator.Processes;

namespace Orchestrator.MSBuild;

/// <summary>What a project says about a run, checked.</summary>
internal sealed record RunParameters(
    TimeSpan? GracePeriod,
    TimeSpan? Timeout,
    string? CancelSignal,
    LeftoversPolicy Leftovers,
    Containment Containment,
    WorkDirectoryRemoval Removal,
    IReadOnlySet<int> RetryExitCodes)
{
    /// <summary>Reads one of a few words.</summary>
    /// <exception cref="ParameterException">It is none of them.</exception>
    internal static T Choose<T>(string code, string parameter, string? text, T otherwise)
        where T : struct, Enum
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return otherwise;
        }

        // Not Enum.Parse, which takes numbers and lists too.
        var names = Enum.GetNames<T>();
        var index = Array.FindIndex(names, name => name.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));
        return index >= 0
            ? Enum.GetValues<T>()[index]
            : throw new ParameterException(code, $"{parameter}=\"{text}\" is not one of {string.Join(", ", names.Select(name => name.ToLowerInvariant()))}");
    }

    /// <summary>Reads a number of milliseconds.</summary>
    /// <exception cref="ParameterException">It is none, or out of range.</exception>
    internal static TimeSpan? Milliseconds(string code, string parameter, string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? TimeSpan.FromMilliseconds(value)
        : throw new ParameterException(code, $"{parameter}=\"{text}\" is not a number of milliseconds from 0 to {int.MaxValue}");

    /// <summary>Reads the name of a signal.</summary>
    /// <exception cref="ParameterException">It is none.</exception>
    internal static string? Signal(string parameter, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            return SupervisedCommand.Create("sh").WithCancelSignal(text.Trim()).CancelSignal;
        }
        catch (ArgumentException)
        {
            throw new ParameterException(ErrorCode.CancelSignal, $"{parameter}=\"{text}\" is not the name of a signal, such as TERM, INT, QUIT");
        }
    }

    /// <summary>Checks what base reads, and where it fails with MSB4018 and a stack trace: it asks for a message that MSBuild does not have.</summary>
    /// <exception cref="ParameterException">It is no importance.</exception>
    internal static void CheckImportance(string parameter, string? text)
    {
        if (!string.IsNullOrEmpty(text) && !Enum.TryParse<MessageImportance>(text, ignoreCase: true, out _))
        {
            throw new ParameterException(ErrorCode.Importance, $"{parameter}=\"{text}\" is not one of high, normal, low");
        }
    }

    /// <summary>Reads exit codes.</summary>
    /// <exception cref="ParameterException">One is none.</exception>
    internal static HashSet<int> ExitCodes(string code, string parameter, IEnumerable<string>? texts) =>
        [.. (texts ?? []).Select(text => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 256
            ? value
            : throw new ParameterException(code, $"{parameter}: \"{text}\" is not an exit code from 1 to 255"))];
}

/// <summary>A parameter of a task is wrong.</summary>
internal sealed class ParameterException(string code, string message) : Exception(message)
{
    internal string Code { get; } = code;
}
