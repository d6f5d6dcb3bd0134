namespace Orchestrator.Pkgbuild.Bash;

/// <content><c>set</c> and <c>shopt</c>.</content>
internal sealed partial class Interpreter
{
    private int Set(List<string> words)
    {
        for (var index = 1; index < words.Count; index++)
        {
            var word = words[index];
            if (word is "--" or "-" || word is not ['-' or '+', ..])
            {
                arguments = words[(index + (word is "--" or "-" ? 1 : 0))..];
                return 0;
            }

            var isOn = word[0] == '-';
            foreach (var letter in word.AsSpan(1))
            {
                if (letter == 'o')
                {
                    index++;
                    SetOption(words.ElementAtOrDefault(index) ?? "", isOn);
                }
                else
                {
                    SetOption(letter, isOn);
                }
            }
        }

        if (words.Count == 1)
        {
            output.Taint(new(place, "set prints all variables of the shell that reads the file"));
        }

        return 0;
    }

    private void SetOption(string name, bool isOn)
    {
        switch (name)
        {
            case "errexit":
                SetOption('e', isOn);
                break;
            case "nounset":
                SetOption('u', isOn);
                break;
            case "noglob":
                SetOption('f', isOn);
                break;
            case "posix" or "noexec" or "nolog":
                throw new UnknownFlowException(new(place, $"set -o {name} is not evaluated here"));
            default:
                // pipefail changes a status that is not known here in most cases.
                SetOption(name == "pipefail" ? 'P' : '?', isOn);
                break;
        }
    }

    private void SetOption(char letter, bool isOn)
    {
        switch (letter)
        {
            case 'e':
                options.ExitsOnError = isOn;
                break;
            case 'u':
                options.RefusesUnset = isOn;
                break;
            case 'f':
                options.HasNoGlobs = isOn;
                break;
            case 'n' or 't' or 'k' or 'P' when isOn:
                throw new UnknownFlowException(new(place, letter == 'P' ? "pipefail is not evaluated here" : $"set -{letter} is not evaluated here"));
            default:
                break;
        }
    }

    private int Shopt(List<string> words)
    {
        var (isSetting, isOn, isQuiet, isOptionOfSet, status) = (false, false, false, false, 0);
        foreach (var word in words.Skip(1))
        {
            if (word is ['-', ..])
            {
                isSetting |= word.AsSpan().ContainsAny('s', 'u');
                isOn |= word.Contains('s', StringComparison.Ordinal);
                isQuiet |= word.Contains('q', StringComparison.Ordinal);
                isOptionOfSet |= word.Contains('o', StringComparison.Ordinal);
            }
            else if (isSetting && isOptionOfSet)
            {
                SetOption(word, isOn);
            }
            else if (isSetting)
            {
                if (word is "expand_aliases" or "compat31" or "compat32" or "compat40" or "lastpipe" && isOn)
                {
                    throw new UnknownFlowException(new(place, $"shopt -s {word} is not evaluated here"));
                }

                _ = isOn ? options.Shopt.Add(word) : options.Shopt.Remove(word);
            }
            else
            {
                status = options.Shopt.Contains(word) ? status : 1;
                if (!isQuiet)
                {
                    Write($"shopt {(options.Shopt.Contains(word) ? "-s" : "-u")} {word}\n");
                }
            }
        }

        return status;
    }
}
