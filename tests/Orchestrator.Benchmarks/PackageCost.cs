using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using CliWrap;
using CliWrap.Buffered;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>What building a package costs beside what its functions do: one of shell alone, from the start of the tool to the archive in place.</summary>
internal static class PackageCost
{
    private const string Pkgbuild = """
        pkgname=shell-only
        pkgver=1.0
        pkgrel=1
        pkgdesc='A script, installed'
        arch=(any)
        license=(MIT)
        source=(hello.sh)
        sha256sums=(SUM)
        build() { sed "s/@VERSION@/$pkgver/" "$srcdir/hello.sh" > hello; }
        check() { bash -n hello; }
        package() { install -Dm755 hello "$pkgdir/usr/bin/hello"; }

        """;

    internal static async Task MeasureAsync(Rounds rounds, string workDirectory)
    {
        Console.WriteLine("### A package of shell alone, to its archive");
        Console.WriteLine();
        if (!Makepkg.IsThere)
        {
            Console.WriteLine("Not measured: makepkg is needed.");
            Console.WriteLine();
            return;
        }

        var folder = Directory.CreateDirectory(Path.Combine(workDirectory, "shell-only")).FullName;
        var script = "#!/bin/sh\necho @VERSION@\n"u8.ToArray();
        await File.WriteAllBytesAsync(Path.Combine(folder, "hello.sh"), script);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "PKGBUILD"),
            Pkgbuild.Replace("SUM", Convert.ToHexStringLower(SHA256.HashData(script)), StringComparison.Ordinal));
        Makepkg makepkg = new(workDirectory);
        var tool = await InstalledTool.CreateAsync(Path.Combine(workDirectory, "installed-for-package"));
        var output = Path.Combine(workDirectory, "shell-only-out");
        Sample own = new();
        Sample baseline = new();
        for (var round = 0; round < rounds.Readings; round++)
        {
            var watch = Stopwatch.StartNew();
            if (await makepkg.RunAsync(folder, "--force", "--nodeps") != 0)
            {
                throw new InvalidOperationException("makepkg failed");
            }

            baseline.Add(watch.Elapsed);
            watch.Restart();
            await Cli.Wrap(tool).WithArguments(["build", "--force", "--nodeps", "--output", output, folder]).ExecuteBufferedAsync();
            own.Add(watch.Elapsed);
        }

        Console.WriteLine("| | median | × makepkg | aim | runs |");
        Console.WriteLine("| --- | ---: | ---: | --- | ---: |");
        Console.WriteLine($"| `makepkg` | {Sample.Format(baseline.Median)} ms | 1.00 | | {baseline.Count} |");
        var part = own.Median / baseline.Median;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| `orchestrator build` | {Sample.Format(own.Median)} ms | {part:0.000} | {Aims.Cell("a package of shell alone", part, 0.25)} | {own.Count} |"));
        Console.WriteLine();
    }
}
