using System.Collections;
using System.Text.RegularExpressions;
using Orchestrator.Pkgbuild.Bash;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Reads a PKGBUILD without running anything, as makepkg 6 reads it by running it: its top level in a function, then, of
/// each package function, the lines that assign to a field.
/// </summary>
internal sealed partial class StaticReader
{
    private readonly PkgbuildFile file;
    private readonly PkgbuildReadOptions options;
    private readonly CancellationToken cancellationToken;
    private readonly PkgbuildContents contents = new();
    private readonly List<UnknownField> unknown = [];
    private Interpreter interpreter = null!;

    private StaticReader(PkgbuildFile file, PkgbuildReadOptions options, CancellationToken cancellationToken) =>
        (this.file, this.options, this.cancellationToken) = (file, options, cancellationToken);

    /// <summary>Reads it.</summary>
    /// <exception cref="NeedsEvaluationException">A value depends on running a program.</exception>
    /// <exception cref="PkgbuildException">It is wrong.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal static Pkgbuild Read(PkgbuildFile file, PkgbuildReadOptions options, CancellationToken cancellationToken) =>
        new StaticReader(file, options, cancellationToken).Read();

    private Pkgbuild Read()
    {
        try
        {
            return ReadScript();
        }
        catch (BashSyntaxException exception)
        {
            throw Wrong(exception.Message, exception.Place);
        }
        catch (ShellErrorException exception)
        {
            throw Wrong(exception.Message, exception.Place);
        }
        catch (Exception exception) when (exception is InsufficientExecutionStackException or InsufficientMemoryException)
        {
            throw Wrong($"the PKGBUILD is nested too deep, or makes too much: {exception.Message}", new(file.Path, 0, 0));
        }
        catch (UnknownFlowException exception)
        {
            throw new NeedsEvaluationException([Unknown("PKGBUILD", exception.Unknown)]);
        }
    }

    private Pkgbuild ReadScript()
    {
        ScriptText source = new(file.Text, file.Path);
        var script = ScriptParser.Parse(source);
        var directory = file.StartDirectory;
        interpreter = new(source, directory, BashVariables(directory), cancellationToken);
        if (interpreter.Variables.Find("SOURCE_DATE_EPOCH") is null)
        {
            interpreter.MarkUnknown("SOURCE_DATE_EPOCH", new(default, "makepkg sets SOURCE_DATE_EPOCH to the time of the build"));
        }

        foreach (var name in OperatingSystem.IsWindows() ? BashPath.RewrittenVariables.Append("startdir") : [])
        {
            interpreter.MarkUnknown(name, new(default, $"bash makes a path of its own of {name}"));
        }

        var status = interpreter.Source(script);
        if (status != 0 && interpreter.StatusReason is null)
        {
            throw Wrong($"the last command of the PKGBUILD's top level failed with status {status}", interpreter.LastPlace);
        }

        ReadFields();
        ReadFunctions();
        ThrowIfUnknown();
        if (interpreter.StatusReason is { } reason)
        {
            // Every field is known, but makepkg takes none of them if the last command fails.
            AddUnknown("PKGBUILD", reason);
            ThrowIfUnknown();
        }

        PrepareOverrides();
        foreach (var package in contents.Names)
        {
            ReadOverrides(package);
        }

        ThrowIfUnknown();
        return contents.ToPkgbuild(file, ScriptOutline.Find(source, script));
    }

    /// <summary>The variables that bash would begin with, but for those that would be taken for metadata.</summary>
    private Dictionary<string, string> BashVariables(string directory)
    {
        Dictionary<string, string> variables = [];
        var removed = BashEnvironment.Removals().Select(removal => removal.Key).ToHashSet();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (!removed.Contains(name) && !IsMetadata(name) && VariableName().IsMatch(name))
            {
                variables[name] = (string?)variable.Value ?? "";
            }
        }

        foreach (var (name, value) in MakepkgVariables.Get(options.IsForSrcInfo))
        {
            variables[name] = value;
        }

        variables["LC_ALL"] = "C.UTF-8";
        variables["CARCH"] = options.Architecture;
        variables.TryAdd("CHOST", MachineArchitecture.HostOf(options.Architecture));
        variables["startdir"] = directory;
        variables.Remove("LANGUAGE");
        return variables;
    }

    private static bool IsMetadata(string name) =>
        name is "srcdir" or "pkgdir" or "pkgdirbase" or "pkgname" || PkgbuildSchema.Strings.Contains(name) || PkgbuildSchema.Arrays.Contains(name) ||
        PkgbuildSchema.Strings.Concat(PkgbuildSchema.Arrays).Any(field => name.StartsWith($"{field}_", StringComparison.Ordinal));

    private void ReadFields()
    {
        ReadField("arch");
        ReadField("pkgname");
        var suffixes = Architectures().Select(name => $"_{name}").Prepend("").ToList();
        foreach (var field in PkgbuildSchema.Strings.Concat(PkgbuildSchema.Arrays))
        {
            foreach (var suffix in suffixes)
            {
                ReadField(field + suffix);
            }
        }
    }

    private IEnumerable<string> Architectures() =>
        (contents.Arrays.GetValueOrDefault("arch") ?? (contents.Strings.TryGetValue("arch", out var only) ? [only] : []))
            .Where(name => ArchitectureName().IsMatch(name));

    private void ReadField(string name)
    {
        if (interpreter.Variables.Find(name) is not { } variable || contents.Strings.ContainsKey(name) || contents.Arrays.ContainsKey(name))
        {
            return;
        }

        if (variable.Unknown is { } reason)
        {
            AddUnknown(name, reason);
        }
        else if (variable.Has(VariableAttributes.Associative))
        {
            contents.SetMap(name);
        }
        else if (variable.Indexed is { } indexed)
        {
            contents.Arrays[name] = [.. indexed.Values];
            if (indexed.Count > 0 && indexed.GetKeyAtIndex(indexed.Count - 1) + 1 != indexed.Count)
            {
                contents.Sparse.Add(name);
            }
        }
        else
        {
            contents.Strings[name] = variable.Scalar ?? "";
        }
    }

    private void ReadFunctions()
    {
        foreach (var name in interpreter.Functions.Keys)
        {
            contents.Functions.Add(name);
        }

        foreach (var (name, reason) in interpreter.UnknownFunctions)
        {
            if (name is "pkgver" or "verify" or "prepare" or "build" or "check" or "package" || name.StartsWith("package_", StringComparison.Ordinal))
            {
                AddUnknown($"{name}()", reason);
            }
        }
    }

    // What makepkg sets before it looks for overrides.
    private void PrepareOverrides()
    {
        interpreter.Set("pkgbase", contents.BaseName);
        interpreter.UseExtendedGlobs(true);
        UnknownValue place = new(default, "makepkg sets it to the folder that it builds in");
        interpreter.MarkUnknown("srcdir", place);
        interpreter.MarkUnknown("pkgdirbase", place);
    }

    private void ReadOverrides(string package)
    {
        var functions = interpreter.Functions;
        if (!functions.TryGetValue($"package_{package}", out var function) && !functions.TryGetValue("package", out function))
        {
            return;
        }

        // For each line that looks like an assignment, its kind and name.
        List<(bool IsArray, string Name, string Line)> lines = [];
        foreach (var line in CommandPrinter.PrintFunction(function))
        {
            if (FieldAssignment.TryParse(line) is { } found)
            {
                lines.Add(found);
            }
        }

        var architectures = Architectures().ToList();
        if (lines.Exists(line => line is { IsArray: true, Name: "arch" }) && Evaluate(package, function, lines, isArray: true, "arch") is { } own)
        {
            architectures.AddRange(own.Values);
        }

        foreach (var (isArray, name) in lines.Select(line => (line.IsArray, line.Name)).Distinct().ToList())
        {
            if (!IsField(name, architectures) || Evaluate(package, function, lines, isArray, name) is not { } variable)
            {
                continue;
            }

            if (isArray)
            {
                contents.OverridesOf(package).Arrays[name] = [.. variable.Values];
            }
            else
            {
                contents.OverridesOf(package).Strings[name] = variable.First ?? "";
            }
        }
    }

    private static bool IsField(string name, List<string> architectures) =>
        PkgbuildSchema.Strings.Contains(name) || PkgbuildSchema.Arrays.Contains(name) || name == "pkgname" ||
        architectures.Exists(architecture => name.EndsWith($"_{architecture}", StringComparison.Ordinal) &&
            (PkgbuildSchema.Strings.Contains(name[..^(architecture.Length + 1)]) || PkgbuildSchema.Arrays.Contains(name[..^(architecture.Length + 1)])));

    /// <summary>
    /// A package's own value of a field: each line that assigns to it is run by itself, whatever stands around it, on top
    /// of the global value. One that is no whole command changes nothing.
    /// </summary>
    private Variable? Evaluate(
        string package, ShellCommand.Function function, List<(bool IsArray, string Name, string Line)> lines, bool isArray, string name)
    {
        const string Result = "__reader_value";
        var variables = interpreter.Variables;
        variables.Push();
        try
        {
            variables.AddLocal("pkgname", new() { Scalar = package, IsAssigned = true });
            var result = variables.AddLocal(Result, isArray ? Copy(contents.Arrays.GetValueOrDefault(name), contents.Strings.GetValueOrDefault(name)) : new()
            {
                Indexed = new() { [0] = contents.Strings.GetValueOrDefault(name) ?? (contents.Arrays.GetValueOrDefault(name) is [var first, ..] ? first : "") },
                Attributes = VariableAttributes.Indexed,
                IsAssigned = true,
            });
            AssignmentPlaces places = new(function, name);
            foreach (var (_, _, line) in lines.Where(line => line.IsArray == isArray && line.Name == name))
            {
                RunLine(new(Result + line[name.Length..], file.Path, places.PlaceOf(line)));
            }

            if (result.Unknown is { } reason)
            {
                AddUnknown($"{function.Name}(): {name}", reason);
                return null;
            }

            return result;
        }
        catch (UnknownFlowException exception)
        {
            AddUnknown($"{function.Name}(): {name}", exception.Unknown);
            return null;
        }
        finally
        {
            variables.Pop();
        }
    }

    private void RunLine(ScriptText line)
    {
        try
        {
            interpreter.RunLine(line, ScriptParser.Parse(line, hasExtendedGlobs: true));
        }
        catch (BashSyntaxException)
        {
            // Its value goes on in the next line; makepkg says so, and takes the global value.
        }
    }

    private static Variable Copy(IReadOnlyList<string>? values, string? scalar)
    {
        Variable variable = new() { IsAssigned = true };
        var indexed = variable.MakeIndexed();
        foreach (var value in values ?? (scalar is null ? [] : [scalar]))
        {
            indexed.Add(indexed.Count, value);
        }

        return variable;
    }

    private void AddUnknown(string name, UnknownValue reason) => unknown.Add(Unknown(name, reason));

    private static UnknownField Unknown(string name, UnknownValue value) => new(name, value.Place.File, value.Place.Line, value.Reason) { Column = value.Place.Column };

    private void ThrowIfUnknown()
    {
        if (unknown.Count > 0)
        {
            throw new NeedsEvaluationException([.. unknown.OrderBy(field => field.Line).ThenBy(field => field.Column)]);
        }
    }

    private static PkgbuildException Wrong(string message, Place place) => new(MakepkgExitCode.PkgbuildError, message, place.File, place.Line) { Column = place.Column };

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariableName();

    [GeneratedRegex("^[A-Za-z0-9_]+$")]
    private static partial Regex ArchitectureName();
}
