namespace Orchestrator.Matrix;

internal static class Comparison
{
    internal static Task<int> RunAsync(string[] arguments) => Task.FromResult(arguments.Length);
}
