using System.Globalization;
using System.Security;
using System.Text;

namespace Orchestrator.Benchmarks;

/// <summary>Draws growth curves as SVG, both axes logarithmic, for a light and for a dark page.</summary>
internal static class GrowthChart
{
    private const double Width = 720;
    private const double Height = 460;
    private const double Left = 92;
    private const double Right = 36;
    private const double Top = 44;
    private const double Bottom = 56;
    private const double TextOffset = 4; // from the middle of a digit to its base line
    private static readonly string[] Marks = ["M-4,-4H4V4H-4Z", "M0,-5L5,4H-5Z", "M0,-5L5,0L0,5L-5,0Z", "M-4,0A4,4 0 1 0 4,0A4,4 0 1 0 -4,0"];

    // Colours that keep their contrast on white and on black.
    private const string Style = """
          <style>
            text { font: 13px system-ui, sans-serif; fill: #24292f }
            .grid { stroke: #d0d7de; stroke-width: 1 }
            .linear { stroke: #6e7781; stroke-width: 1.5; stroke-dasharray: 5 5 }
            .curve { fill: none; stroke-width: 2 }
            .c0 { stroke: #6e7781; fill: #6e7781 } .c1 { stroke: #0969da; fill: #0969da }
            .c2 { stroke: #bc4c00; fill: #bc4c00 } .c3 { stroke: #8250df; fill: #8250df }
            .page { fill: #ffffff }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3 }
              .grid { stroke: #30363d }
              .linear { stroke: #8b949e }
              .c0 { stroke: #8b949e; fill: #8b949e } .c1 { stroke: #58a6ff; fill: #58a6ff }
              .c2 { stroke: #f0883e; fill: #f0883e } .c3 { stroke: #bc8cff; fill: #bc8cff }
              .page { fill: #0d1117 }
            }
          </style>

        """;

    internal static string Draw(IReadOnlyList<GrowthCurve> curves)
    {
        var points = curves.SelectMany(curve => curve.Points).ToList();
        var x = new Axis(points.Select(point => (double)point.Processes), Left, Width - Right);
        var y = new Axis(points.Select(point => point.Milliseconds), Height - Bottom, Top);
        var svg = new StringBuilder();
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" role="img" aria-labelledby="title">""");
        Line(svg, $"""  <title id="title">From cancelling until nothing is alive, by number of processes</title>""");
        svg.Append(Style);
        Line(svg, $"""  <rect class="page" width="{Width}" height="{Height}" rx="6"/>""");
        Line(svg, $"""  <text x="{Left}" y="24">From cancelling until nothing is alive, by number of processes that obey SIGTERM</text>""");
        foreach (var decade in x.Decades)
        {
            Line(svg, $"""  <line class="grid" x1="{x.At(decade):0.0}" y1="{Top}" x2="{x.At(decade):0.0}" y2="{Height - Bottom}"/>""");
            Line(svg, $"""  <text x="{x.At(decade):0.0}" y="{Height - Bottom + 20}" text-anchor="middle">{decade:#,##0}</text>""");
        }

        foreach (var decade in y.Decades)
        {
            Line(svg, $"""  <line class="grid" x1="{Left}" y1="{y.At(decade):0.0}" x2="{Width - Right}" y2="{y.At(decade):0.0}"/>""");
            Line(svg, $"""  <text x="{Left - 8}" y="{y.At(decade) + TextOffset:0.0}" text-anchor="end">{decade:#,##0.###} ms</text>""");
        }

        Line(svg, $"""  <text x="{(Left + Width - Right) / 2}" y="{Height - 14}" text-anchor="middle">processes</text>""");
        DrawLinear(svg, curves[0], x, y);
        for (var i = 0; i < curves.Count; i++)
        {
            DrawCurve(svg, curves[i], i, x, y);
        }

        DrawLegend(svg, curves);
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    // What is linear has this slope, wherever it lies: drawn through the last point of the first curve.
    private static void DrawLinear(StringBuilder svg, GrowthCurve curve, Axis x, Axis y)
    {
        var (processes, milliseconds) = curve.Points[^1];
        var first = Math.Max(curve.Points[0].Processes, y.Least * processes / milliseconds);
        Line(svg, $"""  <line class="linear" x1="{x.At(first):0.0}" y1="{y.At(first * milliseconds / processes):0.0}" x2="{x.At(processes):0.0}" y2="{y.At(milliseconds):0.0}"/>""");
    }

    private static void DrawCurve(StringBuilder svg, GrowthCurve curve, int index, Axis x, Axis y)
    {
        var path = string.Join(' ', curve.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{x.At(point.Processes):0.0},{y.At(point.Milliseconds):0.0}")));
        Line(svg, $"""  <g class="c{index % Marks.Length}">""");
        Line(svg, $"""    <polyline class="curve" points="{path}"/>""");
        foreach (var (processes, milliseconds) in curve.Points)
        {
            Line(svg, $"""    <path d="{Marks[index % Marks.Length]}" transform="translate({x.At(processes):0.0} {y.At(milliseconds):0.0})"><title>{processes:#,##0}: {milliseconds:0.0} ms</title></path>""");
        }

        Line(svg, $"  </g>");
    }

    private static void DrawLegend(StringBuilder svg, IReadOnlyList<GrowthCurve> curves)
    {
        const double RowHeight = 21;
        var row = Top + 18;
        for (var i = 0; i < curves.Count; i++, row += RowHeight)
        {
            Line(svg, $"""  <g class="c{i % Marks.Length}"><path class="curve" d="M{Left + 14},{row}h28"/><path d="{Marks[i % Marks.Length]}" transform="translate({Left + 28} {row})"/></g>""");
            Line(svg, $"""  <text x="{Left + 52}" y="{row + TextOffset}">{SecurityElement.Escape(curves[i].Name.Replace("`", "", StringComparison.Ordinal))}</text>""");
        }

        Line(svg, $"""  <path class="linear" d="M{Left + 14},{row}h28"/><text x="{Left + 52}" y="{row + TextOffset}">linear</text>""");
    }

    private static void Line(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    /// <summary>A logarithmic axis over whole decades.</summary>
    private sealed class Axis
    {
        private readonly int first;
        private readonly int last;
        private readonly double from;
        private readonly double to;

        internal Axis(IEnumerable<double> values, double from, double to)
        {
            var all = values.ToList();
            (first, last) = ((int)Math.Floor(Math.Log10(all.Min())), (int)Math.Ceiling(Math.Log10(all.Max())));
            (this.from, this.to) = (from, to);
        }

        internal double Least => Math.Pow(10, first);

        internal IEnumerable<double> Decades => Enumerable.Range(first, last - first + 1).Select(power => Math.Pow(10, power));

        internal double At(double value) => from + ((to - from) * (Math.Log10(value) - first) / (last - first));
    }
}
