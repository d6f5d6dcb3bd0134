namespace Orchestrator.Pkgbuild.Bash;

/// <summary>An expansion needs a value that is not known.</summary>
internal sealed class UnknownValueException(UnknownValue unknown) : Exception(unknown.Reason)
{
    internal UnknownValue Unknown => unknown;
}
