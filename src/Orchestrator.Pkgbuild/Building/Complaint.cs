namespace Orchestrator.Pkgbuild;

/// <summary>The line of a tool's standard error that says best why it failed: the first that says so, else the last.</summary>
internal sealed class Complaint
{
    private bool isCertain;

    internal string Text { get; private set; } = "";

    internal void Add(string line)
    {
        if (isCertain || string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        Text = line.Trim();
        isCertain = Text.StartsWith("fatal: ", StringComparison.Ordinal) || Text.StartsWith("error: ", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
