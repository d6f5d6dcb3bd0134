namespace Orchestrator.Pkgbuild.Tests;

/// <summary>What the differential fuzzer found: constructs that few write, and of which bash makes what few expect.</summary>
public sealed class OddConstructTests
{
    private static readonly PkgbuildReadOptions Never = new() { Evaluation = PkgbuildEvaluation.Never, Architecture = "x86_64" };

    /// <summary>A construct, and the pkgdesc that it makes.</summary>
    public static TheoryData<string, string> Constructs { get; } = new()
    {
        // Single quotes go by pairs in a default between double quotes, and mean themselves.
        { "pkgdesc=\"${_none:-'a}b'}\"", "'a}b'" },
        { "_v=1; pkgdesc=\"${_none:-'$_v\\$\\\"'}\"", "'1$\"'" },
        { "read -r pkgdesc <<E\n${_none:-'a}b'}\nE", "'a}b'" },
        { "pkgdesc=\"${_none:-<(a}b)}\"", "<(a}b)" },

        // A tilde at the begin of a default is the home folder, but not between double quotes.
        { "_v=1; pkgdesc=${_v:+~}; pkgdesc=${pkgdesc#$HOME}${_none:-a:~}; pkgdesc=${pkgdesc/$HOME/home}", "a:home" },
        { "_v=1; _a=(\"${_v:+~}\" ${_v:+~}); pkgdesc=${_a[0]}${_a[1]#$HOME}", "~" },
        { "_v=1; [[ $HOME == ${_v:+~} ]] && pkgdesc=home", "home" },

        // What is assigned by := has the attributes of the variable.
        { "_f() { local -i n; pkgdesc=${n:=1+1}; }; _f", "2" },
        { "_f() { local -u n; pkgdesc=${n=up}; }; _f", "UP" },
        { "declare -i _n=2; _n+=; pkgdesc=$_n", "2" },
        { "declare -i _a; read -r -a _a <<< '1+1 3'; declare -u _b; mapfile -t _b <<< up; pkgdesc=${_a[*]}${_b[0]}", "2 3UP" },

        // Nothing can be replaced in nothing.
        { "_v=; pkgdesc=${_v/*/a}${_v//*/b}${_v/x/c}${_v/?/d}", "ab" },

        // Of a variable that is declared, and has no value, ${!x} is nothing, and no error.
        { "_f() { local n; pkgdesc=a${!n}${!n:-b}; }; _f", "ab" },
        { "_f() { local n; n[-1]=c; pkgdesc=${n[0]}; }; _f", "c" },

        // An array of one kind stays it.
        { "_a=(x); declare -gA _a || _a[1+1]=y; pkgdesc=${!_a[*]}", "0 2" },
        { "declare -A _m=([k]=1); _m=([k]+=2); pkgdesc=${_m[k]}", "12" },
        { "_s=$'a\\tb'; declare -A _m=([k]=$_s\"${_none[@]}\"c); pkgdesc=${_m[k]}", "a bc" },
        { "_a=(1); unset '_a[-2]' || pkgdesc=a; unset '_a[x]]' && pkgdesc+=b; _s=q; unset '_s[1]' || pkgdesc+=c; unset -v 1 || pkgdesc+=d", "abcd" },

        // The length is not looked at if there is nothing to take.
        { "_a=(x); pkgdesc=a${_a[@]: -2:1/0}b", "ab" },

        { "_a=(x); pkgdesc=a${_a[@]:1:1/0}b; read '' <<< x || pkgdesc+=c; (( ~---_n )); pkgdesc+=$_n", "abc-1" },

        // Errors of let are its own; printf goes on with what it could read.
        { "let '1 2' || pkgdesc=a; printf -v _n '%d,%d,%d,%x' 12ab -- --1 0x1fg || pkgdesc+=$_n", "a12,0,0,1f" },
        { "declare -gu pkgdesc=$(tr a b); pkgdesc=up", "UP" },
        { "_a=(1); printf -v '_a[2]' %o 9z || pkgdesc=${_a[2]}", "11" },
        { "printf -v pkgdesc %q 'a~ b:~=~'", "a~\\ b:\\~=\\~" },
        { "_v=$'\\xff'; pkgdesc=${_v@Q}; declare '' || pkgdesc+=a", "$'\\377'a" },
        { "mapfile -td , _a <<< a,b; pkgdesc=${_a[1]}${_a[0]}", "b\na" },

        { "_f() { for ((i = 0;  i < 1;)); do :; done; }; pkgdesc=$(declare -f _f); pkgdesc=${pkgdesc#*for }; pkgdesc=${pkgdesc%%))*}", "((i = 0; i < 1; 1" },

        // An option is on from the next line on.
        { "shopt -s extglob\n_v=ab; pkgdesc=${_v/+(a)}; case b in @(a|b)) pkgdesc+=c;; esac", "bc" },
    };

    /// <summary>Of which the reader says that it does not know; a word of the reason.</summary>
    public static TheoryData<string, string> NotKnown { get; } = new()
    {
        { "_a=(a b); IFS=,; pkgdesc=${_a[@]:0}\n", "IFS" },
        { "_a=(a b); IFS=,; _b=([1]=${_a[@]}); pkgdesc=${_b[1]}\n", "IFS" },
        { "_e=; _a=(\"${_e,}${_none[@]}\"); pkgdesc=${#_a[@]}\n", "nothing" },
        { "shopt -s extglob\n[[ a == *!(a) ]] && pkgdesc=a\n:\n", "pattern" },
        { "shopt -s extglob\n_v=[; [[ a == @($_v|a) ]] && pkgdesc=a\n:\n", "pattern" },
        { "_v='b\\'; pkgdesc=${_v/$_v}\n", "pattern" },
        { "eval 'pkgdesc=\"a'\n", "whole command" },
        { "(( _x = 1 2 )) || pkgdesc=${_x-none}\n", "assigns" },
        { "pkgdesc=a; _n=$((_ + 1))\n", "_" },
        { "declare -gi pkgdesc; for pkgdesc in RANDOM; do :; done\n", "RANDOM" },
        { "_v=$(tr a b)${pkgdesc:=a}\n", "'tr'" },
        { "_v=$(tr a b)${!_n}\n", "'tr'" },
        { "read -r _v <<< \"$(tr a b)${pkgdesc:=a}\"\n", "'tr'" },
        { "_f() { declare -gu groups=$(tr a b); }; _f; declare -gu pkgdesc=$(tr a b)\n", "'tr'" },
        { "which gcc && declare -gu _v; _v=a; pkgdesc=$_v\n", "'which'" },
        { "pkgdesc=\"${_none:-'$(echo '')'}\"\n", "quotes" },
        { "_none=x; printf -v 'groups[1]' %d 99999999999999999999\n", "number" },
    };

    [Theory]
    [MemberData(nameof(Constructs))]
    public async Task A_construct_has_the_value_that_bash_gives_it(string script, string expected)
    {
        using PkgbuildFolder folder = new($"{PkgbuildFolder.Minimum}{script}\n");

        // With bash too, and both must agree.
        await folder.ReadAsync(new() { Architecture = "x86_64" });
        var pkgbuild = await PkgbuildReader.ReadAsync(folder.Path, Never, TestContext.Current.CancellationToken);

        Assert.Equal(expected, pkgbuild.Fields.String("pkgdesc"));
    }

    [Theory]
    [MemberData(nameof(NotKnown))]
    public async Task What_is_not_followed_is_not_known(string script, string reason)
    {
        using PkgbuildFolder folder = new(PkgbuildFolder.Minimum + script);

        var exception = await Assert.ThrowsAsync<NeedsEvaluationException>(() => PkgbuildReader.ReadAsync(folder.Path, Never, TestContext.Current.CancellationToken));

        Assert.Contains(reason, exception.Fields[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pkgdesc=\"${_none:-it's}\"\n")]
    [InlineData("shopt -s extglob; [ x = +(x) ]\n")]
    [InlineData("if true; then\n  shopt -s extglob\n  case x in @(x)) pkgdesc=a;; esac\nfi\n")]
    [InlineData("_f() { shopt -s extglob; }\ncase x in @(x)) pkgdesc=a;; esac\n")]
    public async Task What_bash_refuses_is_refused(string script) => await PkgbuildFolder.ReadBadAsync(PkgbuildFolder.Minimum + script);
}
