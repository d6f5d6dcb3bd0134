namespace Orchestrator.Supervisor.Linux;

/// <summary>This machine does not offer a level of containment; the message says why.</summary>
internal sealed class ContainmentException(string reason) : Exception(reason);
