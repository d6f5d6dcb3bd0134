using System.Diagnostics;
using System.Text;
using Orchestrator.Pkgbuild.Bash;

namespace Orchestrator.Fuzz.Tests;

/// <summary>A bash that evaluates scripts, each in a shell of its own, and tells what their variables are.</summary>
internal sealed class BashOracle : IDisposable
{
    /// <summary>Each script is sourced in a function, as makepkg does; then all variables are printed, with a NUL after each token.</summary>
    private const string Loop =
        """
        run() { eval "$1"; }
        print() {
            local n k
            for n in x y z a b m; do
                declare -p "$n" &>/dev/null || continue
                local -n r=$n
                case ${r@a} in
                    *A*|*a*) printf '%s\0' array "$n"; for k in "${!r[@]}"; do printf '%s\0' "$k" "${r[$k]}"; done ;;
                    *) [[ -v $n ]] && printf '%s\0' string "$n" "$r" ;;
                esac
                unset -n r
            done
        }
        while IFS= read -r -d '' script; do
            ( run "$script" >/dev/null 2>/dev/null </dev/null
              status=$?
              unset IFS; set +efu; shopt -u extglob
              printf '%s\0' ended "$status"; print ) 2>/dev/null
            (( $? < 128 )) || printf 'crashed\0'
            printf 'next\0'
        done
        """;

    /// <summary>What a script is said to yield at which bash hangs, or dies with the loop around it.</summary>
    internal const string Gone = "bash is gone";

    private readonly string directory;
    private Process process;

    internal BashOracle(string directory)
    {
        this.directory = directory;
        process = Start();
    }

    private Process Start()
    {
        ProcessStartInfo start = new("/bin/bash", ["--norc", "--noprofile", "-c", Loop, "bash"])
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        start.Environment.Clear();
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["PATH"] = "/nonexistent";
        start.Environment["HOME"] = "/home/of";
        return Process.Start(start)!;
    }

    /// <summary>
    /// What it printed: <c>ended</c>, the status, then the variables; nothing if the script ended the shell; null if bash
    /// crashed, which it does for some arrays in substitutions in arrays (5.2).
    /// </summary>
    internal List<string>? Evaluate(string script)
    {
        // Every script ends; one that does not is a fault of the generator, or of bash, and not a test that hangs.
        using Timer deadline = new(_ => process.Kill(entireProcessTree: true), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        var output = process.StandardOutput.BaseStream;
        process.StandardInput.Write(script + "\0");
        process.StandardInput.Flush();
        List<string> tokens = [];
        List<byte> token = [];
        while (true)
        {
            var value = output.ReadByte();
            if (value > 0)
            {
                token.Add((byte)value);
                continue;
            }

            if (value < 0)
            {
                process.Dispose();
                process = Start();
                return [Gone];
            }

            var text = ByteText.Decode([.. token]);
            token.Clear();
            if (text == "next")
            {
                return tokens is [.., "crashed"] ? null : tokens;
            }

            tokens.Add(text);
        }
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
