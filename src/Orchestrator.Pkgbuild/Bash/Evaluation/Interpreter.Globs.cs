namespace Orchestrator.Pkgbuild.Bash;

/// <content>Pathname expansion.</content>
internal sealed partial class Interpreter
{
    private void ExpandGlob(FieldBuffer.Field field, List<string> result)
    {
        var isPattern = field.Pattern.AsSpan().ContainsAny("*?[") || (options.HasExtendedGlobs && field.Pattern.Contains('(', StringComparison.Ordinal));
        if (!isPattern || IsLoneBracket(field.Text))
        {
            result.Add(field.Text);
            return;
        }

        KnowFiles();
        var ignoresCase = options.Shopt.Contains("nocaseglob");
        List<string> found = [];
        var segments = field.Pattern.Split('/');
        Find(segments, 0, "", found, ignoresCase);
        if (found.Count > 0)
        {
            found.Sort(StringComparer.Ordinal);
            result.AddRange(found);
        }
        else if (options.Shopt.Contains("failglob"))
        {
            throw Error($"no match: {field.Text}");
        }
        else if (!options.Shopt.Contains("nullglob"))
        {
            result.Add(field.Text);
        }
    }

    // "[" and "[[" of a word that is no test, and a bracket that is not closed: no pattern, and no reason to look at files.
    private static bool IsLoneBracket(string text) => text.Contains('[', StringComparison.Ordinal) && !text.AsSpan().ContainsAny("*?") && !text.Contains(']', StringComparison.Ordinal);

    private void Find(string[] segments, int index, string prefix, List<string> found, bool ignoresCase)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var segment = segments[index];
        var isLast = index == segments.Length - 1;
        var folder = prefix.Length == 0 ? directory : Path.Combine(directory, prefix);
        if (segment.Length == 0)
        {
            // A leading, a doubled or a trailing slash.
            if (!isLast)
            {
                Find(segments, index + 1, prefix + "/", found, ignoresCase);
            }
            else if (Directory.Exists(folder))
            {
                found.Add(prefix);
            }

            return;
        }

        if (!segment.AsSpan().ContainsAny("*?[") && !(options.HasExtendedGlobs && segment.Contains('(', StringComparison.Ordinal)))
        {
            var name = Unescape(segment);
            var path = Path.Combine(folder, name);
            if (isLast ? Path.Exists(path) : Directory.Exists(path))
            {
                Descend(name);
            }

            return;
        }

        if (segment == "**" && options.Shopt.Contains("globstar"))
        {
            throw new UnknownValueException(new(place, "'**' of globstar is not evaluated here"));
        }

        var pattern = options.HasExtendedGlobs ? Compile(segment, hasExtendedGlobs: true, ignoresCase) : Pattern.Compile(segment, hasExtendedGlobs: false, ignoresCase);
        var matchesHidden = segment[0] == '.' || segment.StartsWith("\\.", StringComparison.Ordinal) || options.Shopt.Contains("dotglob");
        try
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { AttributesToSkip = 0, MatchType = MatchType.Simple }))
            {
                var name = Path.GetFileName(entry);
                if ((matchesHidden || name[0] != '.') && pattern.IsMatch(name) && (isLast || Directory.Exists(entry)))
                {
                    Descend(name);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be listed has nothing in it, as for bash.
        }

        void Descend(string name)
        {
            if (isLast)
            {
                found.Add(prefix + name);
            }
            else
            {
                Find(segments, index + 1, $"{prefix}{name}/", found, ignoresCase);
            }
        }
    }

    private static string Unescape(string pattern)
    {
        System.Text.StringBuilder result = new();
        for (var index = 0; index < pattern.Length; index++)
        {
            index += pattern[index] == '\\' && index + 1 < pattern.Length ? 1 : 0;
            result.Append(pattern[index]);
        }

        return result.ToString();
    }
}
