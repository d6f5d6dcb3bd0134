using System.Globalization;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// What dump.bash printed about a PKGBUILD: tokens that end with a NUL each, of which the first and the last are a nonce.
/// Between them: <c>status N</c> · <c>string NAME VALUE</c> · <c>array NAME COUNT VALUE…</c> · <c>map NAME</c> ·
/// <c>sparse NAME</c> · <c>function NAME</c> · <c>override-string PACKAGE NAME VALUE</c> ·
/// <c>override-array PACKAGE NAME COUNT VALUE…</c> · <c>old-bash VERSION</c>.
/// </summary>
internal sealed class PkgbuildDump
{
    private PkgbuildDump()
    {
    }

    /// <summary>What it says that the PKGBUILD sets.</summary>
    internal PkgbuildContents Contents { get; } = new();

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
            tokens.Add(Bash.ByteText.Decode(bytes[range]));
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

    private void Take(Queue<string> tokens)
    {
        var kind = tokens.Dequeue();
        switch (kind)
        {
            case "status":
                Status = Number(tokens);
                break;
            case "string":
                Contents.Strings[tokens.Dequeue()] = tokens.Dequeue();
                break;
            case "array":
                Contents.Arrays[tokens.Dequeue()] = Values(tokens);
                break;
            case "map":
                Contents.SetMap(tokens.Dequeue());
                break;
            case "sparse":
                Contents.Sparse.Add(tokens.Dequeue());
                break;
            case "function":
                Contents.Functions.Add(tokens.Dequeue());
                break;
            case "override-string":
                Contents.OverridesOf(tokens.Dequeue()).Strings[tokens.Dequeue()] = tokens.Dequeue();
                break;
            case "override-array":
                Contents.OverridesOf(tokens.Dequeue()).Arrays[tokens.Dequeue()] = Values(tokens);
                break;
            case "old-bash":
                OldBash = tokens.Dequeue();
                break;
            default:
                throw new FormatException(kind);
        }
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
