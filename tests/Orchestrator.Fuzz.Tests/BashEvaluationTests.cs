using System.Globalization;
using Orchestrator.Pkgbuild.Bash;

namespace Orchestrator.Fuzz.Tests;

/// <summary>Our evaluation of bash against bash.</summary>
public sealed class BashEvaluationTests
{
    private const int Scripts = 2_000;

    /// <summary>How many differences a failure shows.</summary>
    private const int Shown = 20;

    /// <summary>2,000 scripts, the same in each run; 100,000 with ORCHESTRATOR_TEST_FUZZ=50.</summary>
    [Fact]
    public void A_script_has_the_values_that_bash_gives_it()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "there is no /bin/bash");

        // Files for patterns to match. They are nobody's rubbish where the test is killed, and the same each time.
        var directory = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "fuzz")).FullName;
        File.WriteAllText(Path.Combine(directory, "ab"), "");
        File.WriteAllText(Path.Combine(directory, "a1"), "");
        using BashOracle bash = new(directory);
        var (tried, unknown) = (0, 0);
        List<string> different = [];
        for (; tried < Scripts * Fuzz.Factor; tried++)
        {
            var script = BashScripts.Create((ulong)tried);
            if (Evaluate(script, directory) is not { } read)
            {
                unknown++;
            }
            else if (Differs(script, read, bash, out _))
            {
                different.Add(script);
            }
        }

        // All of them are found in one run; what is shown is short.
        var shown = different.Take(Shown).Select(script => Describe(Reduce(script, shorter => Differs(shorter, Evaluate(shorter, directory), bash, out _)), directory, bash));
        Assert.True(different.Count == 0, $"{different.Count} of {tried} differ:{string.Concat(shown)}");

        // What is not known is honest, but would also be an easy way to be right.
        Assert.InRange(unknown, 0, tried / 10);
    }

    [Fact]
    public void Any_text_is_parsed_or_refused() => Fuzz.Check(
        Fuzz.Mutated(BashScripts.Script),
        text =>
        {
            try
            {
                var script = ScriptParser.Parse(new(text, "fuzz"));
                foreach (var function in ((ShellCommand.Sequence)script).Items.Select(item => item.Command).OfType<ShellCommand.Function>())
                {
                    // What is printed is bash again, and prints the same.
                    var printed = string.Join('\n', CommandPrinter.PrintFunction(function));
                    var again = ((ShellCommand.Sequence)ScriptParser.Parse(new($"{function.Name} ()\n{printed}", "again"))).Items[0].Command;
                    Assert.Equal(printed, string.Join('\n', CommandPrinter.PrintFunction((ShellCommand.Function)again)));
                }
            }
            catch (BashSyntaxException)
            {
                // Most of them are.
            }
        });

    /// <summary>Whether bash has other values, where all are known.</summary>
    private static bool Differs(string script, List<string>? read, BashOracle bash, out List<string>? evaluated)
    {
        evaluated = null;
        return read is not null && (evaluated = bash.Evaluate(script)) is { } values && !values.SequenceEqual(read) && !(read is ["ended", "2"] && values is [] or [_, "2", ..]);
    }

    private static string Describe(string script, string directory, BashOracle bash)
    {
        var read = Evaluate(script, directory)!;
        _ = Differs(script, read, bash, out var evaluated);
        return $"\n--- {script}\nbash: {string.Join(" | ", evaluated!)}\nread: {string.Join(" | ", read)}";
    }

    /// <summary>Leaves lines and commands out, as long as there is still a difference.</summary>
    private static string Reduce(string script, Func<string, bool> differs)
    {
        foreach (var separator in new[] { "\n", "; " })
        {
            List<string> pieces = [.. script.Split(separator)];
            for (var (index, left) = (pieces.Count - 1, pieces.Count); index >= 0; index--)
            {
                List<string> fewer = [.. pieces[..index], .. pieces[(index + 1)..]];
                var shorter = string.Join(separator, fewer);
                if (differs(shorter))
                {
                    pieces = fewer;
                }

                if (index == 0 && pieces.Count < left)
                {
                    (index, left) = (pieces.Count, pieces.Count);
                }
            }

            script = string.Join(separator, pieces);
        }

        return script;
    }

    /// <summary>What the interpreter finds, as the oracle prints it; null if something is not known.</summary>
    private static List<string>? Evaluate(string text, string directory)
    {
        ScriptText source = new(text, "/script");
        Interpreter interpreter = new(source, directory, new Dictionary<string, string> { ["HOME"] = "/home/of", ["LC_ALL"] = "C.UTF-8" }, CancellationToken.None);
        List<string> tokens = ["ended"];
        try
        {
            interpreter.SetArguments([text]);
            tokens.Add(interpreter.Source(ScriptParser.Parse(source)).ToString(CultureInfo.InvariantCulture));
            if (interpreter.StatusReason is not null)
            {
                return null;
            }
        }
        catch (UnknownFlowException)
        {
            return null;
        }
        catch (ShellErrorException exception) when (exception.IsLimit)
        {
            // set -- "$@" "$@" in loops: bash would go on for hours.
            return null;
        }
        catch (ShellErrorException)
        {
            // It ends the shell.
            return [];
        }
        catch (BashSyntaxException)
        {
            // bash has run the lines before it.
            return ["ended", "2"];
        }

        foreach (var name in BashScripts.Scalars.Concat(BashScripts.Arrays).Append(BashScripts.Map))
        {
            if (interpreter.Variables.Find(name) is not { } variable)
            {
                continue;
            }

            if (variable.Unknown is not null)
            {
                return null;
            }

            if (variable.IsArray || variable.Has(VariableAttributes.Indexed | VariableAttributes.Associative))
            {
                tokens.AddRange(["array", name]);
                tokens.AddRange(variable.Keys.Zip(variable.Values).SelectMany(member => new[] { member.First, member.Second }));
            }
            else if (variable.Scalar is { } value)
            {
                tokens.AddRange(["string", name, value]);
            }
        }

        return tokens;
    }
}
