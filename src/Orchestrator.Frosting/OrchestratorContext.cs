using Cake.Core;
using Cake.Frosting;
using Orchestrator.Cake;
using Orchestrator.Pkgbuild;

namespace Orchestrator.Frosting;

/// <summary>The context of a host that uses <see cref="OrchestratorHost"/>; to be used as it is or to be derived from.</summary>
/// <param name="context">Cake's own.</param>
public class OrchestratorContext(ICakeContext context) : FrostingContext(context)
{
    private readonly List<BuildSummaryRow> packages = [];

    /// <summary>Cancelled when the pipeline is aborted: by Ctrl+C, SIGTERM, SIGHUP, SIGQUIT, or the end of the dotnet CLI that started it.</summary>
    public CancellationToken BuildCancellation => Cancellation.Token;

    /// <summary>The abort of the pipeline: its tokens, its exit code, its one error.</summary>
    public PipelineCancellation Cancellation { get; } = PipelineCancellation.Current;

    /// <summary>What became of the packages whose tasks have run, in the order in which they were done.</summary>
    public IReadOnlyList<BuildSummaryRow> Packages => packages;

    internal void Add(BuildSummaryRow row) => packages.Add(row);
}
