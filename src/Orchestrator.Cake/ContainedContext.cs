using Cake.Core;
using Cake.Core.IO;

namespace Orchestrator.Cake;

/// <summary>A context whose processes are contained, whichever alias starts them.</summary>
internal sealed class ContainedContext(ICakeContext context) : CakeContextAdapter(context)
{
    public override IProcessRunner ProcessRunner { get; } = new ProcessGroupRunner(context.FileSystem, context.Environment, context.Log, context.Configuration);
}
