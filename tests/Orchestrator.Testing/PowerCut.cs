using System.Globalization;
using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Testing;

/// <summary>Makes what a power cut leaves: a work directory that is marked and that nobody holds.</summary>
public static class PowerCut
{
    public const string MarkerName = ".orchestrator-work";

    /// <summary>Its path.</summary>
    public static string Leave(string root, string name, string run)
    {
        Directory.CreateDirectory(root);
        var path = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
        Mark(path, run);
        return path;
    }

    /// <summary>The same, of a run that nothing else belongs to.</summary>
    public static string Leave(string root, string name) => Leave(root, name, Guid.NewGuid().ToString("N"));

    /// <summary>Marks a directory that is there.</summary>
    public static void Mark(string path, string run)
    {
        var inode = SystemCalls.Status(LibC.AT_FDCWD, SystemCalls.Encode(path))!.Value.Inode;
        File.WriteAllText(
            Path.Combine(path, MarkerName),
            string.Create(CultureInfo.InvariantCulture, $"This directory belongs to a run of Orchestrator and is removed with it.\nrun: {run}\ndirectory: {inode}\n"));
    }
}
