using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>A generated C program, each of whose files takes a compiler about a tenth of a second.</summary>
internal static class CProject
{
    private const int Functions = 16; // in a file

    internal static bool CanBeBuilt => IsInPath("make") && IsInPath("cc");

    internal static void Write(string folder, int files)
    {
        for (var file = 0; file < files; file++)
        {
            using var source = new StreamWriter(Path.Combine(folder, Invariant($"part{file}.c")));
            for (var function = 0; function < Functions; function++)
            {
                source.WriteLine(Invariant($$"""
                    unsigned part{{file}}_{{function}}(unsigned a, unsigned b)
                    {
                        unsigned sum = {{file}};
                        for (unsigned i = 0; i < a; i++)
                        {
                            switch ((i ^ b) % 7)
                            {
                                case 0: sum += i * {{function + 3}}; break;
                                case 1: sum ^= b << (i % 13); break;
                                case 2: sum -= a / (i + 1); break;
                                case 3: sum = (sum << 5) | (sum >> 27); break;
                                default: for (unsigned k = 0; k < b; k++) { sum += k * k ^ i; } break;
                            }
                        }

                        return sum;
                    }
                    """));
            }
        }

        File.WriteAllText(Path.Combine(folder, "main.c"), "int main(void)\n{\n    return 0;\n}\n");
        File.WriteAllText(
            Path.Combine(folder, "Makefile"),
            "program: $(patsubst %.c,%.o,$(wildcard *.c))\n\tcc -o $@ $^\n%.o: %.c\n\tcc -O2 -c -o $@ $<\n");
    }

    private static bool IsInPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
