namespace Orchestrator.Fuzz.Tests;

/// <content>What real PKGBUILDs have, but seldom.</content>
internal sealed partial class BashScripts
{
    private string OtherStatement() => random.Next(24) switch
    {
        0 => $"for ((i{depth} = 0; i{depth} < {random.Next(4)}; i{depth}{Pick("++", " += 2", " = i" + depth + " + 1")})); do {Statement()}; {Pick("", "continue; ", "break; ")}done",
        1 => $"u{depth}=0; until (( u{depth}++ >= {random.Next(3)} )); do {Statement()}; done",
        2 => $"f{depth}() {{ (( $1 > 0 )) || return {random.Next(3)}; {Statement()}; f{depth} $(( $1 - 1 )){Pick("", " \"$x\"")}; }}; f{depth} {random.Next(4)}",
        3 => $"g{depth}() {{ local {Pick("-i ", "-l ", "-u ", "-a ", "")}{Pick(Scalars)}{Pick("", $"={Value()}")}; {Statement()}; {Statement()}; }}; g{depth} {Words()}",
        4 => $"h{depth}() {{ local -n r{depth}=$1; r{depth}{Pick("", "+")}={Pick(Value(), $"({Words()})")}; }}; h{depth} {Pick("x", "y", "a", "b")}",
        5 => $"set -- {Words()}; shift{Pick("", " 1", " $(( $# ? 1 : 0 ))")}; {Statement()}",
        6 => $"{Pick("set -- \"${@:2}\"", "set -- \"$@\" q", "for y; do x+=$y; done", "for y in \"$@\"; do x=$y; done", "for i in \"${!a[@]}\"; do b[i]=${a[i]}x; done")}",
        7 => $"if [[ {Word()} =~ {Regex()} ]]; then x=\"${{BASH_REMATCH[{random.Next(3)}]}}\"; y=${{#BASH_REMATCH[@]}}; fi",
        8 => $"printf -v {Pick("x", "'a[2]'", "'m[p]'", "y")} {Pick("'%i'", "'%+d'", "'%o'", "'%X'", "'%#x'", "'%*s'", "'%-*s|'", "'%%%s'", "'%05d'", "'%s=%s;'", "'%.3d'", "'%u'", "\"$y\"", "'%6.2s|'", "'% d'", "-- '%s'")} {Pick(Words(), $"{random.Next(-9, 99)} {random.Next(9)}", "0x1f 010", "\"'a\"")}",
        9 => $"{Pick("IFS=, ", "IFS=: ", "IFS=. ", "IFS= ", "IFS=' ,' ")}read -r {Pick("x y", "x", "-a b", "x y z", "-a a", "-d , x")} <<< {Word()}",
        10 => $"while read -r {Pick("x", "x y", "-a a")}; do b+=(\"$x\"); {Statement()}; done <<< {Pick(Word(), "$'a b\\nc\\n\\nd e f'", "\"$y\"")}",
        11 => $"mapfile {Pick("-t ", "", "-td , ")}b <<< {Word()}",
        12 => $"while read -r x; do y+=$x.; done < <(printf '%s\\n' {Words()})",
        13 => $"declare -g{Pick("a", "")} {Pick(Arrays)}{Pick("", "+")}=({Words()})",
        14 => $"declare -gA m{Pick("", "+")}=([{Pick("k", "'a b'", "$x.", "\"${y}q\"")}]={Value()} [{Pick("l", "z")}]{Pick("", "+")}={Value()})",
        15 => $"IFS={Pick("", ",", "x", "' ,'", "$'\\n'", "' '")}; {Statement()}; {Statement()}; {Pick("unset IFS", "IFS=$' \\t\\n'")}",
        16 => $"unset {Pick("'a[0]'", "'a[-1]'", "a[1]", "\"b[${z:-0}]\"", "'m[a b]'", "x y", "-v 'b[2]'", "a b")}",
        17 => $"{Pick("a=(\"${a[@]:1}\")", "a=(\"${a[@]/b/q}\" r)", "a[${#a[@]}]=n", "a+=([7]=s t)", "x+=(w)", "b=(${a[@]/%/.so})", "b=(\"${a[@]/#/lib}\")", "b=(\"${!a[@]}\")", "b=(\"${!m[@]}\")", "a=($x)", "a=(\"$x\"{,.sig})", "b=(\"${a[@]%%.*}\")", "a=(${a[*]:1:2})")}",
        18 => $"eval {Pick("\"a=($x)\"", "\"x='${a[*]}'\"", "'b+=(\"${a[@]}\")'", "\"function e() { x+=e; }\"; e", "\"${y:+z=5}\"", "\"q$z=1\"", "x=1 y=2")}",
        19 => $"{Pick("declare -gi x", "declare -gl y", "declare -gu z", "declare -gn q=x", "declare -gi a")}; {Statement()}; declare -g +i +l +u x y z a",
        20 when depth == 1 => $"shopt -s extglob\n{Statement()}\nx={Word()}; y=${{x{Pick("#", "##", "%", "%%", "/", "//", "/#")}{Extended()}}}\ncase $x in {Extended()}) z=1;; *{Extended()}) z=2;; esac\nshopt -u extglob",
        20 or 21 => $"let {Pick("'z = 3'", "z+=2 'x = z * 2'", "'z++'", "\"z = ${#x}\"")}",
        22 => $"z=$(( {Counting()} ))",
        _ => $": ${{{Pick(Scalars)}{Pick(":=", "=")}{Operand()}}} \"${{{Pick(Scalars)}:={DoubleQuoted()}}}\"",
    };

    // The right side of =~, with groups.
    private string Regex() => Pick("^([a-z]+)(.*)$", "([0-9]+)\\.([0-9]+)", "(a|b)+", "^.(.?)", "\"a.\"(.)", "[[:space:]](.*)", "$y", "^([^.-]*)[.-](.*)$", "(b?)(c*)", "\\.", "'.'");

    private string Counting() => Pick(
        "z++", "++z", "z--", "--z", "z += 3", "z <<= 1", "z %= 4", "z ^= 5", "10#08", "10#$(( 3 + 4 ))", "16#fF", "8#17", "a[1] = 4", "a[0]++", "a[z & 3] += 2",
        "x = 1, y = x + 1, x + y", "z > 1 ? z : -z", "1 << 3 | 1", "-7 / 2", "-7 % 3", "2 ** 3 ** 2", "!z", "~z", "z == 3 && x", "(z)", "m[k] + 1", "${#a[@]} - 1", "64#_", "0x7fffffffffffffff + 1");

    private string Extended() => $"{Pick("@", "+", "!", "?", "*")}({Alternative()}{Pick("", $"|{Alternative()}", $"|{Alternative()}|{Pick("[0-9]", "?", ".")}")})";
}
