using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using System.Text;
using Orchestrator.Processes.Windows.WorkDirectories;

namespace Orchestrator.Processes.Windows;

/// <summary>The folder of the work directories, on Windows.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsWorkRoot
{
    /// <summary>Where it is, unless it is named: the temporary directory is the user's own already.</summary>
    internal static string DefaultPath => Path.Combine(Path.GetTempPath(), $"orchestrator-{Environment.UserName}");

    /// <summary>Makes it, if it does not exist.</summary>
    /// <returns>Why it cannot be used; null if it can.</returns>
    internal static string? Prepare(string root)
    {
        Directory.CreateDirectory(root);
        if (DirectoryRules.LinkRefusal(root) is { } refusal)
        {
            return refusal;
        }

        // What an administrator makes belongs to the group.
        using var self = WindowsIdentity.GetCurrent();
        var owner = new DirectoryInfo(root).GetAccessControl(AccessControlSections.Owner).GetOwner(typeof(SecurityIdentifier));
        return owner is null || owner.Equals(self.User) || owner.Equals(self.Owner) || owner.Equals(new SecurityIdentifier(WellKnownSidType.BuiltinAdministratorsSid, null))
            ? null
            : $"it belongs to another user ({owner})";
    }

    /// <summary>Removes what dead runs left. Their processes have ended with their owners.</summary>
    internal static SweepResult Sweep(string root, CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        var problems = new List<string>();
        foreach (var path in Directory.EnumerateDirectories(root))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var directory = HeldDirectory.TryTakeOver(path);
            if (directory is null)
            {
                RemoveUnfinished(path);
            }
            else if (directory.IsCopy)
            {
                problems.Add($"{path}: it is a copy of a work directory; remove it, or its {HeldDirectory.MarkerName} file, yourself");
            }
            else if (directory.Remove() is { Count: > 0 } left)
            {
                problems.AddRange(left);
            }
            else
            {
                removed.Add(path);
            }
        }

        return new(removed, [], problems);
    }

    // A keeper that was ended between making its directory and marking it left one that has nothing in it.
    private static void RemoveUnfinished(string path)
    {
        if (WorkRoot.IsOurs(Encoding.UTF8.GetBytes(Path.GetFileName(path) + '\0')) && DateTime.UtcNow - Directory.GetLastWriteTimeUtc(path) > WorkRoot.UnmarkedAge)
        {
            try
            {
                Directory.Delete(path);
            }
            catch (IOException)
            {
                // There is something in it: it is not ours to remove.
            }
        }
    }
}
