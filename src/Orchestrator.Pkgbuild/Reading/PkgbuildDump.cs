using System.Globalization;
using System.Text;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// What dump.bash printed about a PKGBUILD: tokens that end with a NUL each, of which the first and the last are a nonce.
/// Between them: <c>status N</c> · <c>string NAME VALUE</c> · <c>array NAME COUNT VALUE…</c> · <c>map NAME</c> ·
/// <c>sparse NAME</c> · <c>function NAME</c> · <c>override-string PACKAGE NAME VALUE</c> ·
/// <c>override-array PACKAGE NAME COUNT VALUE…</c> · <c>old-bash VERSION</c>.
/// </summary>
internal sealed class PkgbuildDump
{
    private readonly Dictionary<string, string> strings = [];
    private readonly Dictionary<string, IReadOnlyList<string>> arrays = [];
    private readonly HashSet<string> sparse = [];
    private readonly HashSet<string> functions = [];
    private readonly Dictionary<string, (Dictionary<string, string> Strings, Dictionary<string, IReadOnlyList<string>> Arrays)> overrides = [];

    private PkgbuildDump()
    {
    }

    /// <summary>Status of the last command of the PKGBUILD's top level.</summary>
    internal int Status { get; private set; }

    /// <summary>The version of bash, if it is too old to be used.</summary>
    internal string? OldBash { get; private set; }

    /// <summary>Reads a dump; null if it is not a whole one.</summary>
    internal static PkgbuildDump? Parse(ReadOnlySpan<byte> bytes, string nonce)
    {
        List<string> tokens = [];
        foreach (var range in bytes.Split((byte)0))
        {
            tokens.Add(Encoding.UTF8.GetString(bytes[range]));
        }

        // After the last NUL there is nothing.
        if (tokens is not [var first, _, _, .., var last, ""] || first != nonce || last != nonce)
        {
            return null;
        }

        PkgbuildDump dump = new();
        Queue<string> rest = new(tokens[1..^2]);
        try
        {
            while (rest.Count > 0)
            {
                dump.Take(rest);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or OverflowException)
        {
            // Too few tokens, a count that is none, or no kind of ours: something else wrote into it.
            return null;
        }

        return dump;
    }

    /// <summary>The PKGBUILD that it describes.</summary>
    internal Pkgbuild ToPkgbuild(PkgbuildFile file)
    {
        IReadOnlyList<string> names =
            arrays.GetValueOrDefault("pkgname") ?? (strings.TryGetValue("pkgname", out var name) && name.Length > 0 ? [name] : []);
        var baseName = strings.GetValueOrDefault("pkgbase", "");
        return new()
        {
            Path = file.Path,
            BaseName = baseName.Length > 0 ? baseName : names.FirstOrDefault(""),
            Names = names,
            Version = new(strings.GetValueOrDefault("pkgver", ""), strings.GetValueOrDefault("pkgrel", ""), strings.GetValueOrDefault("epoch")),
            Fields = new(strings, arrays),
            Overrides = overrides.ToDictionary(
                package => package.Key,
                package => new PkgbuildFields(package.Value.Strings, package.Value.Arrays)),
            Functions = functions,
            SparseArrays = sparse,
            Lines = DefinitionLines.Find(file.Text),
        };
    }

    private void Take(Queue<string> tokens)
    {
        var kind = tokens.Dequeue();
        switch (kind)
        {
            case "status":
                Status = Number(tokens);
                break;
            case "string":
                strings[tokens.Dequeue()] = tokens.Dequeue();
                break;
            case "array":
                arrays[tokens.Dequeue()] = Values(tokens);
                break;
            case "map":
                TakeMap(tokens.Dequeue());
                break;
            case "sparse":
                sparse.Add(tokens.Dequeue());
                break;
            case "function":
                functions.Add(tokens.Dequeue());
                break;
            case "override-string":
                OverridesOf(tokens.Dequeue()).Strings[tokens.Dequeue()] = tokens.Dequeue();
                break;
            case "override-array":
                OverridesOf(tokens.Dequeue()).Arrays[tokens.Dequeue()] = Values(tokens);
                break;
            case "old-bash":
                OldBash = tokens.Dequeue();
                break;
            default:
                throw new FormatException(kind);
        }
    }

    // An associative array is neither what a string nor what an array ought to be: given as the other one, it is refused.
    private void TakeMap(string name)
    {
        if (PkgbuildSchema.Strings.Contains(name))
        {
            arrays[name] = [];
        }
        else
        {
            strings[name] = "";
        }
    }

    private (Dictionary<string, string> Strings, Dictionary<string, IReadOnlyList<string>> Arrays) OverridesOf(string package)
    {
        if (!overrides.TryGetValue(package, out var fields))
        {
            overrides[package] = fields = ([], []);
        }

        return fields;
    }

    private static int Number(Queue<string> tokens) =>
        int.Parse(tokens.Dequeue(), NumberStyles.None, CultureInfo.InvariantCulture);

    private static string[] Values(Queue<string> tokens)
    {
        var values = new string[Math.Min(Number(tokens), tokens.Count + 1)];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = tokens.Dequeue();
        }

        return values;
    }
}
