using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Pkgbuild;

/// <summary>Writes places as SARIF has them (sections 3.4 and 3.28 to 3.30): files by URI references (RFC 3986).</summary>
/// <param name="root">Full path of the folder that files are named from.</param>
internal sealed class SarifLocation(string root)
{
    /// <summary>What SARIF viewers call the folder of the sources.</summary>
    internal const string BaseId = "%SRCROOT%";

    // Those of a segment (pchar), but for the colon, which would make a scheme of the first one.
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=@"u8);

    private readonly string root = Path.GetFullPath(root).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;

    /// <summary>URI of the folder that files are named from.</summary>
    internal string RootUri => UriOf(root);

    /// <summary>Writes the property <c>locations</c> with one place.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="file">Full path of the file.</param>
    /// <param name="line">From 1; 0 for none.</param>
    /// <param name="column">From 1; 0 for none.</param>
    internal void Write(Utf8JsonWriter json, string file, int line, int column)
    {
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        if (file.StartsWith(root, StringComparison.Ordinal))
        {
            json.WriteString("uri", Encode(file[root.Length..]));
            json.WriteString("uriBaseId", BaseId);
        }
        else
        {
            json.WriteString("uri", UriOf(file));
        }

        json.WriteEndObject();
        if (line > 0)
        {
            json.WriteStartObject("region");
            json.WriteNumber("startLine", line);
            if (column > 0)
            {
                json.WriteNumber("startColumn", column);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    // A path of Windows begins with a drive, and its URI with a slash before that.
    private static string UriOf(string path) => path.StartsWith('/') ? $"file://{Encode(path)}" : $"file:///{Encode(path)}";

    private static string Encode(string path)
    {
        StringBuilder uri = new(path.Length);
        foreach (var value in Bash.ByteText.Encode(OperatingSystem.IsWindows() ? path.Replace('\\', '/') : path))
        {
            if (value == '/' || Plain.Contains(value))
            {
                uri.Append((char)value);
            }
            else
            {
                uri.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
            }
        }

        return uri.ToString();
    }
}
