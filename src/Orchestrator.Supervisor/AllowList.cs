using System.Globalization;
using System.Text;
using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// Names of programs that may outlive the command. A name is what people call the program, which is not always what the
/// kernel calls it: a Gradle daemon is a <c>java</c>, a build server of .NET a <c>dotnet</c>.
/// </summary>
internal sealed class AllowList(IReadOnlyCollection<string> names)
{
    private const int MaxCommBytes = 15; // proc(5), comm

    // Options of java(1) that take the next word. Those of the other interpreters that do run no file.
    private static readonly string[] JavaOptions =
    [
        "-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path", "--add-modules", "--limit-modules",
        "--enable-native-access", "--add-reads", "--add-exports", "--add-opens", "--patch-module", "--source",
    ];

    private static readonly string[] Interpreters = ["dotnet", "node", "python", "perl", "ruby", "bash", "sh"];

    internal int Count => names.Count;

    /// <summary>
    /// Whether a process has one of the names: as the kernel has it (<c>comm</c>), as its file or its first argument is
    /// called, or, of an interpreter, as what it runs is called.
    /// </summary>
    internal bool Contains(ProcessEntry process)
    {
        if (names.Count == 0)
        {
            return false;
        }

        return names.Any(name => Comm(name) == process.Name) || NamesOf(Words(process.Pid)).Any(names.Contains);
    }

    /// <summary>Whether a program that has only a file name, as on Windows, has one of the names; upper and lower case are the same there.</summary>
    /// <param name="program">Its name without <c>.exe</c>.</param>
    internal bool Contains(string program) =>
        names.Any(name => Path.GetFileNameWithoutExtension(name).Equals(program, StringComparison.OrdinalIgnoreCase) || name.Equals(program, StringComparison.OrdinalIgnoreCase));

    /// <summary>What a command line says that a program is called.</summary>
    internal static IEnumerable<string> NamesOf(IReadOnlyList<string> words)
    {
        if (words.Count == 0 || words[0].Length == 0)
        {
            yield break;
        }

        var program = FileName(words[0]);
        yield return program;
        if (program == "java")
        {
            foreach (var name in OfJava(words))
            {
                yield return name;
            }
        }
        else if (Interpreters.Contains(program.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.'), StringComparer.Ordinal)
            && words.Skip(1).FirstOrDefault(word => !word.StartsWith('-') && !(program == "dotnet" && word == "exec")) is { Length: > 0 } script)
        {
            yield return FileName(script);
            yield return Path.GetFileNameWithoutExtension(FileName(script));
        }
    }

    // As jps(1) has it: the last part of the main class, or the archive.
    private static IEnumerable<string> OfJava(IReadOnlyList<string> words)
    {
        for (var i = 1; i < words.Count; i++)
        {
            if (words[i] is "-jar" && i + 1 < words.Count)
            {
                return [FileName(words[i + 1]), Path.GetFileNameWithoutExtension(FileName(words[i + 1]))];
            }

            if (words[i] is "-m" or "--module" && i + 1 < words.Count)
            {
                return [LastPart(words[i + 1])];
            }

            if (JavaOptions.Contains(words[i], StringComparer.Ordinal))
            {
                i++;
            }
            else if (!words[i].StartsWith('-') && !words[i].StartsWith('@'))
            {
                return [LastPart(words[i]), words[i]];
            }
        }

        return [];
    }

    private static string LastPart(string mainClass) => mainClass[(mainClass.LastIndexOfAny(['.', '/']) + 1)..];

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];

    // A program can write what it likes over its arguments, even without an end.
    private static string[] Words(int pid) =>
        Encoding.UTF8.GetString(ProcessTable.ReadFile(LibC.AT_FDCWD, SystemCalls.Encode(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline"))) ?? [])
            .TrimEnd('\0')
            .Split('\0');

    // What the kernel keeps of a name.
    private static string Comm(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        return Printable.Text(bytes.AsSpan(0, Math.Min(bytes.Length, MaxCommBytes)));
    }
}
