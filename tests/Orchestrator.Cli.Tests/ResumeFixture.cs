using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

/// <summary>A package that takes a while to compile, with a cache and a work root that all of its builds have in common.</summary>
internal sealed class ResumeFixture : IDisposable
{
    private static readonly TimeSpan EmptyWithin = TimeSpan.FromSeconds(30);
    private const string Registry = "/usr/share/cargo/registry";
    private static readonly string[] Crates = ["clap-4", "serde-1", "serde_json-1", "regex-1", "aho-corasick-0", "rand-0.8"];
    private readonly TestDirectory directory = new();
    private bool mayBeLeft;

    /// <summary>Where what was compiled is kept.</summary>
    internal string Cache => directory.Combine("cache");

    /// <summary>Whether object files are kept by ccache, where it is installed, and not by ourselves.</summary>
    internal bool UsesCcache { get; init; }

    private string WorkRoot => directory.Combine("work root");

    private string Output => directory.Combine("out");

    /// <summary>65 files of C, an archive and a program; <c>make -j2</c>.</summary>
    internal ResumeFixture WithC(int files = 64)
    {
        for (var file = 0; file < files; file++)
        {
            directory.Write($"src/part{file}.c", Part(file));
        }

        var all = Enumerable.Range(0, files).ToList();
        directory.Write("src/parts.h", string.Concat(all.Select(file => $"int part{file}(int);\n")));
        directory.Write("src/main.c", $"#include <stdio.h>\n#include \"parts.h\"\nint main(void) {{ unsigned r = 0; {string.Concat(all.Select(file => $"r = r * 31 + part{file}({file}); "))}printf(\"%u\\n\", r); return 0; }}\n");
        directory.Write(
            "src/Makefile",
            $"OBJECTS = {string.Join(' ', all.Select(file => $"part{file}.o"))}\n"
            + "program: main.o libparts.a\n\t$(CC) -o $@ main.o libparts.a\n"
            + "libparts.a: $(OBJECTS)\n\trm -f $@\n\tar rcsD $@ $(OBJECTS)\n"
            + "%.o: %.c parts.h\n\t$(CC) -O2 -MMD -c -o $@ $<\n");
        directory.Write(
            "PKGBUILD",
            """
            pkgname=sample
            pkgver=1
            pkgrel=1
            arch=(any)
            build() {
              cp -r "$startdir/src" .
              cd src
              make -j2 CC=gcc
            }
            package() {
              install -D src/program src/libparts.a -t "$pkgdir/usr/lib"
            }

            """);
        return this;
    }

    /// <summary>
    /// A workspace of nine crates. The build script of one of them makes a file in two parts, and not if there is one: as make
    /// does, which takes the half of a file for a whole one.
    /// </summary>
    internal ResumeFixture WithRust()
    {
        directory.Write("ws/Cargo.toml", "[workspace]\nmembers = [\"crate*\"]\nresolver = \"2\"\n");
        directory.Write("ws/Cargo.lock", Lock());
        for (var crate = 0; crate < 9; crate++)
        {
            var needs = crate == 0 ? "" : $"crate{crate - 1} = {{ path = \"../crate{crate - 1}\" }}\n";
            directory.Write($"ws/crate{crate}/Cargo.toml", $"[package]\nname = \"crate{crate}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\n{needs}");
            directory.Write($"ws/crate{crate}/src/{(crate == 8 ? "main" : "lib")}.rs", Crate(crate));
        }

        directory.Write(
            "ws/crate1/build.rs",
            """
            use std::{env, fs, io::Write, path::Path, thread, time::Duration};
            fn main() {
                println!("cargo::rerun-if-changed=build.rs");
                let path = Path::new(&env::var("OUT_DIR").unwrap()).join("table.rs");
                if !path.exists() {
                    let mut file = fs::File::create(path).unwrap();
                    file.write_all(b"pub const TABLE: &[u32] = &[1, 2, 3];\n").unwrap();
                    thread::sleep(Duration::from_millis(300)); // long enough to be killed in
                    file.write_all(b"pub const SUM: u32 = 6;\n").unwrap();
                }
            }

            """);
        WriteCargoPkgbuild("ws", "install -D ws/target/release/crate8 -t \"$pkgdir/usr/bin\"", "install -D \"$(find ws/target -name table.rs)\" -t \"$pkgdir/usr/share\"");
        return this;
    }

    /// <summary>Makes or changes the package with a script that runs in its folder.</summary>
    internal async Task ScriptAsync(string script) => await Shell.MustAsync($"cd \"$1\"\n{script}", directory.Path);

    /// <summary>Whether this machine has sources of crates that Debian packages.</summary>
    internal static bool HasRegistry => Directory.Exists(Registry)
        && Crates.All(crate => Directory.GetDirectories(Registry, crate + "*").Length > 0);

    /// <summary>A program that needs clap, serde, regex and rand, and what these need: more than thirty crates.</summary>
    internal ResumeFixture WithRegistry()
    {
        directory.Write("app/Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\nclap = { version = \"4\", features = [\"derive\"] }\nserde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\nregex = \"1\"\nrand = \"0.8\"\n");
        directory.Write("app/.cargo/config.toml", $"[source.crates-io]\nreplace-with = \"debian\"\n[source.debian]\ndirectory = \"{Registry}\"\n");
        directory.Write(
            "app/src/main.rs",
            """
            use clap::Parser;
            #[derive(Parser, serde::Serialize)]
            struct Arguments { #[arg(long)] name: String }
            fn main() {
                assert!(regex::Regex::new("^[0-9]$").unwrap().is_match(&rand::random::<u8>().to_string()[..1]));
                println!("{}", serde_json::to_string(&Arguments::parse()).unwrap());
            }

            """);
        WriteCargoPkgbuild("app", "install -D app/target/release/app -t \"$pkgdir/usr/bin\"");
        return this;
    }

    /// <summary>Makes a file of the package as old as one from an archive.</summary>
    internal void Age(string file) => File.SetLastWriteTimeUtc(directory.Combine(file), new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    /// <summary>Path of a file of the installed tree.</summary>
    internal string InstalledPath(string file) => Path.Combine(Output, "sample", file);

    /// <summary>Replaces text in a file of the package.</summary>
    internal void Edit(string file, string old, string with)
    {
        var path = directory.Combine(file);
        var text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, with, StringComparison.Ordinal));
    }

    /// <summary>Starts a build of the package.</summary>
    internal Job Start(IReadOnlyDictionary<string, string>? environment = null, params IEnumerable<string> arguments) =>
        StartIn([], environment, arguments);

    /// <summary>Starts a build in a sandbox: a command line that what follows it is put behind.</summary>
    internal Job StartIn(IReadOnlyList<string> sandbox, IReadOnlyDictionary<string, string>? environment, params IEnumerable<string> arguments)
    {
        IReadOnlyList<string> command = [.. sandbox, Tool.Program, "build", "--force", .. arguments, directory.Path];
        Dictionary<string, string> all = new(environment ?? new Dictionary<string, string>())
        {
            ["ORCHESTRATOR_CACHE"] = Cache,
            ["ORCHESTRATOR_WORK"] = WorkRoot,
            ["PKGDEST"] = Output,
            [UsesCcache ? "CCACHE_NODISABLE" : "CCACHE_DISABLE"] = "1",
        };
        return Job.Start(all, command[0], command.Skip(1));
    }

    /// <summary>Builds, and requires that it succeeds.</summary>
    /// <returns>What was printed.</returns>
    internal async Task<string> BuildAsync(IReadOnlyDictionary<string, string>? environment = null, params IEnumerable<string> arguments)
    {
        using var job = Start(environment, arguments);
        var status = await job.ExitCodeAsync();
        await job.UntilReadAsync();
        Assert.True(status == 0, job.Text);
        AssertNothingLeft();
        mayBeLeft = false;
        return job.Text;
    }

    /// <summary>Waits until nothing of a build that was ended is left; a keeper that was killed left the directory to the next build.</summary>
    internal async Task UntilGoneAsync(Job job, bool keeperIsDead)
    {
        _ = await job.ExitCodeAsync();

        // One that is left stays until a build comes as far as to sweep it, which one that is ended early does not.
        mayBeLeft |= keeperIsDead;
        if (!mayBeLeft)
        {
            await Eventually.IsTrueAsync(() => WorkDirectories.Length == 0, () => $"the work directory is gone after\n{job.Text}", EmptyWithin);
        }
    }

    /// <summary>A library that, loaded before all others, makes flock(2) fail in the cache, as on a file system that has no locks.</summary>
    /// <returns>The environment with it.</returns>
    internal async Task<Dictionary<string, string>> RefusingLocksAsync()
    {
        var source = directory.Write(
            "nolocks.c",
            $$"""
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <errno.h>
            #include <stdio.h>
            #include <string.h>
            #include <sys/syscall.h>
            #include <unistd.h>
            static int refusing(int file, int operation) {
              char link[64], path[4096];
              snprintf(link, sizeof link, "/proc/self/fd/%d", file);
              ssize_t length = readlink(link, path, sizeof path);
              if (length >= (ssize_t)strlen("{{Cache}}") && !strncmp(path, "{{Cache}}", strlen("{{Cache}}"))) { errno = ENOLCK; return -1; }
              return (int)syscall(SYS_flock, file, operation);
            }
            // .NET looks for the function in libc itself.
            void *dlsym(void *library, const char *name) {
              void *(*real)(void *, const char *) = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
              return strcmp(name, "flock") ? real(library, name) : (void *)refusing;
            }

            """);
        using var compiler = Process.Start("gcc", ["-shared", "-fPIC", "-o", directory.Combine("nolocks.so"), source]);
        await compiler.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, compiler.ExitCode);
        return new() { ["LD_LIBRARY_PATH"] = directory.Path, ["LD_PRELOAD"] = "nolocks.so" }; // between two paths there may be a space
    }

    internal void AssertNothingLeft() => Assert.Empty(WorkDirectories);

    /// <summary>Begins as if there never had been a build.</summary>
    internal void Forget()
    {
        if (Directory.Exists(Cache))
        {
            Directory.Delete(Cache, recursive: true);
        }
    }

    /// <summary>All files of the installed tree, each with the digest of its content.</summary>
    internal string Installed()
    {
        var tree = Path.Combine(Output, "sample");
        StringBuilder text = new();
        foreach (var file in Directory.GetFiles(tree, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(tree, file)} {File.GetUnixFileMode(file)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}");
        }

        return text.ToString();
    }

    public void Dispose() => directory.Dispose();

    private string[] WorkDirectories => Directory.Exists(WorkRoot) ? Directory.GetFileSystemEntries(WorkRoot) : [];

    // The sources are copied, so that they are new to each build.
    private void WriteCargoPkgbuild(string folder, params IEnumerable<string> installs) => directory.Write(
        "PKGBUILD",
        $$"""
        pkgname=sample
        pkgver=1
        pkgrel=1
        arch=(any)
        prepare() {
          cp -r "$startdir/{{folder}}" .
        }
        build() {
          cd {{folder}}
          cargo build --release --offline
        }
        package() {
          {{string.Join("\n  ", installs)}}
        }

        """);

    private static string Part(int file)
    {
        StringBuilder text = new("#include <stdio.h>\n#include <stdlib.h>\n#include \"parts.h\"\n");
        for (var function = 0; function < 6; function++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"static int f{function}(int a, int b) {{ int r = a; for (int k = 0; k < b; k++) {{ r = (r * {function + 3} + k) ^ (r >> {(file % 7) + 1}); switch (r & 3) {{ case 0: r += {file}; break; case 1: r *= 5; break; case 2: r -= k; break; default: r ^= 77; }} }} return r; }}");
        }

        return text.Append(CultureInfo.InvariantCulture, $"int part{file}(int a) {{ int r = a; {string.Concat(Enumerable.Range(0, 6).Select(function => $"r += f{function}(a, r & 15); "))}return r; }}\n").ToString();
    }

    private static string Crate(int crate)
    {
        StringBuilder text = new();
        var called = crate == 0 ? "seed" : $"crate{crate - 1}::value(seed)";
        text.AppendLine(crate == 1 ? "include!(concat!(env!(\"OUT_DIR\"), \"/table.rs\"));" : "");
        for (var function = 0; function < 8; function++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"fn f{function}(a: &mut Vec<u64>) -> u64 {{ a.sort_by_key(|x| x.wrapping_mul({function + 3})); a.iter().map(|x| format!(\"{{x:>{function + 1}}}\").len() as u64).sum() }}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"pub fn value(seed: u64) -> u64 {{ let mut r = {called}; let mut v: Vec<u64> = (0..20).map(|x| x * r % 97).collect();");
        text.AppendLine(string.Concat(Enumerable.Range(0, 8).Select(function => $"r = r.wrapping_add(f{function}(&mut v)); ")) + (crate == 1 ? "r += SUM as u64 + TABLE.len() as u64; " : "") + "r }");
        return text.Append(crate == 8 ? "fn main() { println!(\"{}\", value(7)); }\n" : "").ToString();
    }

    private static string Lock()
    {
        StringBuilder text = new("version = 3\n");
        for (var crate = 0; crate < 9; crate++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n[[package]]\nname = \"crate{crate}\"\nversion = \"0.1.0\"\n");
            text.Append(crate == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"dependencies = [\n \"crate{crate - 1}\",\n]\n"));
        }

        return text.ToString();
    }
}
