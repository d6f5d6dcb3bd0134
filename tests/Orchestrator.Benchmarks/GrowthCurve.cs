namespace Orchestrator.Benchmarks;

/// <summary>What one subject takes, by number of processes.</summary>
internal sealed class GrowthCurve(string name)
{
    private readonly List<(int Processes, double Milliseconds)> points = [];

    /// <summary>As in the table.</summary>
    internal string Name => name;

    internal IReadOnlyList<(int Processes, double Milliseconds)> Points => points;

    internal void Add(int processes, double milliseconds) => points.Add((processes, milliseconds));

    /// <summary>The exponent of the power law that fits best: the slope, by least squares, where both axes are logarithmic.</summary>
    /// <param name="from">The fewest processes that count.</param>
    internal double Exponent(int from)
    {
        var logarithms = points.Where(point => point.Processes >= from).Select(point => (X: Math.Log(point.Processes), Y: Math.Log(point.Milliseconds))).ToList();
        var (x, y) = (logarithms.Average(point => point.X), logarithms.Average(point => point.Y));
        return logarithms.Sum(point => (point.X - x) * (point.Y - y)) / logarithms.Sum(point => (point.X - x) * (point.X - x));
    }
}
