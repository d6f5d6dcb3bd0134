namespace Orchestrator.Pkgbuild.Bash;

/// <summary>A text is not in bash's language. The messages are bash's own, where it has one.</summary>
internal sealed class BashSyntaxException(string message, Place place) : Exception(message)
{
    internal Place Place => place;
}
