namespace Orchestrator.Pkgbuild;

/// <summary>
/// The order of versions without epoch and release that pacman took over from RPM: runs of digits are compared as numbers,
/// runs of letters as text, a number is newer than letters, and what lies between separates only.
/// </summary>
internal static class VersionOrder
{
    /// <returns>-1, 0 or 1.</returns>
    internal static int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (left.SequenceEqual(right))
        {
            return 0;
        }

        while (!left.IsEmpty && !right.IsEmpty)
        {
            var leftGap = CountWhile(left, character => !char.IsAsciiLetterOrDigit(character));
            var rightGap = CountWhile(right, character => !char.IsAsciiLetterOrDigit(character));
            left = left[leftGap..];
            right = right[rightGap..];
            if (left.IsEmpty || right.IsEmpty)
            {
                break;
            }

            if (leftGap != rightGap)
            {
                return leftGap < rightGap ? -1 : 1;
            }

            var order = char.IsAsciiDigit(left[0])
                ? CompareNumbers(Take(ref left, char.IsAsciiDigit), Take(ref right, char.IsAsciiDigit))
                : CompareLetters(Take(ref left, char.IsAsciiLetter), Take(ref right, char.IsAsciiLetter));
            if (order != 0)
            {
                return order;
            }
        }

        return CompareRest(left, right);
    }

    // Where one is used up: letters that follow make a version older (1.0rc < 1.0), anything else makes it newer.
    private static int CompareRest(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (left.IsEmpty && right.IsEmpty)
        {
            return 0;
        }

        return left.IsEmpty
            ? char.IsAsciiLetter(right[0]) ? 1 : -1
            : char.IsAsciiLetter(left[0]) ? -1 : 1;
    }

    private static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (right.IsEmpty)
        {
            return 1;
        }

        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length
            ? left.Length < right.Length ? -1 : 1
            : Math.Sign(left.SequenceCompareTo(right));
    }

    private static int CompareLetters(ReadOnlySpan<char> left, ReadOnlySpan<char> right) =>
        right.IsEmpty ? -1 : Math.Sign(left.SequenceCompareTo(right));

    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> rest, Func<char, bool> isPart)
    {
        var count = CountWhile(rest, isPart);
        var part = rest[..count];
        rest = rest[count..];
        return part;
    }

    private static int CountWhile(ReadOnlySpan<char> text, Func<char, bool> isPart)
    {
        var count = 0;
        while (count < text.Length && isPart(text[count]))
        {
            count++;
        }

        return count;
    }
}
