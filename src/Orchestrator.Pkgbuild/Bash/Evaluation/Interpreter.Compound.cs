namespace Orchestrator.Pkgbuild.Bash;

/// <content>Lists, pipelines and compound commands.</content>
internal sealed partial class Interpreter
{
    private int RunSequence(ShellCommand.Sequence sequence)
    {
        var status = 0;
        foreach (var (command, isBackground) in sequence.Items)
        {
            status = isBackground ? RunInBackground(command) : Run(command);
            if (flow != Flow.Normal)
            {
                return status;
            }

            ExitOnError(command, status);
        }

        return status;
    }

    // A list that runs beside the script changes none of its variables; what it prints comes whenever it comes.
    private int RunInBackground(ShellCommand command)
    {
        output.Taint(new(script.PlaceOf(command.Start), "it prints while something else runs"));
        InSubshell(() => Run(command));
        return 0;
    }

    // set -e: not for what is tested, and not for all but the last of a list of && and ||.
    private void ExitOnError(ShellCommand command, int status)
    {
        if (!options.ExitsOnError || status == 0 || ignoresErrors > 0 || command is ShellCommand.AndOr or ShellCommand.Pipeline { IsNegated: true })
        {
            return;
        }

        throw status == Unknown
            ? new UnknownFlowException(statusReason!)
            : Error("a command failed, and set -e ends the script", script.PlaceOf(command.Start));
    }

    private int ignoresErrors;

    private int RunTested(ShellCommand command)
    {
        ignoresErrors++;
        try
        {
            return Run(command);
        }
        finally
        {
            ignoresErrors--;
        }
    }

    private int RunAndOr(ShellCommand.AndOr andOr)
    {
        var left = RunTested(andOr.Left);
        if (flow != Flow.Normal)
        {
            return left;
        }

        if (left != Unknown)
        {
            return (left == 0) == andOr.IsAnd ? Run(andOr.Right) : left;
        }

        var reason = statusReason!;
        Taint(andOr.Right, reason);
        statusReason = reason;
        return !andOr.IsAnd && andOr.Right is ShellCommand.Simple { Assignments.Count: 0, Arguments: [{ Word.Bare: "true" or ":" }, ..] } ? 0 : Unknown;
    }

    private int RunPipeline(ShellCommand.Pipeline pipeline)
    {
        var status = 0;
        if (pipeline.Commands.Count == 1)
        {
            status = pipeline.IsNegated ? RunTested(pipeline.Commands[0]) : Run(pipeline.Commands[0]);
        }
        else
        {
            var outerInput = input;
            try
            {
                for (var index = 0; index < pipeline.Commands.Count; index++)
                {
                    // The last one may be another shell's as well as its own; makepkg has lastpipe off.
                    var command = pipeline.Commands[index];
                    if (index == pipeline.Commands.Count - 1)
                    {
                        status = InSubshell(() => Run(command));
                    }
                    else
                    {
                        var (text, unknown) = Capture(command, script);
                        input = unknown is null ? new(text) : new(unknown);
                    }
                }
            }
            finally
            {
                input = outerInput;
            }
        }

        return status == Unknown || !pipeline.IsNegated ? status : status == 0 ? 1 : 0;
    }

    private int RunIf(ShellCommand.If conditional)
    {
        var condition = RunTested(conditional.Condition);
        if (flow != Flow.Normal)
        {
            return condition;
        }

        if (condition == Unknown)
        {
            var reason = statusReason!;
            Taint(conditional.Then, reason);
            if (conditional.Else is { } tainted)
            {
                Taint(tainted, reason);
            }

            statusReason = reason;
            return Unknown;
        }

        return condition == 0 ? Run(conditional.Then) : conditional.Else is { } otherwise ? Run(otherwise) : 0;
    }

    private int RunWhile(ShellCommand.While loop)
    {
        var status = 0;
        loops++;
        while (true)
        {
            var condition = RunTested(loop.Condition);
            if (condition == Unknown)
            {
                Taint(loop, statusReason!);
                status = Unknown;
                break;
            }

            if (flow != Flow.Normal || (condition == 0) == loop.IsUntil)
            {
                break;
            }

            status = Run(loop.Body);
            if (EndsLoop())
            {
                break;
            }
        }

        loops--;
        return status;
    }

    private int RunFor(ShellCommand.For loop)
    {
        if (loop.IsSelect)
        {
            return RunUnknown("select waits for somebody's choice", loop);
        }

        List<string> values;
        try
        {
            values = loop.Words is { } words ? ExpandWords(words) : [.. arguments];
        }
        catch (UnknownValueException exception)
        {
            Taint(loop, exception.Unknown);
            statusReason = exception.Unknown;
            return Unknown;
        }

        var status = 0;
        loops++;
        foreach (var value in values)
        {
            try
            {
                Assign(loop.Name, value);
            }
            catch (UnknownValueException exception)
            {
                // The value of a variable that has -i is an expression.
                MarkUnknown(loop.Name, exception.Unknown);
            }

            status = Run(loop.Body);
            if (EndsLoop())
            {
                break;
            }
        }

        loops--;
        return status;
    }

    private int RunArithmeticFor(ShellCommand.ArithmeticFor loop) => Guarded(
        () =>
        {
            var status = 0;
            loops++;
            EvaluateArithmetic(ExpandQuotedText(loop.Initialization));
            while (ExpandQuotedText(loop.Condition).Trim() is not { Length: > 0 } condition || EvaluateArithmetic(condition) != 0)
            {
                status = Run(loop.Body);
                if (EndsLoop())
                {
                    break;
                }

                EvaluateArithmetic(ExpandQuotedText(loop.Step));
            }

            loops--;
            return status;
        },
        loop);

    /// <summary>Whether a loop ends after a turn, by <c>break</c> or for a reason from outside.</summary>
    private bool EndsLoop()
    {
        switch (flow)
        {
            case Flow.Break or Flow.Continue when flowCount > 1 && loops > 1:
                flowCount--;
                return true;
            case Flow.Break:
                flow = Flow.Normal;
                return true;
            case Flow.Continue:
                flow = Flow.Normal;
                return false;
            default:
                return flow != Flow.Normal;
        }
    }

    private int RunCase(ShellCommand.Case choice)
    {
        var status = 0;
        try
        {
            var subject = ExpandText(choice.Subject, splits: true);
            var runsNext = false;
            foreach (var clause in choice.Clauses)
            {
                if (!runsNext && !clause.Patterns.Any(pattern => Matches(subject, pattern, options.HasExtendedGlobs)))
                {
                    continue;
                }

                status = clause.Body is { } body ? Run(body) : 0;
                runsNext = clause.Terminator == ";&";
                if (clause.Terminator == ";;" || flow != Flow.Normal)
                {
                    break;
                }
            }
        }
        catch (UnknownValueException exception)
        {
            Taint(choice, exception.Unknown);
            statusReason = exception.Unknown;
            return Unknown;
        }

        return status;
    }

    private bool Matches(string text, Word pattern, bool hasExtendedGlobs) =>
        pattern.Constant is { } constant && !constant.AsSpan().ContainsAny("*?[\\(") && !options.IgnoresCase
            ? text == constant
            : Compile(ExpandPattern(pattern), hasExtendedGlobs, options.IgnoresCase).IsMatch(text);
}
