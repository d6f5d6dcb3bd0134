namespace Orchestrator.Processes.Windows;

/// <summary>What can happen to a run.</summary>
internal enum RunNotice
{
    /// <summary>Nothing, in the time that was given.</summary>
    None,

    /// <summary>A process came to the job or left it. These messages may get lost, so that what they say is looked up.</summary>
    Job,

    /// <summary>The command itself has ended.</summary>
    CommandEnded,

    /// <summary>The caller wants it to end.</summary>
    Cancel,

    /// <summary>The caller wants it to end now.</summary>
    Kill,

    /// <summary>A process that it depends on has ended.</summary>
    OwnerEnded,
}
