using System.Runtime.CompilerServices;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>
/// Evaluates a script of bash without running anything: no program, and nothing that writes a file. A value that depends
/// on a program is not known, and neither is what is made of it; the rest is as bash would have it.
/// </summary>
internal sealed partial class Interpreter
{
    /// <summary>More commands than any script has that only sets variables.</summary>
    private const int MaximumCommands = 500_000;

    /// <summary>Nested calls, of functions and of texts that are evaluated.</summary>
    private const int MaximumCalls = 60;

    private readonly CancellationToken cancellationToken;
    private readonly Budget budget;
    private readonly string home;
    private VariableTable variables = new();
    private Dictionary<string, ShellCommand.Function> functions = [];
    private Dictionary<string, UnknownValue> unknownFunctions = [];
    private List<string> arguments;
    private ShellOptions options = new();
    private string directory;
    private int calls;
    private int loops;
    private Place place;
    private ScriptText script;

    // What ends more than the command that says so.
    private Flow flow;
    private int flowCount;

    // Why a status is Unknown.
    private UnknownValue? statusReason;
    private int lastStatus;

    // Why the files of the machine may not be what bash would see: something that is not run would have run before.
    private UnknownValue? filesReason;

    private OutputSink output = OutputSink.Discard;
    private OutputSink errorOutput = OutputSink.Discard;
    private TextInput input = TextInput.Empty;

    /// <param name="script">The script.</param>
    /// <param name="directory">The folder that it runs in.</param>
    /// <param name="environment">The variables that it begins with.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal Interpreter(ScriptText script, string directory, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        (this.script, this.directory, this.cancellationToken) = (script, directory, cancellationToken);
        budget = new();
        arguments = [script.File];
        place = new(script.File, 1, 1);
        foreach (var (name, value) in environment)
        {
            variables.AddGlobal(name).Scalar = value;
            variables.AddGlobal(name).IsAssigned = true;
            variables.AddGlobal(name).Attributes = VariableAttributes.Exported;
        }

        home = environment.GetValueOrDefault("HOME", "/");
        SetScalar("PWD", directory);
    }

    /// <summary>The status of a command that is not known: <see cref="statusReason"/> says why.</summary>
    private const int Unknown = -1;

    /// <summary>Why the status of the script is not known; null if it is.</summary>
    internal UnknownValue? StatusReason { get; private set; }

    /// <summary>Where the command is that ran last at the top level.</summary>
    internal Place LastPlace { get; private set; }

    /// <summary>Variables that the script has set, and those of the environment.</summary>
    internal VariableTable Variables => variables;

    /// <summary>Functions that the script has defined.</summary>
    internal IReadOnlyDictionary<string, ShellCommand.Function> Functions => functions;

    /// <summary>Functions of which it is not known whether, or how, they are defined.</summary>
    internal IReadOnlyDictionary<string, UnknownValue> UnknownFunctions => unknownFunctions;

    /// <summary>Runs the script in a function, as makepkg does: what it declares with <c>declare</c> is gone afterwards.</summary>
    /// <returns>The status of its last command; no number of use where there is a <see cref="StatusReason"/>.</returns>
    /// <exception cref="ShellErrorException">It fails.</exception>
    /// <exception cref="UnknownFlowException">What it does depends on running a program.</exception>
    internal int Source(ShellCommand commands)
    {
        variables.Push();
        int status;
        try
        {
            status = Run(commands);
        }
        catch (UnknownValueException exception)
        {
            // It came out of where nothing stands to be marked: what follows is not known.
            throw new UnknownFlowException(exception.Unknown);
        }

        LastPlace = place;
        if (flow == Flow.Exit)
        {
            throw status == Unknown ? new UnknownFlowException(statusReason!) : Error($"the PKGBUILD ended the shell that read it (exit status {status})");
        }

        variables.Pop();
        flow = Flow.Normal;
        StatusReason = status == Unknown ? statusReason : null;
        return status;
    }

    /// <summary>Runs a line of a function in a scope of its own, as makepkg does to find what a package overrides.</summary>
    internal void RunLine(ScriptText line, ShellCommand command)
    {
        var outer = script;
        script = line;
        try
        {
            Run(command);
        }
        catch (UnknownValueException exception)
        {
            throw new UnknownFlowException(exception.Unknown);
        }
        finally
        {
            script = outer;
            flow = Flow.Normal;
        }
    }

    /// <summary>Sets a variable, as the program does that reads the script.</summary>
    internal void Set(string name, string value) => Assign(name, value);

    /// <summary>Sets <c>$1</c> and so on.</summary>
    internal void SetArguments(List<string> values) => arguments = values;

    /// <summary>Options that a line of a function is parsed and run with.</summary>
    internal void UseExtendedGlobs(bool value) => options.HasExtendedGlobs = value;

    private int Run(ShellCommand command)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (++budget.Commands > MaximumCommands)
        {
            throw new ShellErrorException($"the script does not end: it ran {MaximumCommands} commands; its top level must only set variables and define functions", place, isLimit: true);
        }

        if ((budget.Commands & 255) == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        place = script.PlaceOf(command.Start);
        if (command.Redirections.Count == 0 || command is ShellCommand.Simple)
        {
            return lastStatus = RunUnredirected(command);
        }

        using (Redirect(command.Redirections))
        {
            return lastStatus = RunUnredirected(command);
        }
    }

    private int RunUnredirected(ShellCommand command) => command switch
    {
        ShellCommand.Simple simple => RunSimple(simple),
        ShellCommand.Sequence sequence => RunSequence(sequence),
        ShellCommand.AndOr andOr => RunAndOr(andOr),
        ShellCommand.Pipeline pipeline => RunPipeline(pipeline),
        ShellCommand.Group group => Run(group.Body),
        ShellCommand.Subshell subshell => InSubshell(() => Run(subshell.Body)),
        ShellCommand.If conditional => RunIf(conditional),
        ShellCommand.While loop => RunWhile(loop),
        ShellCommand.For loop => RunFor(loop),
        ShellCommand.ArithmeticFor loop => RunArithmeticFor(loop),
        ShellCommand.Case choice => RunCase(choice),
        ShellCommand.Arithmetic arithmetic => Guarded(() => TestArithmetic(arithmetic.Expression), command),
        ShellCommand.Conditional conditional => Guarded(() => Test(conditional.Expression) ? 0 : 1, command),
        ShellCommand.Function function => Define(function),
        ShellCommand.Coprocess => RunUnknown("coproc starts a process", null),
        _ => throw new NotSupportedException(command.GetType().Name),
    };

    // What is no expression is an error of this command, and the script goes on.
    private int TestArithmetic(Word expression)
    {
        var text = ExpandQuotedText(expression);
        var assignments = arithmeticAssignments;
        try
        {
            return Arithmetic.Evaluate(text, this) != 0 ? 0 : 1;
        }
        catch (ArithmeticException)
        {
            KnowAssignments(assignments);
            Complain();
            return 1;
        }
    }

    /// <summary>The status of what needs a value that is not known is not known either; what it assigns is not, too.</summary>
    private int Guarded(Func<int> run, ShellCommand command)
    {
        try
        {
            return run();
        }
        catch (UnknownValueException exception)
        {
            Taint(command, exception.Unknown);
            statusReason = exception.Unknown;
            return Unknown;
        }
    }

    private int Define(ShellCommand.Function function)
    {
        functions[function.Name] = function;
        unknownFunctions.Remove(function.Name);
        return 0;
    }

    /// <summary>Runs something that changes nothing of this shell.</summary>
    private int InSubshell(Func<int> run)
    {
        var saved = (variables, functions, unknownFunctions, arguments, options, directory, loops);
        variables = variables.Clone();
        functions = new(functions);
        unknownFunctions = new(unknownFunctions);
        arguments = [.. arguments];
        options = options.Clone();
        try
        {
            return run();
        }
        catch (ShellErrorException exception) when (!exception.IsLimit)
        {
            Complain();
            return 1;
        }
        finally
        {
            (variables, functions, unknownFunctions, arguments, options, directory, loops) = saved;
            flow = Flow.Normal;
        }
    }

    /// <summary>What commands print, in a subshell; or why that is not known.</summary>
    private (string Text, UnknownValue? Unknown) Capture(ShellCommand body, ScriptText source)
    {
        var (outerOutput, outerScript) = (output, script);
        (output, script) = (OutputSink.Capture(budget), source);
        try
        {
            substitutionStatus = InSubshell(() => Run(body));
            return (output.Text, output.Unknown);
        }
        finally
        {
            (output, script) = (outerOutput, outerScript);
        }
    }

    private int substitutionStatus;

    /// <summary>A command that is not run: what it prints and how it ends is not known.</summary>
    private int RunUnknown(string reason, ShellCommand? tainted, bool changesFiles = true)
    {
        UnknownValue unknown = new(place, reason);
        filesReason ??= changesFiles ? unknown : null;
        if (tainted is not null)
        {
            Taint(tainted, unknown);
        }

        output.Taint(unknown);
        errorOutput.Taint(unknown);
        statusReason = unknown;
        return Unknown;
    }

    private ShellErrorException Error(string message, Place? at = null) => new(message, at ?? place);

    private enum Flow
    {
        Normal,
        Break,
        Continue,
        Return,
        Exit,
    }

    /// <summary>What all of a script may use.</summary>
    internal sealed class Budget
    {
        /// <summary>More characters than any metadata has.</summary>
        private const long MaximumCharacters = 16 << 20;

        private long characters;

        internal int Commands { get; set; }

        internal void Take(int length, Place place)
        {
            characters += length;
            if (characters > MaximumCharacters)
            {
                throw new ShellErrorException($"the script makes more than {MaximumCharacters} characters; its top level must only set variables and define functions", place, isLimit: true);
            }
        }
    }
}
