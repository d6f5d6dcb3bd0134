using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>What one subject took, in milliseconds.</summary>
internal sealed class Sample
{
    private readonly List<double> times = [];

    internal int Count => times.Count;

    internal double Median => Quantile(0.5);

    internal void Add(TimeSpan time) => times.Add(time.TotalMilliseconds);

    internal double Quantile(double part)
    {
        times.Sort();
        return times[(int)Math.Round((times.Count - 1) * part)];
    }

    internal static string Format(double milliseconds) =>
        milliseconds.ToString(milliseconds < 100 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
