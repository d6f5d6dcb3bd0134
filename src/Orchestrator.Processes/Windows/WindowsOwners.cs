using System.Collections.Immutable;
using System.Runtime.Versioning;

namespace Orchestrator.Processes.Windows;

/// <summary>Finds the processes that a run depends on, on Windows: who started us.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsOwners
{
    /// <summary>The calling process, and those above it whose end is to be noticed.</summary>
    internal static ImmutableArray<RunOwner> Find()
    {
        var owners = ImmutableArray.CreateBuilder<RunOwner>();
        if (Ancestor.Open(Environment.ProcessId) is not { } self)
        {
            return [new(Environment.ProcessId)];
        }

        owners.Add(self.Owner);
        var parent = self.Parent();
        if (parent is { IsDotnetCli: true } cli)
        {
            owners.Add(cli.Owner);
            parent = cli.Parent();
        }

        if (parent is { } shell && string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            owners.Add(shell.Owner);
        }

        return owners.ToImmutable();
    }

    private sealed record Ancestor(int Id, ulong Start, int? ParentId, string Name, IReadOnlyList<string> Arguments)
    {
        internal RunOwner Owner => new(Id, Start);

        // Where arguments cannot be known, as in wine 8, the name has to do.
        internal bool IsDotnetCli => Name.Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            && (Arguments.Count == 0 || (Arguments is [_, var verb, ..] && RunOwners.IsCliVerb(verb)));

        internal static Ancestor? Open(int id)
        {
            using var process = Kernel32.OpenProcess(ProcessAccess.Query | ProcessAccess.Synchronize, inheritHandle: false, id);
            return !process.IsInvalid && Kernel32.WaitForSingleObject(process, 0) != 0 && ProcessWatch.StartTime(process) is { } start
                ? new(id, start, Ntdll.ParentOf(process), JobMember.NameOf(process), Ntdll.ArgumentsOf(process))
                : null;
        }

        // Windows gives an orphan no other parent; but the number of the one that ended may be another process's by now,
        // which is younger than its supposed child.
        internal Ancestor? Parent() => ParentId is > 0 and var id && Open(id) is { } parent && parent.Start <= Start ? parent : null;
    }
}
