using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Processes.Windows;

/// <summary>The three streams that a process is started with.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
[SupportedOSPlatform("windows")]
internal sealed record StandardHandles(SafeFileHandle Input, SafeFileHandle Output, SafeFileHandle Error) : IDisposable
{
    /// <summary>Our own.</summary>
    internal static StandardHandles Own(bool withInput)
    {
        lock (ConsoleBreak.Attachment)
        {
            return new(withInput ? InheritableFile.Standard(-10) : InheritableFile.Null(InheritableFile.GenericRead), InheritableFile.Standard(-11), InheritableFile.Standard(-12));
        }
    }

    /// <summary>Lets go of ours: the process has its own.</summary>
    public void Dispose()
    {
        Input.Dispose();
        Output.Dispose();
        Error.Dispose();
    }
}
