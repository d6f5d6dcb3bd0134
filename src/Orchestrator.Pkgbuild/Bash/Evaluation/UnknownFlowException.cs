namespace Orchestrator.Pkgbuild.Bash;

/// <summary>From here on nothing is known: what runs next depends on something that is not known.</summary>
internal sealed class UnknownFlowException(UnknownValue unknown) : Exception(unknown.Reason)
{
    internal UnknownValue Unknown => unknown;
}
