namespace Orchestrator.Pkgbuild;

/// <summary>What a line of a build is.</summary>
public enum BuildMessageKind
{
    /// <summary>A step of the build: <c>==> …</c>.</summary>
    Step,

    /// <summary>A detail of a step: <c>  -> …</c>, or a line below one.</summary>
    Detail,

    /// <summary><c>==> WARNING: …</c></summary>
    Warning,

    /// <summary><c>==> ERROR: …</c></summary>
    Error,

    /// <summary>A line that a command of the build wrote to standard output.</summary>
    Output,

    /// <summary>A line that a command of the build wrote to standard error; compilers put progress there too.</summary>
    ErrorOutput,
}
