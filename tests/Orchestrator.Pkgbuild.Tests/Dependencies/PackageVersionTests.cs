using System.Diagnostics;
using System.Security.Cryptography;

namespace Orchestrator.Pkgbuild.Tests;

public class PackageVersionTests
{
    [Theory]
    [InlineData("1.0", "1.0", 0)]
    [InlineData("1.0", "1.1", -1)]
    [InlineData("1.10", "1.9", 1)]
    [InlineData("1.0", "1.00", 0)]
    [InlineData("1.0a", "1.0", -1)]
    [InlineData("1.0rc1", "1.0.1", -1)]
    [InlineData("1.0.a", "1.0", 1)]
    [InlineData("1.0a", "1.0b", -1)]
    [InlineData("1.0", "1..0", -1)]
    [InlineData("1.0_2", "1.0+2", 0)]
    [InlineData("1.0-1", "1.0-2", -1)]
    [InlineData("1.0-1", "1.0", 0)]
    [InlineData("1:0.1", "9.9", 1)]
    [InlineData("0:1", "1", 0)]
    [InlineData(":1", "1", 0)]
    [InlineData("2:1.0-1", "10:1.0-1", -1)]
    [InlineData("99999999999999999999999999.1", "99999999999999999999999999.2", -1)]
    [InlineData("", "1", -1)]
    public void Versions_are_ordered_as_vercmp_orders_them(string left, string right, int order)
    {
        Assert.Equal(order, PackageVersion.Parse(left).CompareTo(PackageVersion.Parse(right)));
        Assert.Equal(-order, PackageVersion.Parse(right).CompareTo(PackageVersion.Parse(left)));
    }

    [Fact]
    public void Operators_agree_with_the_order()
    {
        var (older, newer) = (PackageVersion.Parse("1"), PackageVersion.Parse("2"));

        Assert.True(older < newer && older <= newer && newer > older && newer >= older && null < older);
        Assert.False(older > newer || older >= newer || newer < older || newer <= older);
        Assert.Equal(1, older.CompareTo(null));
    }

    [Theory]
    [InlineData("1:2-3.1")]
    [InlineData("1.0")]
    [InlineData("1.0-a-2")]
    public void A_version_is_written_as_it_was_read(string version)
    {
        Assert.Equal(version, PackageVersion.Parse(version).ToString());
    }

    [Fact]
    public async Task Random_versions_are_ordered_as_the_real_vercmp_orders_them()
    {
        using var vercmp = StartVercmp();
        Assert.SkipWhen(vercmp is null, "vercmp is not installed (Debian: apt-get install pacman-package-manager)");
        (string Left, string Right)[] pairs = [.. Enumerable.Range(0, 3000).Select(_ => RandomPair())];

        var output = vercmp.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        foreach (var (left, right) in pairs)
        {
            await vercmp.StandardInput.WriteLineAsync($"{left} {right}");
        }

        vercmp.StandardInput.Close();
        var orders = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(pairs.Length, orders.Length);
        Assert.Equal(
            pairs.Zip(orders, (pair, order) => $"{pair.Left} {pair.Right} {order}"),
            pairs.Select(pair => $"{pair.Left} {pair.Right} {PackageVersion.Parse(pair.Left).CompareTo(PackageVersion.Parse(pair.Right))}"));
    }

    private static Process? StartVercmp()
    {
        const string Script = "command -v vercmp >/dev/null || exit; echo ready; while read -r left right; do vercmp \"$left\" \"$right\"; done";
        var bash = Process.Start(new ProcessStartInfo("bash", ["-c", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        if (bash.StandardOutput.ReadLine() == "ready")
        {
            return bash;
        }

        bash.Dispose();
        return null;
    }

    // Pairs that have much in common, since others are told apart by their first character.
    private static (string Left, string Right) RandomPair()
    {
        var left = RandomVersion();
        if (RandomNumberGenerator.GetInt32(4) == 0)
        {
            return (left, RandomVersion());
        }

        var right = left.ToCharArray().ToList();
        for (var change = RandomNumberGenerator.GetInt32(3); change >= 0 && right.Count > 1; change--)
        {
            var index = RandomNumberGenerator.GetInt32(right.Count);
            switch (RandomNumberGenerator.GetInt32(3))
            {
                case 0:
                    right.RemoveAt(index);
                    break;
                case 1:
                    right.Insert(index, RandomCharacter());
                    break;
                default:
                    right[index] = RandomCharacter();
                    break;
            }
        }

        return (left, Sane(string.Concat(right)));
    }

    private static string RandomVersion()
    {
        var version = string.Concat(Enumerable.Range(0, RandomNumberGenerator.GetInt32(1, 9)).Select(_ => RandomCharacter()));
        var epoch = RandomNumberGenerator.GetInt32(6) == 0 ? $"{RandomNumberGenerator.GetInt32(3)}:" : "";
        var release = RandomNumberGenerator.GetInt32(2) == 0 ? $"-{RandomNumberGenerator.GetInt32(12)}" : "";
        return Sane(epoch + version + release);
    }

    private static char RandomCharacter() => "001129.._+~abrc"[RandomNumberGenerator.GetInt32(15)];

    // vercmp takes a first '-' for an option; an empty release, which no version has, is the one thing that differs.
    private static string Sane(string version)
    {
        var trimmed = version.Trim('-');
        return trimmed.Length == 0 ? "0" : trimmed;
    }
}
