using System.Security.Cryptography;

namespace Orchestrator.Pkgbuild.Tests;

public class DefinitionLinesTests
{
    [Theory]
    [InlineData("a=1\nb=2\n", "a1 b2")]
    [InlineData("a=1 b=2; c=3\n", "a1 b1 c1")]
    [InlineData("a=1\na=2\na+=3\n", "a1")]
    [InlineData("a=(\n  x=1\n  'y=2'  # z=3)\n  \"q)\"\n)\nb=2\n", "a1 b6")]
    [InlineData("a=(x\n\ny) b=(\n) c=1\n", "a1 b3 c4")]
    [InlineData("# a=1\nb=x#c=2\n", "b2")]
    [InlineData("a='x\ny=2\n'\nb=2\n", "a1 b4")]
    [InlineData("a=\"x $(echo \"y\nz=1\") ${q:-\"}\"}\n\"\nb=2\n", "a1 b4")]
    [InlineData("a=$'it\\'s\n'\nb=2\n", "a1 b3")]
    [InlineData("a=`echo \\`x\n\\``\nb=2\n", "a1 b3")]
    [InlineData("a=x\\\nb=2\nc=3\n", "a1 c3")]
    [InlineData("f() { a=1; b=2; }\nc=3\n", "f1 c2")]
    [InlineData("f () {\n  a=1\n  { b=2; }\n  echo }\n  c=${x}}\n}\nd=4\n", "f1 d7")]
    [InlineData("function f {\n a=1\n}\nfunction g() {\n b=1\n}\nc=1\n", "f1 g4 c7")]
    [InlineData("f()\n\n# comment\n{\n a=1\n}\nb=1\n", "f1 b7")]
    [InlineData("package_foo+bar-1.0() { :; }\npackage_c++() { :; }\na=1\n", "package_foo+bar-1.01 package_c++2 a3")]
    [InlineData("f() (\n a=1\n)\nb=1\n", "f1 b4")]
    [InlineData("f() { cat <<EOF\n}\na=1\nEOF\n}\nb=2\n", "f1 b6")]
    [InlineData("f() {\n cat <<-'E F' >x; b=1\n\t}\n\tE F\n}\nc=2\n", "f1 c6")]
    [InlineData("cat <<A <<B\na=1\nA\nb=1\nB\nc=1\n", "c6")]
    [InlineData("cat <<< a=1\nb=1\n", "b2")]
    [InlineData("if true; then a=1; else b=2\nfi\nfor c in x y=1; do d=3; done; e=4\n", "a1 b1 d3 e3")]
    [InlineData("case $x in\n a) a=1 ;;\n (b|'c)') b=2 ;&\n *) c=3\nesac\nd=4\n", "a2 b3 c4 d6")]
    [InlineData("f() { case x in x) echo ;; esac; a=1; }\nb=2\n", "f1 b2")]
    [InlineData("a=$(case x in x) echo b=1;; esac)\nc=2\n", "a1 c2")]
    [InlineData("[[ a == b && ( c=1 ) ]] && d=2\n", "d1")]
    [InlineData("[[ $a =~ ^(x|y)\\)$ ]]; d=2\n", "d1")]
    [InlineData("(( a=1, b<<2 )); c=$(( 1 << 2 ))\nd=1\n", "c1 d2")]
    [InlineData("for ((i=0; i<2; i++)); do a=1; done\nb=1\n", "a1 b2")]
    [InlineData("(a=1); b=$(c=1)\n", "b1")]
    [InlineData("export a=1 b c=3; declare -a d=(x y) e=1\necho f=1\n", "a1 c1 d1 e1")]
    [InlineData("a[0]=1\nb[x]+=2\n", "a1 b2")]
    [InlineData("! a=1\n{ b=1; }\n>x c=1\n&>y d=1\n", "a1 b2 c3 d4")]
    [InlineData("while read -r x; do a=1; done < <(echo b=1)\nc=1\n", "a1 c2")]
    [InlineData("a=${b//\\}/x} c=${d/\"}\"/y}\ne=1\n", "a1 c1 e2")]
    [InlineData("a=${x//@(y|z)/}\nshopt -s extglob; b=1; [[ x == +(y|z) ]]; c=1\n", "a1 b2 c2")]
    [InlineData("a=1 &&\nb=2 ||\nc=3 | d=4 & e=5\n", "a1 b2 c3 d3 e3")]
    [InlineData("ä=1\na-b=1\n1=2\nc=1\n", "c4")]
    public void The_line_of_each_first_definition_at_the_top_level_is_found(string script, string expected)
    {
        var found = DefinitionLines.Find(script).Select(definition => $"{definition.Key}{definition.Value}");

        Assert.Equal(expected.Split(' ').Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_PKGBUILD_tells_the_lines_of_its_fields_and_functions()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(PkgbuildFolder.Minimum + "\nbuild() {\n  make\n}\n");

        Assert.Equal(4, pkgbuild.LineOf("arch"));
        Assert.Equal(6, pkgbuild.LineOf("build"));
        Assert.Equal(1, pkgbuild.LineOf("depends"));
    }

    [Fact]
    public void Text_that_is_cut_or_garbled_anywhere_is_read_to_its_end()
    {
        var script = string.Concat(
            Path.GetRandomFileName(), // Different each time; the text stands in the failure's message.
            "\nf() { case \"$(x `y` ${z:-'}'})\" in (a|b) c=(1 2) ;; esac <<E; }\nE\n[[ $((1)) =~ @(x|y) ]] && declare d=$'\\'' >&2\nfunction g { (h); }\n");
        for (var round = 0; round < 3000; round++)
        {
            var characters = script.ToCharArray();
            for (var change = 0; change < 3; change++)
            {
                characters[RandomNumberGenerator.GetInt32(characters.Length)] = script[RandomNumberGenerator.GetInt32(script.Length)];
            }

            var text = new string(characters, 0, RandomNumberGenerator.GetInt32(characters.Length + 1));
            Assert.Null(Record.Exception(() => DefinitionLines.Find(text)) is { } exception ? $"{exception}\n{text}" : null);
        }
    }

    [Theory]
    [InlineData("a=1\nb=", "$(")]
    [InlineData("a=1\nb=", "${x:-")]
    [InlineData("a=1\nb=", "\"$(")]
    [InlineData("a=1\n", "((")]
    [InlineData("a=1\n", "{ ")]
    [InlineData("a=1\n", "case x in x) ")]
    public void Nesting_without_end_does_not_overflow_the_stack(string begin, string nested)
    {
        Assert.Equal(1, DefinitionLines.Find(begin + string.Concat(Enumerable.Repeat(nested, 200_000)))["a"]);
    }
}
