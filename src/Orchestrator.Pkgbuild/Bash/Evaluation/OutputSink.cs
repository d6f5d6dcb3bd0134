using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>Where a command prints to.</summary>
internal sealed class OutputSink
{
    private readonly StringBuilder? text;
    private readonly Interpreter.Budget? budget;

    private OutputSink(StringBuilder? text, Interpreter.Budget? budget) => (this.text, this.budget) = (text, budget);

    /// <summary>Where nobody looks.</summary>
    internal static OutputSink Discard { get; } = new(null, null);

    /// <summary>Whether somebody looks at what is printed.</summary>
    internal bool IsKept => text is not null;

    /// <summary>Why what is printed is not known; null if it is.</summary>
    internal UnknownValue? Unknown { get; private set; }

    internal string Text => text!.ToString();

    internal static OutputSink Capture(Interpreter.Budget budget) => new(new(), budget);

    /// <summary>Something is printed that is not known.</summary>
    internal void Taint(UnknownValue unknown)
    {
        if (IsKept)
        {
            Unknown ??= unknown;
        }
    }

    internal void Write(string value, Place place)
    {
        budget?.Take(value.Length, place);
        text?.Append(value);
    }
}
