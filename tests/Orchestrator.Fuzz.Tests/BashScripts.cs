using System.Globalization;
using System.Text;
using CsCheck;

namespace Orchestrator.Fuzz.Tests;

/// <summary>Random scripts in the part of bash that a PKGBUILD's top level uses. They end, and start no program.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "It is to be repeated.")]
internal sealed partial class BashScripts
{
    internal static readonly string[] Scalars = ["x", "y", "z"];
    internal static readonly string[] Arrays = ["a", "b"];
    internal const string Map = "m";

    private readonly Random random;
    private int depth;
    private bool isInSubstitution;

    private BashScripts(ulong seed) => random = new((int)(seed ^ (seed >> 32)));

    internal static Gen<string> Script { get; } = Gen.ULong.Select(Create);

    /// <summary>One of 2^64 scripts.</summary>
    internal static string Create(ulong seed)
    {
        BashScripts scripts = new(seed);
        return scripts.Statements(scripts.random.Next(1, 7));
    }

    private string Statements(int count)
    {
        StringBuilder result = new();
        result.Append(Pick("", "", "x=a.b-c y='a  b' a=(1 '' 'c d')\n", "x='ab*c/d.e' z=3 a=(p q r) b=([2]=u [5]='v w')\n", "declare -gA m=([k]=v ['a b']=w [z]=)\nx=Hello y=wörld\n"));
        for (var index = 0; index < count; index++)
        {
            result.Append(Statement()).Append(Pick("\n", "\n", "\n", "; ", " # comment\n", "\n\n\t"));
        }

        return result.ToString();
    }

    private string Statement()
    {
        if (++depth > 4)
        {
            depth--;
            return $"{Pick(Scalars)}={Value()}";
        }

        // In a substitution in an array, bash 5.2 loses a here-document, and crashes on another array.
        var statement = (isInSubstitution ? random.Next(11, 27) : random.Next(46)) switch
        {
            0 or 1 or 2 or 3 => $"{Pick(Scalars)}={Value()}",
            4 => $"{Pick(Scalars)}+={Value()}",
            5 or 6 or 7 => $"{Pick(Arrays)}=({Words()})",
            8 => $"{Pick(Arrays)}+=({Words()})",
            9 => $"{Pick(Arrays)}[{Pick("0", "1", "4", "x", "-1", "1+1", "$z")}]{Pick("=", "+=")}{Value()}",
            10 => $"{Pick(Arrays)}=([{random.Next(4)}]={Value()} {Word()} [{random.Next(9)}]+={Value()})",
            11 => $"declare -gA m; m[{Pick("k", "a b", "$x", "q.r", "\"$y\"")}]={Value()}",
            12 => $"if {Condition()}; then {Statement()}; {Pick("", $"elif {Condition()}; then {Statement()}; ")}{Pick("", $"else {Statement()}; ")}fi",
            13 => $"for {Pick(Scalars)} in {Words()}; do {Statement()}; {Pick("", "break; ", "continue; ")}done",
            14 => $"case {Word()} in {Pattern()}) {Statement()};; {Pick("", "(")}{Pattern()}|{Pattern()}) {Statement()}{Pick(";;", ";&", ";;&")} *) {Statement()};; esac",
            15 => Loop($"n{depth}"),
            16 => $"{Condition()} {Pick("&&", "||")} {Statement()}",
            17 => $"printf -v {Pick(Scalars)} {Pick("'%s'", "'%s-'", "'%5s|'", "'%-4s|'", "'%b'", "'%03d'", "'%x'", "'%q'", "'\\x41%s\\n'", "'%c'", "'%.2s'")} {Words()}",
            18 => $"f() {{ {Pick("local x=$1; ", "")}{Statement()}; {Pick("return 3; ", "")}}}; f {Words()}",
            19 => $"set -- {Words()}",
            20 => $"unset {Pick("x", "y", "'a[1]'", "a", "'m[k]'", "-v z")}",
            21 => $"read -r {Pick("x y", "z", "-a b", "x y z")} <<< {Word()}",
            22 => $"eval {Pick("\"x=\\$y\"", "'y=${x}q'", "\"z='$((1+1))'\"", "a=\\(1 2\\)")}",
            23 => $"(( {Pick(Scalars)} {Pick("=", "+=", "*=")} {Expression()} ))",
            24 => $"{Pick("declare -i", "local", "export", "declare -l", "declare -u", "declare -g", "typeset")} {Pick(Scalars)}={Value()}",
            25 => $"{{ {Statement()}; {Statement()}; }}",
            26 => $"( {Statement()} ); {Statement()}",
            27 => $"IFS={Pick("','", "' '", "':'", "$' \\t\\n'")}; {Statement()}; unset IFS",
            28 => $"read -r -d '' x <<{Pick("EOF", "'EOF'", "-EOF")}\n{Text(8)}{Pick("$x", "${y:-q}", "`echo $x`", "")} {Text(5)}\nEOF\n:",
            29 => $"mapfile -t b < <(printf '%s\\n' {Words()})",
            _ => OtherStatement(),
        };
        depth--;
        return statement;
    }

    private string Loop(string counter) => $"{counter}=0; while (( {counter}++ < {random.Next(4)} )); do {Statement()}; done";

    private string Condition() => random.Next(12) switch
    {
        0 => $"[[ {Word()} == {Pattern()} ]]",
        1 => $"[[ {Word()} != {Pattern()} ]]",
        2 => $"[[ -n {Word()} && {Word()} < {Word()} ]]",
        3 => $"[[ ! -z {Word()} || ( -v {Pick("x", "a[1]", "nope")} ) ]]",
        4 => $"[ \"{Expansion()}\" = {Quoted()} ]",
        5 => $"(( {Expression()} ))",
        6 => "true",
        7 => "! false",
        8 => $"[[ {random.Next(9)} -{Pick("eq", "lt", "ge", "ne")} {random.Next(9)} ]]",
        9 => $"[[ {Word()} =~ {Pick("^[ab]+$", "[0-9]", "^(a)(.*)$", "b.c", "^$", "$x")} ]]",
        10 => $"test {Quoted()} {Pick("=", "!=")} {Quoted()}",
        _ => $"[[ {Word()} == {Pick("@", "+", "!", "?", "*")}({Alternative()}|{Alternative()}) ]]",
    };

    // A bracket that is not closed takes the sign with it that ends the alternative.
    private string Alternative()
    {
        var pattern = Pattern();
        return pattern == "[a" ? "a" : pattern;
    }

    private string Expression() => random.Next(10) switch
    {
        0 or 1 => random.Next(20).ToString(CultureInfo.InvariantCulture),
        2 => Pick("0x1f", "017", "2#101", "36#z"),
        3 => Pick("z", "n1", "a[0]", "$z", "${#x}", "${#a[@]}"),
        4 => $"({Expression()} {Pick("+", "-", "*", "<<", "&", "|", "^")} {Expression()})",
        5 => $"{Expression()} {Pick("<", ">", "==", "!=", "&&", "||", ",")} {Expression()}",
        6 => $"{Pick("-", "!", "~", "+")}{Expression()}",
        7 => $"{Expression()} ? {Expression()} : {Expression()}",
        8 => $"({Expression()}) {Pick("/", "%")} {random.Next(1, 9)}",
        _ => $"{random.Next(4)} ** {random.Next(4)}",
    };

    private string Words()
    {
        var count = random.Next(4);
        return string.Join(Pick(" ", " ", "\t"), Enumerable.Range(0, count + 1).Select(_ => Word()));
    }

    private string Value() => random.Next(8) == 0 ? "" : Word();

    private string Word()
    {
        StringBuilder word = new();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            word.Append(random.Next(14) switch
            {
                0 or 1 or 2 or 3 => Pick("a", "b", "c", "ab", "1", "2", ".", "-x", "_", "/", ":", ",", "%", "+", "é", "foo-1.2", "=", "@", "^", "]"),
                4 or 5 => Quoted(),
                6 or 7 => $"\"{DoubleQuoted()}\"",
                8 => $"\\{Pick("a", " ", "$", "*", "\\", "'", "\"", "#", "{", "~")}",
                9 => Pick("$'a\\tb'", "$'\\x41\\u00e9'", "$'it\\'s'", "$'\\101\\n'", "$'\\e[0m'"),
                10 => Pick("{a,b}", "{1..3}", "{x,}", "{c..a}", "{01..3..2}", "{a", "a}", "{}", "{a,b{c,d}}", "{$x,e}", "{'q,r',s}"),
                11 => Pick("a*", "?b", "[ab]*", "*", "nope*"),
                _ => Expansion(),
            });
        }

        return word.ToString();
    }

    private string Quoted() => $"'{Text(6).Replace("'", "", StringComparison.Ordinal)}'";

    private string DoubleQuoted()
    {
        StringBuilder text = new();
        for (var count = random.Next(3); count >= 0; count--)
        {
            text.Append(random.Next(4) switch
            {
                0 => Text(4).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal),
                1 => Pick("\\$", "\\\\", "\\\"", "\\a", "'", " ", "*", "~"),
                _ => Expansion(),
            });
        }

        return text.ToString();
    }

    private string Text(int length)
    {
        const string Characters = "aabbc1 ._-*?[]{}()\\\"$;&|<>#~é!,:=%^\t";
        return string.Concat(Enumerable.Range(0, random.Next(length + 1)).Select(_ => Characters[random.Next(Characters.Length)])).Replace("$", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal);
    }

    private string Expansion()
    {
        if (++depth > 5)
        {
            depth--;
            return "$x";
        }

        var name = Pick(Scalars);
        var array = Pick(Arrays);

        // Of "${*^^}" beside "${a[@]}", bash 5.2 makes several words.
        var reference = Pick(name, name, name, $"{array}[@]", $"{array}[1]", array, "m[k]", "1", "@", "nope");
        var expansion = random.Next(24) switch
        {
            0 or 1 or 2 => $"${name}",
            3 or 4 => $"${{{Pick(reference, "*", $"{array}[*]")}}}",
            5 => $"${{#{Pick(name, $"{array}[@]", $"{array}[0]", "@", "m[@]")}}}",
            6 => $"${{{reference}{Pick(":-", "-", ":+", "+")}{Operand()}}}",
            7 => $"${{{name}{Pick(":=", "=")}{Operand()}}}",
            8 or 9 => $"${{{reference}{Pick("#", "##", "%", "%%")}{Pattern()}}}",
            10 or 11 => $"${{{reference}{Pick("/", "//", "/#", "/%")}{Pattern()}/{Operand()}}}",
            12 => $"${{{reference}{Pick("^", "^^", ",", ",,", "~~")}{Pick("", "", "[a-c]", "?")}}}",
            13 or 14 => $"${{{reference}:{(reference == "@" ? "1" : Pick("0", "1", " -2", "z", "1+1"))}{Pick("", ":1", ":2", ":z")}}}",
            15 => $"${{!{Pick("y", "x")}}}",
            16 => $"$(( {Expression()} ))",
            17 => $"$(echo {Pick("", "-n ", "-e ")}{Words()})",
            18 => $"$(printf '%s:' {Words()})",
            19 => $"`echo {Pick("$x", "\\$y", "q", "\"a  b\"")}`",
            20 => $"${{{name}@{Pick("Q", "U", "L", "u")}}}",
            21 => Pick("\"$@\"", "$*", "$#", "$1"),
            22 => Substitution(name),
            _ => $"\"${{{array}[@]}}\"",
        };
        depth--;
        return expansion;
    }

    private string Substitution(string name)
    {
        var was = isInSubstitution;
        isInSubstitution = true;
        var text = $"$( {Statement()}; echo ${name})";
        isInSubstitution = was;
        return text;
    }

    private string Operand() => random.Next(6) switch
    {
        0 => "",
        1 => Pick("q r", "\"q  r\"", "'s t'", "\\}", "&", "\\&", "[&]", "~", "a/b", "*"),
        2 => Expansion(),
        _ => Pick("d", "e-f", "+", ".", "", "\\n", "\"\""),
    };

    private string Pattern() => random.Next(9) switch
    {
        0 => "*",
        1 => Pick("a*", "*b", "?", "??", "*.*", "*[!a]"),
        2 => Pick("[ab]", "[!ab]", "[a-c]*", "[[:alpha:]]*", "[[:digit:]]", "[]a]", "[^x]", "[a", "*[[:space:]]*"),
        3 => Pick("'a*'", "\"b\"", "\\*", "\\.", "\".\"*"),
        4 => "\"$x\"",
        5 => "$y",
        _ => Pick("a", "b", "c", ".", "-", "ab", "é", "_"),
    };

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
