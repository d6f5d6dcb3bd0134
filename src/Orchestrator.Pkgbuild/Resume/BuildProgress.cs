namespace Orchestrator.Pkgbuild;

/// <summary>How far a build has come, from what cargo and compilers say of what they have finished; and what it found finished.</summary>
/// <param name="entry">The cache entry.</param>
/// <param name="clock">The clock.</param>
internal sealed class BuildProgress(string entry, TimeProvider clock)
{
    private readonly CargoMessages messages = new(entry);
    private readonly CompileSteps steps = new(entry);
    private readonly ProgressRecord record = new(entry);

    // Whether all of a crate was there already. One is counted once, however many libraries and programs it has.
    private readonly Dictionary<string, bool> crates = new(StringComparer.Ordinal);
    private IReadOnlyList<CargoArtifact> earlier = [];
    private ProgressLine last = new(0, "", 0, 0, 0);

    /// <summary>What was reused; null as long as nothing was compiled.</summary>
    internal BuildReuse? Reuse => crates.Count + steps.Count == 0
        ? null
        : new(crates.Values.Count(isFresh => isFresh), crates.Count, steps.Reused, steps.Count);

    /// <summary>Begins a record; how much there is to do is known from the one before.</summary>
    /// <param name="isNew">Whether the build before was finished, so that this one does not go on with it.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Begin(bool isNew)
    {
        var all = record.Read().LastOrDefault(line => line.AllCrates > 0)?.AllCrates ?? 0;
        earlier = [.. messages.ReadNew()];
        last = new(Now, "start", 0, all, steps.Begin(isNew));
        record.Begin(last);
    }

    /// <summary>Looks at what is compiled already.</summary>
    /// <returns>For people: so many crates, so many object files; empty if there is none.</returns>
    /// <exception cref="IOException">It cannot be read, or the record not written.</exception>
    internal IReadOnlyList<string> FindCompiled()
    {
        var packages = messages.Packages();
        var folders = CargoUnits.In(entry).ToList();
        var compiled = earlier
            .Where(artifact => !artifact.IsBuildScript && (packages.Count == 0 || packages.Contains(artifact.Package)))
            .Where(artifact => folders.Exists(units => units.Has(artifact.Name, artifact.Hash)))
            .Select(artifact => artifact.Package)
            .Distinct(StringComparer.Ordinal)
            .Count();
        messages.Begin();
        Append(last with { Time = Now, Crates = compiled, AllCrates = packages.Count > 0 ? packages.Count : last.AllCrates });
        return [.. BuildReuse.Parts(last.Crates, last.AllCrates, last.Objects, 0)];
    }

    /// <summary>The build is finished: what it did not need goes.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    internal void End() => steps.RemoveOthers();

    /// <summary>Brings the record up to date.</summary>
    /// <param name="phase">What runs.</param>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    internal void Update(string phase)
    {
        string? name = null;
        foreach (var artifact in messages.ReadNew().Where(artifact => !artifact.IsBuildScript))
        {
            name = artifact.Package;
            crates[name] = artifact.IsFresh && crates.GetValueOrDefault(name, true);
        }

        steps.Read();
        if (name is not null || phase != last.Phase || steps.Count > last.Objects)
        {
            Append(last with
            {
                Time = Now,
                Phase = phase,
                Crates = Math.Max(crates.Count, last.Crates),
                AllCrates = Math.Max(crates.Count, messages.Packages() is { Count: > 0 and var all } ? all : last.AllCrates),
                Objects = Math.Max(steps.Count, last.Objects),
                Name = name,
            });
        }
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private void Append(ProgressLine line)
    {
        record.Append(line);
        last = line;
    }
}
