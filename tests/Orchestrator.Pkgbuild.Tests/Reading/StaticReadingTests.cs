using System.Diagnostics;

namespace Orchestrator.Pkgbuild.Tests;

/// <summary>Reading without running anything. What bash says of the same text is compared by <see cref="PkgbuildFolder.ReadAsync"/>.</summary>
public sealed class StaticReadingTests
{
    private static readonly PkgbuildReadOptions Never = new() { Evaluation = PkgbuildEvaluation.Never };

    /// <summary>A construct, and the pkgdesc that it makes.</summary>
    public static TheoryData<string, string> Constructs { get; } = new()
    {
        { "pkgdesc='it is $not'", "it is $not" },
        { "pkgdesc=\"a \\\"b\\\" \\$c \\x\"", "a \"b\" $c \\x" },
        { "pkgdesc=$'tab\\there\\x41\\u00e9\\101'", "tab\thereAéA" },
        { "pkgdesc=one\\\ntwo", "onetwo" },
        { "pkgdesc=a\\ b'c'\"d\"e", "a bcde" },
        { "_v=1.2.3; pkgdesc=${_v%.*}/${_v%%.*}/${_v#*.}/${_v##*.}", "1.2/1/2.3/3" },
        { "_v=a.b.c; pkgdesc=${_v/./-}/${_v//./-}/${_v/#a/A}/${_v/%c/C}", "a-b.c/a-b-c/A.b.c/a.b.C" },
        { "_v=hello; pkgdesc=${_v^}${_v^^}${_v^^[el]}; pkgdesc+=${pkgdesc,,}", "HelloHELLOhELLohellohellohello" },
        { "_v=abcdef; pkgdesc=${_v:1:2}${_v: -2}${_v:0:-4}${#_v}", "bcefab6" },
        { "pkgdesc=${_none:-default}${_none-d}${_none:+no}${_set:=new}$_set", "defaultdnewnew" },
        { "_a=(x 'y z' w); pkgdesc=\"${_a[*]}|${#_a[@]}|${_a[1]}|${_a[-1]}|${_a[@]:1:2}\"", "x y z w|3|y z|w|y z w" },
        { "_a=(a b); _a=(\"${_a[@]/%/.so}\"); _a+=(c); pkgdesc=${_a[*]}", "a.so b.so c" },
        { "_a=([3]=c [1]=a b); pkgdesc=\"${!_a[*]} ${_a[*]}\"", "1 2 3 a b c" },
        { "declare -A _m=([one]=1 ['two words']=2); pkgdesc=${_m[two words]}${_m[one]}", "21" },
        { "_n=_v; _v=deep; pkgdesc=${!_n}", "deep" },
        { "pkgdesc=$(( (2 + 3) * 4 % 7 ** 2 ))$((0x10 | 1))$((1 ? 2 : 3))", "20172" },
        { "pkgdesc=; for _i in {1..3} {a,b}c; do pkgdesc+=$_i,; done", "1,2,3,ac,bc," },
        { "pkgdesc=; for ((_i = 0; _i < 3; _i++)); do ((_i == 1)) && continue; pkgdesc+=$_i; done", "02" },
        { "_i=3; pkgdesc=; while ((_i--)); do pkgdesc+=$_i; done; until true; do pkgdesc=no; done", "210" },
        { "case $CARCH in sparc|[a-w]*) pkgdesc=no ;; x86_*) pkgdesc=yes ;;& *) pkgdesc+=! ;; esac", "yes!" },
        { "if [[ $CARCH == x86_@(64|32) && ! -n $_none ]]; then pkgdesc=yes; elif true; then pkgdesc=no; fi", "yes" },
        { "[[ v1.22-rc3 =~ ^v([0-9]+)\\.([0-9]+) ]] && pkgdesc=${BASH_REMATCH[2]}", "22" },
        { "if [ \"$CARCH\" = x86_64 -a 1 -lt 2 ]; then pkgdesc=yes; fi", "yes" },
        { "_f() { local _l=$1; printf '%s-%03d' \"$_l\" 7; }; pkgdesc=$(_f word)", "word-007" },
        { "printf -v pkgdesc '%s.' a b c", "a.b.c." },
        { "IFS=. read -r _x _y _z <<< 1.2.3; pkgdesc=$_z$_y$_x", "321" },
        { "mapfile -t _a < <(printf '%s\\n' p q); pkgdesc=${_a[1]}${_a[0]}", "qp" },
        { "_a=(b a); unset '_a[0]'; pkgdesc=${#_a[@]}${_a[1]}", "1a" },
        { "eval \"_v_1=evaluated\"; pkgdesc=$_v_1", "evaluated" },
        { "read -r -d '' pkgdesc <<-EOF\n\tfrom $CARCH\n\tEOF\n:", "from x86_64" },
        { "_s='a  b'; set -- $_s; pkgdesc=$#$2", "2b" },
        { "pkgdesc=`echo \\`echo nested\\``", "nested" },
        { "pkgdesc=$(echo a; (echo b); { echo c; }) # $(false)", "a\nb\nc" },
        { "_v=x; _w=${_v:+\"$_v  y\"}; pkgdesc=\"${_w//[[:space:]]/_}\"", "x__y" },
        { "shopt -s extglob\n_v=foo-1.2-beta3; pkgdesc=${_v/-+([0-9.])/}${_v%%-*([a-z])+([0-9])}", "foo-beta3foo-1.2" },
        { "declare -i _n=2+3; _n+=4; declare -u _u=up; pkgdesc=$_n$_u", "9UP" },
        { "_v=(1 2 3); pkgdesc=$(IFS=,; echo \"${_v[*]}\")", "1,2,3" },
        { "pkgdesc=~/x; pkgdesc=${pkgdesc#$HOME}", "/x" },
        { "_v=a/b; pkgdesc=${_v////_}${_v//\\//.}", "a_ba.b" },
        { "_v=abc; pkgdesc=${_v/b/[&]}${_v/b/\\&}", "a[b]ca&c" },
    };

    /// <summary>A script, the field that depends on a program, the line of the construct, and a word of it.</summary>
    public static TheoryData<string, string, int, string> NotKnown { get; } = new()
    {
        { "pkgdesc=a\npkgver=$(git describe)\n", "pkgver", 6, "'git'" },
        { "_date=$(date +%Y)\n\npkgdesc=\"of $_date\"\n", "pkgdesc", 5, "'date'" },
        { "if which gcc >/dev/null 2>&1; then\n  depends=(gcc)\nfi\n", "depends", 5, "'which'" },
        { "uname | grep -q x && license=(MIT)\n:\n", "license", 5, "'grep'" },
        { "url=$(echo a | tr a b)\n", "url", 5, "'tr'" },
        { "package() {\n  echo\n  pkgdesc=\"built by $(whoami)\"\n}\n", "package(): pkgdesc", 7, "'whoami'" },
        { "_f() { groups=(\"$(hostname)\"); }\n_f\n", "groups", 5, "'hostname'" },
        { "pkgdesc=$RANDOM\n", "pkgdesc", 5, "RANDOM" },
        { "touch x\nsource=(*)\n", "source", 6, "line 5" },
        { "[[ -f \"$(mktemp)\" ]] && build() { :; }\n:\n", "build()", 5, "'mktemp'" },
        { "if date; then exit 1; fi\n", "PKGBUILD", 5, "'date'" },
        { "date\n", "PKGBUILD", 5, "'date'" },
    };

    [Theory]
    [MemberData(nameof(Constructs))]
    public async Task A_construct_has_the_value_that_bash_gives_it(string script, string expected)
    {
        using PkgbuildFolder folder = new($"{PkgbuildFolder.Minimum}{script}\n");

        // With bash too, and both must agree.
        await folder.ReadAsync(new() { Architecture = "x86_64" });
        var pkgbuild = await PkgbuildReader.ReadAsync(folder.Path, Never with { Architecture = "x86_64" }, TestContext.Current.CancellationToken);

        Assert.Equal(expected, pkgbuild.Fields.String("pkgdesc"));
    }

    [Theory]
    [MemberData(nameof(NotKnown))]
    public async Task What_depends_on_a_program_is_named_with_its_line(string script, string field, int line, string reason)
    {
        using PkgbuildFolder folder = new($"{PkgbuildFolder.Minimum}{script}");

        var exception = await Assert.ThrowsAsync<NeedsEvaluationException>(
            () => PkgbuildReader.ReadAsync(folder.Path, Never, TestContext.Current.CancellationToken));

        var unknown = Assert.Single(exception.Fields);
        Assert.Equal((field, line), (unknown.Name, unknown.Line));
        Assert.Contains(reason, unknown.Reason, StringComparison.Ordinal);
        Assert.Equal($"{folder.File}({line}): needs evaluation: {field}: {unknown.Reason}", unknown.ToString());
    }

    [Theory]
    [InlineData("pkgver=$(git describe)\n", 5, 10)]
    [InlineData("license=(\n  MIT\n  \"of $(date)\")\n", 7, 9)]
    [InlineData("package() {\n  :\n  pkgdesc=\"in $srcdir\"\n}\n", 7, 3)]
    [InlineData("source=(a\n  $SOURCE_DATE_EPOCH)\n", 6, 3)]
    [InlineData("date && exit\n", 5, 1)]
    public async Task What_depends_on_a_program_is_named_with_its_column(string script, int line, int column)
    {
        using PkgbuildFolder folder = new(PkgbuildFolder.Minimum + script);

        var exception = await Assert.ThrowsAsync<NeedsEvaluationException>(
            () => PkgbuildReader.ReadAsync(folder.Path, Never, TestContext.Current.CancellationToken));

        var unknown = Assert.Single(exception.Fields);
        Assert.Equal((line, column), (unknown.Line, unknown.Column));
        Assert.Equal((line, column), (exception.Line, exception.Column));
        Assert.StartsWith($"{folder.File}({line}): needs evaluation: ", unknown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_no_field_depends_on_is_nobodys_business()
    {
        using PkgbuildFolder folder = new(
            $"{PkgbuildFolder.Minimum}_jobs=$(nproc)\n_head=`git rev-parse HEAD`\ncommand -v gcc >/dev/null && _cc=gcc\npkgdesc=fine\nbuild() {{ make -j$_jobs CC=$_cc; }}\npackage() {{ :; }}\n");

        var pkgbuild = await PkgbuildReader.ReadAsync(folder.Path, Never, TestContext.Current.CancellationToken);

        Assert.Equal("fine", pkgbuild.Fields.String("pkgdesc"));
        Assert.Contains("build", pkgbuild.Functions);
    }

    [Fact]
    public async Task Asking_for_a_program_changes_no_file()
    {
        using PkgbuildFolder folder = new($"{PkgbuildFolder.Minimum}command -v gcc >/dev/null && _cc=gcc\nsource=(PKG*)\nsha256sums=(SKIP)\n");

        var pkgbuild = await PkgbuildReader.ReadAsync(folder.Path, Never, TestContext.Current.CancellationToken);

        Assert.Equal(["PKGBUILD"], pkgbuild.Fields.Array("source"));
    }

    [Fact]
    public async Task Every_field_that_is_not_known_is_named_at_once()
    {
        using PkgbuildFolder folder = new($"{PkgbuildFolder.Minimum}_x=$(curl example.org)\nurl=$_x\nsource=(a \"$_x\")\nlicense=(MIT)\n");

        var exception = await Assert.ThrowsAsync<NeedsEvaluationException>(
            () => PkgbuildReader.ReadAsync(folder.Path, Never, TestContext.Current.CancellationToken));

        Assert.Equal(["source", "url"], exception.Fields.Select(field => field.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_the_caller_allows_is_evaluated_and_nothing_else_is()
    {
        using PkgbuildFolder folder = new($"{PkgbuildFolder.Minimum}pkgdesc=$(printf known | tr k K)\n");
        var runs = 0;

        var pkgbuild = await PkgbuildReader.ReadAsync(folder.Path, new() { Events = _ => runs++ }, TestContext.Current.CancellationToken);
        Assert.Equal("Known", pkgbuild.Fields.String("pkgdesc"));
        Assert.NotEqual(0, runs);

        runs = 0;
        File.WriteAllText(folder.File, $"{PkgbuildFolder.Minimum}pkgdesc=known\n");
        await PkgbuildReader.ReadAsync(folder.Path, new() { Events = _ => runs++ }, TestContext.Current.CancellationToken);
        Assert.Equal(0, runs);
    }

    [Fact]
    public async Task Nothing_is_written_and_nothing_is_started()
    {
        using PkgbuildFolder folder = new(
            $"{PkgbuildFolder.Minimum}echo x > written\n: > \"$startdir/also\"\ntouch touched\n(sleep 100 &)\nmkdir made && cd made\ntrue\n");

        await Assert.ThrowsAnyAsync<PkgbuildException>(() => PkgbuildReader.ReadAsync(folder.Path, Never, TestContext.Current.CancellationToken));

        Assert.Equal([folder.File], Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("while :; do :; done\n", "does not end")]
    [InlineData("x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done\n", "characters")]
    [InlineData("set -- a b; while :; do set -- \"$@\"c \"$@\"; done\n", "characters")]
    [InlineData("f() { f; }; f\n", "deep")]
    [InlineData("x={1..9}{1..9}{1..9}{1..9}{1..9}{1..9}{1..9}; y=({1..9}{1..9}{1..9}{1..9}{1..9}{1..9}{1..9})\n", "too much")]
    [InlineData("eval_() { eval \"$1\"; }; x='eval \"$x\"'; eval \"$x\"\n", "nested more than")]
    public async Task A_script_that_does_not_end_is_refused(string script, string message)
    {
        var error = await PkgbuildFolder.ReadBadAsync(PkgbuildFolder.Minimum + script, Never);

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$(")]
    [InlineData("(")]
    [InlineData("((")]
    [InlineData("${x:-")]
    [InlineData("\"$(")]
    [InlineData("{ ")]
    [InlineData("if ")]
    [InlineData("case x in x) ")]
    [InlineData("`")]
    [InlineData("x=(")]
    [InlineData("a[")]
    [InlineData("declare a[")]
    [InlineData("$((")]
    [InlineData("[[ ! ")]
    [InlineData("[[ ( ")]
    [InlineData("{a,")]
    [InlineData("f() ")]
    [InlineData("cat <<E\n")]
    [InlineData("'")]
    [InlineData("\\\n")]
    [InlineData("!(")]
    [InlineData("x=$'")]
    [InlineData("#\n")]
    [InlineData("a|")]
    [InlineData("a&&")]
    [InlineData("${x/")]
    public async Task Deep_nesting_and_long_files_neither_crash_nor_hang(string nested)
    {
        // A megabyte is the most that is read. What is quadratic in that takes hours.
        var script = $"shopt -s extglob\nx={string.Concat(Enumerable.Repeat(nested, 900_000 / nested.Length))}";
        using PkgbuildFolder folder = new(script);
        var watch = Stopwatch.StartNew();

        // Some of them are right.
        var exception = await Record.ExceptionAsync(() => PkgbuildReader.ReadAsync(folder.Path, Never, TestContext.Current.CancellationToken));

        Assert.True(exception is null or PkgbuildException, exception?.ToString());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_pattern_of_many_stars_takes_no_time()
    {
        using PkgbuildFolder folder = new(
            $"{PkgbuildFolder.Minimum}x={new string('a', 5000)}\n[[ $x == *a*a*a*a*a*a*a*a*a*b ]] || pkgdesc=no\n[[ $x == +(a|aa|aaa)b ]] || pkgdesc+=no\nx=${{x//a*a*a*b/}}\n");

        var pkgbuild = await PkgbuildReader.ReadAsync(folder.Path, Never, TestContext.Current.CancellationToken);

        Assert.Equal("nono", pkgbuild.Fields.String("pkgdesc"));
    }
}
