using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

/// <summary>
/// Packages that a build cache may get wrong. Each is built, changed, and built again: what is installed then is what a build
/// without a cache installs.
/// </summary>
public sealed class ResumeTrustTests
{
    // What all of them begin with: a crate that prints something, and its PKGBUILD.
    private const string Crate = """
        mkdir -p app/src
        printf '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[profile.release]\nopt-level = 0\n' >app/Cargo.toml
        echo 'fn main() { println!("one"); }' >app/src/main.rs
        pkgbuild() {
          printf 'pkgname=sample\npkgver=1\npkgrel=1\narch=(any)\noptions=(!strip)\nprepare() { cp -a "$startdir/app" .; }\n' >PKGBUILD
          printf '%s\n' "$@" >>PKGBUILD
        }
        compile='cargo build --release --offline'
        install='package() { install -D app/target/release/app -t "$pkgdir/usr/bin"; }'
        older() { touch -d 2001-01-01 "$@"; }

        """;

    public static TheoryData<string, string, string> Packages => new()
    {
        {
            "a link leads to another file",
            """
            echo 'fn main() { println!("a"); }' >app/src/a.rs; echo 'fn main() { println!("b"); }' >app/src/b.rs; older app/src/*; rm app/src/main.rs
            pkgbuild 'prepare() { cp -a "$startdir/app" .; ln -s a.rs app/src/main.rs; }' "build() { cd app; $compile; }" "$install"
            """,
            "sed -i 's/ln -s a.rs/ln -s b.rs/' PKGBUILD"
        },
        {
            "sources that are links to older files",
            """
            mv app/src/main.rs .; mv app/Cargo.toml manifest; pkgbuild "source=(main.rs manifest)" "sha256sums=(SKIP SKIP)" "prepare() { mkdir -p app/src; mv main.rs app/src; cp manifest app/Cargo.toml; }" "build() { cd app; $compile; }" "$install"
            """,
            """echo 'fn main() { println!("two"); }' >main.rs; older main.rs"""
        },
        {
            "sources that build() extracts",
            """
            tar cf app.tar app; pkgbuild "source=(app.tar)" "noextract=(app.tar)" "sha256sums=(SKIP)" "prepare() { :; }" "build() { tar xf app.tar; cd app; $compile; }" "$install"
            """,
            """echo 'fn main() { println!("two"); }' >app/src/main.rs; older app/src/main.rs; tar cf app.tar app"""
        },
        {
            "sources that only the build before has changed",
            """
            pkgbuild "build() { sed -i s/one/changed/ app/src/main.rs; cd app; $compile; }" "$install"
            """,
            """sed -i 's/sed -i [^;]*;//' PKGBUILD"""
        },
        {
            "a crate outside of srcdir",
            """
            pkgbuild 'prepare() { :; }' 'build() { cd "$startdir/app"; CARGO_TARGET_DIR=$srcdir/target cargo build --release --offline; rm -f Cargo.lock; }' 'package() { install -D target/release/app -t "$pkgdir/usr/bin"; }'
            """,
            """echo 'fn main() { println!("two"); }' >app/src/main.rs; older app/src/main.rs"""
        },
        {
            "a patched input that make generates from",
            """
            echo 'input: one' >app/in; older app/in; echo 'made of nothing' >app/out; touch -d 2002-01-01 app/out; printf 'out: in\n\tcp in out\n' >app/Makefile
            pkgbuild 'prepare() { cp -a "$startdir/app" .; sed -i s/input/patched/ app/in; }' "build() { make -C app; cd app; $compile; }" 'package() { install -D app/out -t "$pkgdir/usr/share"; }'
            """,
            "sed -i s/patched/again/ PKGBUILD"
        },
        {
            "a variable that a build script reads and does not tell of",
            """
            echo 'fn main() { println!("cargo::rerun-if-changed=build.rs"); println!("cargo::rustc-env=SAID={}", std::env::var("COMMIT").unwrap()); }' >app/build.rs
            echo 'fn main() { println!(env!("SAID")); }' >app/src/main.rs
            pkgbuild "build() { export COMMIT=c0ffee; cd app; $compile; }" "$install"
            """,
            "sed -i s/c0ffee/beef/ PKGBUILD"
        },
        {
            "a library that build() changes",
            """
            printf '[lib]\ncrate-type = ["cdylib"]\n' >>app/Cargo.toml; rm app/src/main.rs; echo '#[no_mangle] pub extern "C" fn one() -> i32 { 1 }' >app/src/lib.rs
            pkgbuild "build() { cd app; $compile; echo tail >>target/release/libapp.so; }" 'package() { install -D app/target/release/libapp.so -t "$pkgdir/usr/lib"; }'
            """,
            ":"
        },
        {
            "a program that build() strips",
            """pkgbuild "build() { cd app; $compile; strip target/release/app; }" "$install" """,
            ":"
        },
        {
            "a test that looks for the program beside itself",
            """
            mkdir app/tests; echo '#[test] fn it_is_there() { let mut path = std::env::current_exe().unwrap(); path.pop(); path.pop(); assert!(path.join("app").is_file()); }' >app/tests/it.rs
            pkgbuild "build() { cd app; $compile; }" "check() { cd app; cargo test --release --offline; }" "$install"
            """,
            ":"
        },
        {
            "a package of all that cargo has made",
            """pkgbuild "build() { cd app; $compile; }" 'package() { mkdir -p "$pkgdir/opt"; cp -r app/target/release "$pkgdir/opt/all"; find "$pkgdir" -type l >"$pkgdir/opt/links"; rm -r "$pkgdir/opt/all/"{.fingerprint,deps/*.d,app.d}; }' """,
            ":"
        },
        {
            "a file that a build script puts beside the program",
            """
            echo 'fn main() { let out = std::env::var("OUT_DIR").unwrap(); std::fs::write(std::path::Path::new(&out).ancestors().nth(3).unwrap().join("asset"), "x").unwrap(); println!("cargo::rerun-if-changed=build.rs"); }' >app/build.rs
            pkgbuild "build() { cd app; $compile; }" 'package() { install -D app/target/release/{app,asset} -t "$pkgdir/usr/bin"; }'
            """,
            ":"
        },
        {
            "variables with the names that a script could use, and what macros print",
            """
            echo 'fn main() { println!("cargo::rerun-if-changed=no such file"); println!("said by a build script"); std::fs::write(std::env::var("srcdir").unwrap() + "/seen", std::env::var("target").unwrap() + &std::env::var("profile").unwrap()).unwrap(); }' >app/build.rs
            pkgbuild "build() { export target=mine profile=mine; cd app; $compile -vv >../printed; grep 'said by' ../printed >>../seen; }" 'package() { install -D seen -t "$pkgdir/usr/share"; }'
            """,
            ":"
        },
        {
            "a search below target, and a copy of it, while it is built",
            """
            pkgbuild 'build() { cd app; cargo build --release --offline; find target -name app -type f | sed "s/app-.*/app/" | sort >../found; cp -r target/release ../copy; find .. -type l >>../found; }' 'package() { install -D found copy/app -t "$pkgdir/opt"; }'
            """,
            ":"
        },
        {
            "a clean build in the middle",
            """
            pkgbuild 'build() { cd app; cargo build --release --offline; cp target/release/app first; cargo clean --offline; [ ! -e target/release ]; cargo build --release --offline; rm -r target; cargo build --release --offline; }' 'package() { install -D app/first app/target/release/app -t "$pkgdir/usr/bin"; }'
            """,
            ":"
        },
        {
            "a program that is no more",
            """
            mkdir app/src/bin; cp app/src/main.rs app/src/bin/other.rs
            pkgbuild "build() { cd app; $compile; }" 'package() { find app/target/release -maxdepth 1 -executable -type f -exec install -D -t "$pkgdir/usr/bin" {} +; }'
            """,
            "rm -r app/src/bin"
        },
    };

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task What_is_built_with_a_cache_is_what_is_built_without(string name, string make, string change)
    {
        Assert.SkipUnless(Repository.HasTool("cargo"), "cargo is missing");
        Assert.NotEmpty(name);
        using ResumeFixture package = new();
        await package.ScriptAsync(Crate + make);
        await package.BuildAsync();
        await package.ScriptAsync(Crate[Crate.IndexOf("older()", StringComparison.Ordinal)..] + change);
        for (var time = 0; time < 2; time++)
        {
            var text = await package.BuildAsync();
            Assert.DoesNotContain("build cache", text, StringComparison.Ordinal);
        }

        var installed = package.Installed();
        await package.BuildAsync(null, "--no-cache");
        Assert.Equal(package.Installed(), installed);
    }
}
