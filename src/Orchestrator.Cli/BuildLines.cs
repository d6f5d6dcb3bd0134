using Orchestrator.Pkgbuild;

namespace Orchestrator.Cli;

/// <summary>The lines of a build, on standard output, or on standard error.</summary>
internal static class BuildLines
{
    internal static void Print(BuildMessage message)
    {
        var stream = message.Kind is BuildMessageKind.Warning or BuildMessageKind.Error or BuildMessageKind.ErrorOutput ? Console.Error : Console.Out;
        stream.WriteLine(message.Text);
        if (message.Error is { File: not null } error)
        {
            // Once more in the form that editors and MSBuild jump to.
            stream.WriteLine(error.CanonicalMessage);
        }
    }
}
