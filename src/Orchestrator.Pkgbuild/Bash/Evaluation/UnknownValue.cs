namespace Orchestrator.Pkgbuild.Bash;

/// <summary>Why something cannot be known without running a program.</summary>
/// <param name="Place">Where the construct is that would have to run; none for what the script never sets, which is where it is used.</param>
/// <param name="Reason">What would have to run, for people.</param>
internal sealed record UnknownValue(Place Place, string Reason);
