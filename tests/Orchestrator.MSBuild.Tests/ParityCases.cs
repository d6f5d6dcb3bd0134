namespace Orchestrator.MSBuild.Tests;

/// <summary>Tasks that are to do the same as Exec and as ExecInProcessGroup.</summary>
internal static class ParityCases
{
    private static readonly string Long = new('x', 200_000); // more than an argument can hold, 128 KiB

    /// <summary>The attributes by what they show, as XML.</summary>
    internal static IReadOnlyDictionary<string, string> ByName { get; } = new Dictionary<string, string>
    {
        // Command
        ["one line"] = Runs("echo hello"),
        ["several lines"] = Runs("echo one&#10;if true; then&#10;  echo two&#10;fi"),
        ["CR LF in the command"] = Runs("echo one&#13;&#10;echo two&#13;&#10;"),
        ["quotes of all kinds"] = Runs("echo &quot;a  'b'&quot; 'c  &quot;d&quot;' \\\\ `echo e` %24(echo f) \\$HOME &amp;&amp; echo '%41%3B'"),
        ["escaped characters"] = Runs("echo 'a%3Bb;c%2A'", "ConsoleToMSBuild='true'"),
        ["a backslash"] = Runs(@"printf '%s\n' 'a\b\c'"),
        ["characters beyond ASCII"] = Runs("echo 'Grüße, 世界 🎉'", "ConsoleToMSBuild='true'"),
        ["a long command"] = Runs($"echo {Long} | wc -c"),
        ["a long line"] = Runs("head -c 300000 /dev/zero | tr '\\0' y"),
        ["a syntax error"] = Runs("exec 2>&amp;1; echo one&#10;if then"),
        ["a program that is missing"] = Runs("exec 2>&amp;1; echo one&#10;no-such-program-here"),
        ["exec"] = Runs("exec echo replaced"),

        // Exit codes
        ["exit code 1"] = Runs("exit 1"),
        ["exit code 5, which means access denied to MSBuild"] = Runs("exit 5"),
        ["exit code 255"] = Runs("echo last words; exit 255"),
        ["ended by a signal"] = Runs("kill -KILL $$"),
        ["IgnoreExitCode"] = Runs("exit 3", "IgnoreExitCode='true'"),
        ["IgnoreExitCode with an error line"] = Runs("echo 'a.c(1): error X1: bad'; exit 3", "IgnoreExitCode='true'"),
        ["IgnoreExitCode and EchoOff"] = Runs("exit 3", "IgnoreExitCode='true' EchoOff='true'"),
        ["EchoOff"] = Runs("echo secret", "EchoOff='true'"),
        ["EchoOff and an exit code"] = Runs("exit 4", "EchoOff='true'"),
        ["ContinueOnError"] = Runs("echo 'a.c(1): error X1: bad'; exit 6", "ContinueOnError='true'"),
        ["WarnAndContinue"] = Runs("exit 6", "ContinueOnError='WarnAndContinue'"),
        ["exit code 0 after an error line"] = Runs("echo 'a.c(1): error X1: bad'"),
        ["exit code 0 after an error line with EchoOff"] = Runs("echo 'a.c(1): error X1: bad'", "EchoOff='true'"),

        // Errors and warnings in the output
        ["an error with file, line and column"] = Runs("echo 'src/a.c(12,34): error C1234: no such thing'; exit 2"),
        ["a warning with file and line"] = Runs("echo 'src/a.c(12): warning C99: odd'"),
        ["an error of GCC"] = Runs("echo 'a.c:3:5: error: expected ;' >&amp;2; exit 1"),
        ["an error with a subcategory"] = Runs("echo 'LINK : fatal error LNK1104: cannot open'; exit 1"),
        ["an error without a place"] = Runs("echo 'error: all is lost'; exit 1"),
        ["IgnoreStandardErrorWarningFormat"] = Runs("echo 'a.c(1): error X1: bad'; echo 'a.c(1): warning X1: bad'", "IgnoreStandardErrorWarningFormat='true'"),
        ["CustomErrorRegularExpression"] = Runs("echo 'this is BAD'; echo fine", "CustomErrorRegularExpression='B.D'"),
        ["CustomWarningRegularExpression"] = Runs("echo 'this is ODD'; echo 'a.c(1): warning X1: bad'", "CustomWarningRegularExpression='^this'"),
        ["both expressions match"] = Runs("echo 'ODD and BAD'", "CustomWarningRegularExpression='ODD' CustomErrorRegularExpression='BAD'"),
        ["an expression with IgnoreStandardErrorWarningFormat"] = Runs("echo 'BAD'; echo 'error: none'", "IgnoreStandardErrorWarningFormat='true' CustomErrorRegularExpression='BAD'"),
        ["LogStandardErrorAsError"] = Runs("echo out; echo err {0} >&amp;2", "LogStandardErrorAsError='true' ConsoleToMSBuild='true'"),
        ["LogStandardErrorAsError with an exit code"] = Runs("echo err >&amp;2; exit 9", "LogStandardErrorAsError='true'"),

        // Output
        ["StandardOutputImportance"] = Runs("echo out; echo err >&amp;2", "StandardOutputImportance='low'"),
        ["StandardErrorImportance"] = Runs("echo out; echo err >&amp;2", "StandardErrorImportance='Normal'"),
        ["ConsoleToMSBuild"] = Runs("echo '  one  '; echo; echo 'two;three%3B*?'; echo four >&amp;2", "ConsoleToMSBuild='true'"),
        ["without ConsoleToMSBuild"] = Runs("echo one"),
        ["both streams"] = Runs("for i in 1 2 3; do echo out $i; echo err $i >&amp;2; done", "ConsoleToMSBuild='true'"),
        ["braces"] = Runs("echo '{0} {1} {'; echo '{2}' >&amp;2"),
        ["CR LF"] = Runs("printf 'one\\r\\ntwo\\r\\n'"),
        ["CR alone"] = Runs("printf 'one\\rtwo\\rthree\\n'"),
        ["CR at the end"] = Runs("printf 'one\\r'"),
        ["no final line end"] = Runs("printf 'one\\ntwo'"),
        ["empty lines"] = Runs("printf '\\n\\none\\n\\n\\ntwo\\r\\n\\r\\n'", "ConsoleToMSBuild='true'"),
        ["no output"] = Runs("true", "ConsoleToMSBuild='true'"),
        ["NUL bytes"] = Runs("printf 'a\\0b\\n'", "ConsoleToMSBuild='true'"),
        ["escape sequences"] = Runs("printf '\\033[31mred\\033[0m\\n\\tx\\n'"),
        ["bytes that are not UTF-8"] = Runs("printf '\\377\\376x\\300\\n'"),
        ["a byte order mark"] = Runs("printf '\\357\\273\\277x\\n'"),
        ["many lines"] = Runs("seq 1 3000", "ConsoleToMSBuild='true'"),

        // Encodings
        ["StdOutEncoding iso-8859-1"] = Runs("printf 'gr\\374n\\n'; printf 'gr\\303\\274n\\n' >&amp;2", "StdOutEncoding='iso-8859-1'"),
        ["StdErrEncoding iso-8859-1"] = Runs("printf 'gr\\303\\274n\\n'; printf 'gr\\374n\\n' >&amp;2", "StdErrEncoding='iso-8859-1'"),
        ["StdOutEncoding utf-16"] = Runs("printf 'a\\0b\\0\\r\\0\\n\\0c\\0'", "StdOutEncoding='utf-16'"),
        ["StdOutEncoding utf-32"] = Runs("printf 'a\\0\\0\\0\\n\\0\\0\\0'", "StdOutEncoding='utf-32'"),
        ["an unknown StdOutEncoding"] = Runs("echo one", "StdOutEncoding='no-such'"),
        ["an unknown StdErrEncoding"] = Runs("echo one", "StdErrEncoding='no-such'"),
        ["UseUtf8Encoding Always"] = Runs("echo 'ü'", "UseUtf8Encoding='Always'"),
        ["UseUtf8Encoding Never"] = Runs("echo 'ü'", "UseUtf8Encoding='Never'"),

        // Surroundings
        ["the project's folder"] = Runs("pwd"),
        ["WorkingDirectory"] = Runs("pwd", "WorkingDirectory='sub folder'"),
        ["an absolute WorkingDirectory"] = Runs("pwd", "WorkingDirectory='/usr'"),
        ["WorkingDirectory with .."] = Runs("pwd", "WorkingDirectory='sub folder/../'"),
        ["a missing WorkingDirectory"] = Runs("pwd", "WorkingDirectory='no/such'"),
        ["EnvironmentVariables"] = Runs("echo \"$A-$B-${C-unset}\"", "EnvironmentVariables='A=1 2;B=x=y;C='"),
        ["EnvironmentVariables replace"] = Runs("echo $HOME", "EnvironmentVariables='HOME=/nowhere'"),
        ["EnvironmentVariables without ="] = Runs("echo one", "EnvironmentVariables='A=1;WRONG'"),
        ["EnvironmentVariables without a name"] = Runs("echo one", "EnvironmentVariables='=1'"),
        ["the shell's own names"] = Runs("echo $# \"$@\"; umask"),
        ["ToolExe"] = Runs("echo ${BASH_VERSION:+bash}", "ToolExe='bash'"),
        ["ToolExe and ToolPath"] = Runs("echo ${BASH_VERSION:+bash}", "ToolExe='bash' ToolPath='/bin'"),
        ["ToolPath without the tool"] = Runs("echo one", "ToolPath='/no/such'"),
        ["ToolPath alone"] = Runs("echo one", "ToolPath='/bin'"),
        ["YieldDuringToolExecution"] = Runs("echo one", "YieldDuringToolExecution='true'"),
        ["Outputs"] = Runs("true", "Outputs='a.txt;b c.txt'"),
        ["Timeout that is not reached"] = Runs("echo one", "Timeout='60000'"),
        ["a Timeout that is no number"] = Runs("echo one", "Timeout='soon'"),
        ["a Timeout beyond all numbers"] = Runs("echo one", "Timeout='99999999999'"),
        ["FailIfNotIncremental"] = Runs("echo one", "FailIfNotIncremental='true'"),
    };

    private static string Runs(string command, string others = "") =>
        $"Command=\"{command.Replace("\"", "&quot;", StringComparison.Ordinal)}\" {others}";
}
