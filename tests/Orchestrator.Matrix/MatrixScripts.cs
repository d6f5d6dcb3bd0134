using Orchestrator.Testing;

namespace Orchestrator.Matrix;

/// <summary>The scripts of the matrix.</summary>
public static class MatrixScripts
{
    private const string Storm = "export s='trap \"\" TERM INT HUP; setsid bash -c \"$s\" & exit'; for i in {1..8}; do setsid bash -c \"$s\" & done; echo READY; sleep MARK; sleep MARK";
    private const string HeavyC = "#define A(n) double f##n(double x) { for (int i = 0; i < 99; i++) x = x * x + n; return x; }\n#define B(n) A(n##0) A(n##1) A(n##2) A(n##3) A(n##4) A(n##5) A(n##6) A(n##7) A(n##8) A(n##9)\n#define C(n) B(n##0) B(n##1) B(n##2) B(n##3) B(n##4) B(n##5) B(n##6) B(n##7) B(n##8) B(n##9)\n#define D(n) C(n##0) C(n##1) C(n##2) C(n##3) C(n##4) C(n##5) C(n##6) C(n##7) C(n##8) C(n##9)\nD(1) D(2) D(3) D(4) D(5) D(6) D(7)\n";

    // perl puts $0 over the memory that /proc shows as arguments and environment, as setproctitle(3) does; the name of its
    // program still tells the test whose it is.
    private const string Overwritten = "cp \"$(command -v perl)\" FOLDER/perl.MARK; setsid FOLDER/perl.MARK -e '$SIG{$_} = \"IGNORE\" for qw(TERM INT HUP); $0 = \"[kworker/0:3]\"; sleep 3600' >/dev/null 2>&1 & echo READY; wait";

    // A session of its own from the middle on.
    private const string Chain = "export s='if (($1 == 200)); then echo DEEP >\"$2\"; sleep MARK; elif (($1 == 100)); then setsid bash -c \"$s\" link $(($1 + 1)) \"$2\"; :; else bash -c \"$s\" link $(($1 + 1)) \"$2\"; :; fi'; mkfifo FOLDER/deep; bash -c \"$s\" link 1 FOLDER/deep & read -r _ <FOLDER/deep; echo READY; wait";

    // One parent hangs in vfork(2) until its child calls execve(2), which it never does; the other child is a sleep of its own session.
    private const string VforkC = "#include <signal.h>\n#include <unistd.h>\nint main(int c, char **v) { if (fork() == 0) { if (vfork() == 0) { setsid(); signal(SIGTERM, SIG_IGN); for (;;) pause(); } _exit(0); } if (vfork() == 0) { setsid(); execlp(\"sleep\", \"sleep\", v[1], (char *)0); _exit(1); } for (;;) pause(); }\n";

    // A process whose first thread has ended: /proc/PID shows a zombie without arguments and environment, and it runs on.
    private const string ThreadC = "#include <pthread.h>\n#include <signal.h>\n#include <unistd.h>\nstatic void *go(void *a) { for (;;) pause(); }\nint main(void) { pthread_t t; signal(SIGTERM, SIG_IGN); signal(SIGINT, SIG_IGN); signal(SIGHUP, SIG_IGN); setsid(); pthread_create(&t, 0, go, 0); pthread_exit(0); }\n";

    /// <summary>Those that can be had on this machine.</summary>
    public static IReadOnlyList<MatrixScript> All { get; } =
    [
        Known("plain tree", NaiveKill.Process),
        Known("deaf to SIGTERM, SIGINT and SIGHUP", NaiveKill.Process),
        Known("job control", NaiveKill.Group),
        Known("setsid", NaiveKill.Group),
        Known("double fork with closed streams", NaiveKill.Group),
        Known("scrubbed daemon", NaiveKill.Group) with { HidesFromOwner = true },
        new("renamed", "setsid bash -c 'printf kworker/0:1 >/proc/$$/comm; (exec -a \"[kworker/0:1]\" sleep MARK) & wait' & until grep -qs kworker /proc/$!/comm; do :; done; echo READY; wait", NaiveKill.Group),
        Known("stopped", NaiveKill.Group),
        Known("stopped and deaf", NaiveKill.Process),
        new("wrote over its arguments and environment", Overwritten, NaiveKill.Group) { HidesFromOwner = true, Tool = "perl" },
        new("forks when it is told to end", "setsid sleep MARK & trap 'for i in {1..50}; do setsid sleep MARK & done' TERM INT HUP; echo READY; while :; do wait; sleep MARK & done", NaiveKill.Group),
        new("fork storm", Storm, NaiveKill.Group) { IsHeavy = true },
        Known("escapees that fork escapees", NaiveKill.Group),
        new("1,000 siblings", "for i in {1..500}; do sleep MARK & setsid sleep MARK & done; echo READY; wait", NaiveKill.Group) { IsHeavy = true },
        new("200 deep", Chain, NaiveKill.Group) { IsHeavy = true },
        new("holds the output", "setsid -f sleep MARK; sleep MARK & disown; echo READY; sleep MARK", NaiveKill.Group),
        Known("nohup", NaiveKill.Process),
        new("disown", "set -m; sleep MARK & disown; sleep MARK & disown -h; echo READY; sleep MARK", NaiveKill.Group),
        Known("coproc", NaiveKill.Process),
        Known("timeout", NaiveKill.Group),
        new("flock", "flock FOLDER/lock sleep MARK & setsid flock FOLDER/other sleep MARK & echo READY; wait", NaiveKill.Group) { Tool = "flock" },
        new("script", "exec 3>&1; script -qec 'trap \"\" TERM INT HUP; echo READY >&3; sleep MARK & sleep MARK; :' /dev/null >/dev/null </dev/null & sleep MARK & wait", NaiveKill.Group) { Tool = "script" },
        new("ssh-agent", "cd FOLDER; env -i /usr/bin/ssh-agent -a MARK.agent >/dev/null; echo READY; sleep MARK", NaiveKill.Group) { HidesFromOwner = true, Tool = "ssh-agent" },
        new("vfork", "gcc -w -o FOLDER/vfork FOLDER/vfork.c && { FOLDER/vfork MARK & echo READY; wait; }", NaiveKill.Group)
        {
            Tool = "gcc",
            Files = new Dictionary<string, string> { ["vfork.c"] = VforkC },
        },
        new("first thread ended", "gcc -w -pthread -o FOLDER/thread FOLDER/thread.c && { M=MARK FOLDER/thread & until grep -qs '^State:.Z' /proc/$!/status; do :; done; echo READY; wait; }", NaiveKill.Group)
        {
            Tool = "gcc",
            Files = new Dictionary<string, string> { ["thread.c"] = ThreadC },
        },
        new("traced", "strace -f -o /dev/null bash -c 'setsid sleep MARK & sleep MARK & echo READY; wait'", NaiveKill.Group) { Tool = "strace", WaitsForAll = true },
        new("cargo build", "cd FOLDER && exec 3>&1 && RUSTC_WRAPPER=FOLDER/wrapper CARGO_TARGET_DIR=FOLDER/target cargo build --release --offline 2>/dev/null; wait", NaiveKill.Process)
        {
            IsHeavy = true,
            Tool = "cargo",
            Busy = "rustc",
            Files = new Dictionary<string, string>
            {
                ["Cargo.toml"] = "[package]\nname = \"heavy\"\nversion = \"1.0.0\"\nedition = \"2021\"\n\n[lib]\npath = \"lib.rs\"\n",
                ["lib.rs"] = "macro_rules! many { ($($name:ident)*) => { $(pub fn $name(mut x: f64) -> f64 { for i in 0..99 { x = x * x + i as f64; } x })* } }\nmany! { " + string.Join(' ', Enumerable.Range(0, 6000).Select(number => $"f{number}")) + " }\n",
                ["wrapper"] = "#!/bin/sh\ncase \"$*\" in *'--crate-name heavy'*) echo READY >&3 ;; esac\nexec \"$@\"\n",
            },
        },
        new("make -j", "cd FOLDER; make -j4; wait", NaiveKill.Process)
        {
            IsHeavy = true,
            Tool = "make",
            Busy = "cc1",
            Files = new Dictionary<string, string>
            {
                ["heavy.c"] = HeavyC,
                ["Makefile"] = "all: 1.o 2.o 3.o 4.o\n%.o: heavy.c\n\t@echo READY\n\tgcc -O2 -c -o $@ heavy.c\n",
            },
        },
        new("ninja", "cd FOLDER; exec 3>&1; ninja -j2 >/dev/null; wait", NaiveKill.Process)
        {
            IsHeavy = true,
            Tool = "ninja",
            Busy = "cc1",
            Files = new Dictionary<string, string>
            {
                ["heavy.c"] = HeavyC,
                ["build.ninja"] = "rule cc\n  command = echo READY >&3; gcc -O2 -c -o $out heavy.c\nbuild 1.o: cc heavy.c\nbuild 2.o: cc heavy.c\n",
            },
        },
        new("npm", "cd FOLDER; npm run --silent build; wait", NaiveKill.Group)
        {
            IsHeavy = true,
            Tool = "npm",
            Files = new Dictionary<string, string>
            {
                ["package.json"] = "{ \"name\": \"heavy\", \"version\": \"1.0.0\", \"scripts\": { \"build\": \"node build.js\" } }\n",
                ["build.js"] = "const { spawn } = require('child_process');\nspawn('sleep', ['MARK'], { detached: true, stdio: 'ignore' });\nspawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });\nconsole.log('READY');\nsetInterval(() => {}, 1000);\n",
            },
        },
    ];

    /// <summary>One by its name.</summary>
    public static MatrixScript Find(string name) =>
        All.FirstOrDefault(script => script.Name == name) ?? throw new ArgumentException($"there is no script '{name}'; there are: {string.Join(", ", All)}");

    private static MatrixScript Known(string name, NaiveKill survives) => new(name, Scripts.ByName[name], survives);
}
