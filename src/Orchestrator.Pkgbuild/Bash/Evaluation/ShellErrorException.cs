namespace Orchestrator.Pkgbuild.Bash;

/// <summary>An error that ends a shell that is not interactive; the messages are bash's own.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="place">Where.</param>
/// <param name="isLimit">Whether it is a limit of ours: such an error ends all shells, not the innermost alone.</param>
internal sealed class ShellErrorException(string message, Place place, bool isLimit = false) : Exception(message)
{
    internal Place Place => place;

    internal bool IsLimit => isLimit;
}
