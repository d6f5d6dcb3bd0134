using Orchestrator.Pkgbuild.Bash;

namespace Orchestrator.Pkgbuild;

/// <summary>Writes arrays of sums into the text of a PKGBUILD.</summary>
internal static class SumArrays
{
    /// <summary>The text with other sums, and nothing else changed.</summary>
    /// <exception cref="PkgbuildException">Sums are not written as arrays at the top level.</exception>
    internal static string Write(PkgbuildFile file, Pkgbuild pkgbuild, IReadOnlyList<SumArray> arrays)
    {
        ScriptText source = new(file.Text, file.Path);
        var script = ScriptParser.Parse(source);
        ILookup<string, Assignment> plain = PlainAssignments(script).ToLookup(assignment => assignment.Name);
        List<(int Start, int End, string Text)> edits = [];
        foreach (var array in arrays)
        {
            // What is set under a condition, in a loop or by declare is not ours to guess at.
            var written = plain[array.Name].ToList();
            if (written.Exists(assignment => assignment.Elements is null) || written.Count != (pkgbuild.Outline?.CountOf(array.Name) ?? 0))
            {
                throw NotPlain(file.Path, pkgbuild.LineOf(array.Name), array.Name);
            }

            edits.AddRange(
                written.Count == 0 ? Insert(file, pkgbuild, array, [.. plain[array.Sources]])
                : ReplaceMembers(file.Text, array, written) ?? ReplaceWhole(file, pkgbuild, array, written));
        }

        // From the end, so that offsets stay true; what is inserted at one place, in the order of the arrays.
        var text = file.Text;
        foreach (var (start, end, replacement) in Enumerable.Reverse(edits).OrderByDescending(edit => edit.Start))
        {
            text = string.Concat(text.AsSpan(0, start), replacement, text.AsSpan(end));
        }

        return text;
    }

    /// <summary>The error for sums that come from something else than an array as it is commonly written.</summary>
    internal static PkgbuildException NotPlain(string file, int line, string name) => new(
        MakepkgExitCode.PkgbuildError,
        $"{name} cannot be updated: it is not one array of the top level; write it as {name}=('…' '…')",
        file,
        line);

    private static IEnumerable<Assignment> PlainAssignments(ShellCommand command) => command switch
    {
        ShellCommand.Sequence sequence => sequence.Items.SelectMany(item => PlainAssignments(item.Command)),
        ShellCommand.Pipeline { Commands: [var only], IsNegated: false } => PlainAssignments(only),
        ShellCommand.Simple { Arguments.Count: 0 } simple => simple.Assignments,
        _ => [],
    };

    // Only the members that are not right, each in the quotes that it has; null if they are not one for each source.
    private static IEnumerable<(int Start, int End, string Text)>? ReplaceMembers(string text, SumArray array, List<Assignment> written)
    {
        var first = written.FindLastIndex(assignment => !assignment.IsAppend);
        var members = written.Skip(Math.Max(0, first)).SelectMany(assignment => assignment.Elements!).ToList();
        return members.Count != array.Sums.Count || members.Exists(member => member.Subscript is not null || member.Value.Constant is null)
            ? null
            : members.Zip(array.Sums)
                .Where(pair => !string.Equals(pair.First.Value.Constant, pair.Second, StringComparison.OrdinalIgnoreCase))
                .Select(pair => (pair.First.Value.Start, pair.First.Value.End, Quote(text[pair.First.Value.Start], pair.Second)));
    }

    private static string Quote(char first, string sum) => first switch
    {
        '"' => $"\"{sum}\"",
        '\'' or '$' => $"'{sum}'",
        _ => sum,
    };

    private static IEnumerable<(int Start, int End, string Text)> ReplaceWhole(PkgbuildFile file, Pkgbuild pkgbuild, SumArray array, List<Assignment> written) =>
        written is [{ IsAppend: false } only]
            ? [(only.Start, only.End, Format(array))]
            : throw NotPlain(file.Path, pkgbuild.LineOf(array.Name), array.Name);

    // Behind the sources, as makepkg's own template has it.
    private static IEnumerable<(int Start, int End, string Text)> Insert(PkgbuildFile file, Pkgbuild pkgbuild, SumArray array, List<Assignment> sources)
    {
        if (sources.Count == 0)
        {
            throw NotPlain(file.Path, pkgbuild.LineOf(array.Sources), array.Name);
        }

        var end = sources[^1].End;
        var line = file.Text.IndexOf('\n', end);
        var rest = file.Text.AsSpan()[end..(line < 0 ? file.Text.Length : line)];
        var isOwnLine = rest.TrimStart(" \t").IsEmpty || (rest[0] is ' ' or '\t' && rest.TrimStart(" \t")[0] == '#');
        var place = isOwnLine ? end + rest.Length : end;
        return [(place, place, "\n" + Format(array))];
    }

    private static string Format(SumArray array) =>
        $"{array.Name}=({string.Join($"\n{new string(' ', array.Name.Length + 2)}", array.Sums.Select(sum => $"'{sum}'"))})";
}
