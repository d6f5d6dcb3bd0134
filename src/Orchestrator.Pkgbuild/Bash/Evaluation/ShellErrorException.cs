namespace Orchestrator.Pkgbuild.Bash;

/// <summary>An error that ends a shell that is not interactive; the messages are bash's own.</summary>
internal sealed class ShellErrorException(string message, Place place) : Exception(message)
{
    internal Place Place => place;
}
