namespace Orchestrator.Supervisor.Linux;

/// <summary>A process as <c>/proc/PID/stat</c> shows it (<c>proc(5)</c>).</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Parent">Its parent's number.</param>
/// <param name="Group">Its process group.</param>
/// <param name="Session">Its session.</param>
/// <param name="Start">When it started, in clock ticks since boot: with the PID it names a process for good.</param>
/// <param name="IsAlive">False for a zombie.</param>
/// <param name="IsBusy">Whether it runs, or waits for a disk (states R and D).</param>
/// <param name="IsKernelThread">It runs nothing of anybody's.</param>
/// <param name="Name">comm: the name of its program, at most 15 bytes.</param>
internal readonly record struct ProcessEntry(int Pid, int Parent, int Group, int Session, ulong Start, bool IsAlive, bool IsBusy, bool IsKernelThread, string Name);
