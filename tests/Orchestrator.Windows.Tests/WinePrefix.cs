using System.Diagnostics;

namespace Orchestrator.Windows.Tests;

/// <summary>A Windows of its own for one run, removed with all of its processes.</summary>
internal sealed class WinePrefix : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3); // for the first start, which makes it

    private WinePrefix()
    {
    }

    /// <summary>Holds the prefix, a home, and what tests write.</summary>
    internal string Folder { get; } = Directory.CreateTempSubdirectory("orchestrator-wine-").FullName;

    /// <summary>Whether <c>bash-view.sh</c> can make the view of the system that its bash has.</summary>
    internal bool HasNamespaces => Start(Deadline, new Dictionary<string, string>(), "unshare", ["--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc", "true"]).Status == 0;

    internal static WinePrefix Create()
    {
        var wine = new WinePrefix();
        try
        {
            // .NET wants a Windows that is not as old as wine's own choice; and windows can be there without a display.
            Directory.CreateDirectory(Path.Combine(wine.Folder, "home"));
            wine.Run("wine", "reg", "add", @"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f");
            wine.Run("wine", "reg", "add", @"HKCU\Software\Wine\Drivers", "/v", "Graphics", "/d", "null", "/f");
            wine.Run("wineserver", "--kill"); // what runs already has not seen that
            return wine;
        }
        catch
        {
            wine.Dispose();
            throw;
        }
    }

    /// <summary>What a path of ours is called inside.</summary>
    internal static string PathOf(string path) => "Z:" + path.Replace('/', '\\');

    /// <summary>Runs a program, which must succeed.</summary>
    internal void Run(string program, params string[] arguments)
    {
        var (status, output) = Start(Deadline, new Dictionary<string, string>(), program, arguments);
        if (status != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit status {status}\n{output}");
        }
    }

    /// <summary>Runs a program and waits for its end.</summary>
    /// <returns>Its exit status, and what it printed; a status of -1 if it did not end in time.</returns>
    internal (int Status, string Output) Start(TimeSpan deadline, IReadOnlyDictionary<string, string> environment, string program, string[] arguments)
    {
        // Into a file: what wine starts beside the program would hold a pipe open. And with addresses as they come, where the
        // kernel lets us: at random ones, a program now and then finds the page that wine wants for itself (0x7ffe0000)
        // taken, and ends before it has begun ("failed to map the shared user data", dlls/ntdll/unix/virtual.c;
        // CreateProcessW says 1359).
        const string Script = """
            exec >"$0" 2>&1 </dev/null
            setarch "$(uname -m)" -R true && exec setarch "$(uname -m)" -R "$@"
            exec "$@"
            """;
        var output = Path.Combine(Folder, "output");
        var start = new ProcessStartInfo("sh", ["-c", Script, output, program, .. arguments])
        {
            Environment =
            {
                ["WINEPREFIX"] = Path.Combine(Folder, "prefix"),
                ["HOME"] = Path.Combine(Folder, "home"),
                ["WINEDEBUG"] = "-all",
                ["CI"] = "",
            },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        if (!process.WaitForExit(deadline))
        {
            process.Kill();
            process.WaitForExit();
        }

        return (process.ExitCode, File.ReadAllText(output));
    }

    public void Dispose()
    {
        _ = Start(Deadline, new Dictionary<string, string>(), "wineserver", ["--kill"]);
        _ = Start(Deadline, new Dictionary<string, string>(), "wineserver", ["--wait"]);
        Directory.Delete(Folder, recursive: true);
    }
}
