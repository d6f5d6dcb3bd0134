using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>How a PKGBUILD is read.</summary>
public sealed record PkgbuildReadOptions
{
    /// <summary>What <c>CARCH</c> is while the PKGBUILD is read. The default is <see cref="MachineArchitecture.Current"/>.</summary>
    public string Architecture { get; init; } = MachineArchitecture.Current;

    /// <summary>Whether bash may run the PKGBUILD's top level. The default is <see cref="PkgbuildEvaluation.WhenNeeded"/>.</summary>
    public PkgbuildEvaluation Evaluation { get; init; }

    /// <summary>
    /// Whether it is read for its <c>.SRCINFO</c>, which some PKGBUILDs look at (<c>PRINTSRCINFO</c>), as against for a build
    /// (the default).
    /// </summary>
    public bool IsForSrcInfo { get; init; }

    /// <summary>How long evaluating may take. The default is 10 s. Reading without running anything has limits of its own, far below that.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Address space, in bytes, that bash and each program started by the PKGBUILD's top level may use
    /// (<c>RLIMIT_AS</c>, <c>setrlimit(2)</c>). The default is 1 GiB.
    /// </summary>
    public long MemoryLimit { get; init; } = 1L << 30;

    /// <summary>
    /// Whether programs that the PKGBUILD's top level runs may use the network. The default is no, where the machine can keep
    /// them from it (network_namespaces(7): root, or a machine that allows user namespaces). A build allows it, as makepkg does.
    /// </summary>
    public bool AllowNetwork { get; init; }

    /// <summary>Called for each event of the run that reads the PKGBUILD; null (the default) for nothing.</summary>
    public Action<RunEvent>? Events { get; init; }
}
