using CsCheck;

namespace Orchestrator.Fuzz.Tests;

/// <summary>How much is tried. A failure prints a seed, with which <c>CsCheck_Seed=…</c> repeats it.</summary>
internal static class Fuzz
{
    /// <summary>As many times as usual with ORCHESTRATOR_TEST_FUZZ=N.</summary>
    internal static int Factor { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_TEST_FUZZ"), out var factor) && factor > 0 ? factor : 1;

    /// <summary>Text of all kinds: ASCII, controls, any UTF-16, unpaired surrogates.</summary>
    internal static Gen<string> Text { get; } = Gen.Frequency<string>(
        (4, Gen.String[Gen.Char[' ', '~'], 0, 20]),
        (2, Gen.String[Gen.Char, 0, 20]),
        (1, Gen.String[Gen.Char['\0', '\x1f'], 0, 5]),
        (1, Gen.Int.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))),
        (1, Gen.OneOf("", "-", "--", "=", "/", ".", "\uFFFD", "\uD800", "999999999999999999999999", "-1", "1e9", "0x10", " 1", "1 ")));

    /// <summary>Tries a property on many values, and throws the smallest that breaks it, with its seed.</summary>
    internal static void Check<T>(Gen<T> values, Action<T> property, int times = 20_000) => values.Sample(property, iter: (long)times * Factor);

    /// <summary>Changes text in some places: what was right is then nearly right.</summary>
    internal static Gen<string> Mutated(Gen<string> texts) =>
        Gen.Select(texts, Gen.Select(Gen.Int[0, 3], Gen.UInt, Text).Array[1, 4], (text, changes) =>
        {
            foreach (var (kind, where, inserted) in changes)
            {
                var at = (int)(where % ((uint)text.Length + 1));
                text = kind switch
                {
                    0 => text[..at] + inserted + text[at..],
                    1 => text[..at],
                    2 => text[..at] + text[Math.Min(text.Length, at + 1 + inserted.Length)..],
                    _ => text + text[at..],
                };
            }

            return text;
        });
}
