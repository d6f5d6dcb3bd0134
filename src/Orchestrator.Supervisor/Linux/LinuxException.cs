using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Orchestrator.Supervisor.Linux;

/// <summary>A system call failed in a way that its caller did not expect.</summary>
internal sealed class LinuxException(string call, int error)
    : Exception($"{call}: {Describe(error)}")
{
    internal string Call { get; } = call;

    internal int Error { get; } = error;

    internal static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    internal bool IsOutOfDescriptors => Error == LibC.EMFILE || Error == LibC.ENFILE;

    internal bool IsAccess => Error == LibC.EACCES || Error == LibC.EPERM || Error == LibC.EROFS;
}
