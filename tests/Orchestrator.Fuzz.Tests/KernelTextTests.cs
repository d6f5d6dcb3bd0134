using System.Globalization;
using System.Text;
using CsCheck;
using Orchestrator.Supervisor;
using Orchestrator.Supervisor.Linux;
using Orchestrator.Supervisor.WorkDirectories;

namespace Orchestrator.Fuzz.Tests;

/// <summary>What is read from /proc and from marker files: any process can write its name there, anybody a file.</summary>
public sealed class KernelTextTests
{
    private const string Rest = "0 -1 4194560 1 0 0 0 2 3 0 0 20 0 1 0 777 0 0";
    private static readonly Gen<string> Id = Gen.Byte.Array[16].Select(bytes => Convert.ToHexStringLower(bytes));

    [Fact]
    public void A_process_is_read_whatever_it_calls_itself() => Fuzz.Check(
        Gen.Select(Gen.Byte.Array[0, 64], Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue], Gen.OneOf('R', 'S', 'Z', 'T', 'X')),
        given =>
        {
            var (name, parent, group, state) = given;
            byte[] stat = [.. "42 ("u8, .. name, .. Encoding.ASCII.GetBytes(FormattableString.Invariant($") {state} {parent} {group} 7 {Rest}\n"))];

            var entry = ProcessTable.Parse(42, stat);

            Assert.Equal((42, parent, group, 7, 777UL), (entry!.Value.Pid, entry.Value.Parent, entry.Value.Group, entry.Value.Session, entry.Value.Start));
            Assert.Equal(state is not ('Z' or 'X'), entry.Value.IsAlive);
            Assert.DoesNotContain(entry.Value.Name, char.IsControl);
        });

    [Fact]
    public void Text_that_is_no_line_of_proc_is_nothing_or_something_but_never_a_crash()
    {
        Fuzz.Check(Gen.Byte.Array[0, 200], bytes => _ = ProcessTable.Parse(1, bytes));
        Fuzz.Check(Fuzz.Mutated(Gen.Const($"42 (a b) S 1 2 3 {Rest}\n")), text => _ = ProcessTable.Parse(1, Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Printable_text_has_no_control_characters_and_plain_text_is_unchanged()
    {
        Fuzz.Check(Gen.Byte.Array[0, 50], bytes => Assert.DoesNotContain(Printable.Text(bytes), char.IsControl));
        Fuzz.Check(Gen.String[Gen.Char[' ', '~'], 0, 50], text => Assert.Equal(text, Printable.Text(Encoding.ASCII.GetBytes(text))));
        Assert.Equal("é\\x1b[31m\\xff\\x0a", Printable.Text([.. "é"u8, 0x1b, .. "[31m"u8, 0xff, (byte)'\n']));
    }

    [Fact]
    public void A_marker_is_read_as_it_was_written_and_no_other_text_is_one()
    {
        Fuzz.Check(
            Gen.Select(Id.Array[1, 5], Gen.ULong, (ids, directory) => new WorkMarker(string.Join('/', ids), directory)),
            marker => Assert.Equal(marker, WorkMarker.Parse(marker.ToBytes())));
        Fuzz.Check(Gen.Byte.Array[0, 300], bytes => Assert.Null(WorkMarker.Parse(bytes)));
        Fuzz.Check(
            Fuzz.Mutated(Id.Select(id => Encoding.UTF8.GetString(new WorkMarker(id, 7).ToBytes()))),
            text =>
            {
                // What is nearly a marker is none, or names a run as a run is named.
                if (WorkMarker.Parse(Encoding.UTF8.GetBytes(text)) is { } marker)
                {
                    Assert.All(marker.Run.Split('/'), part => Assert.True(RunId.IsValid(part)));
                }
            });
    }

    [Fact]
    public void A_run_is_found_in_an_environment_exactly_where_it_is()
    {
        Fuzz.Check(
            Gen.Select(Gen.OneOf<string>(Fuzz.Text, Id.Select(id => "ORCHESTRATOR_RUN=" + id), Id.Select(id => $"ORCHESTRATOR_RUN={id}/{id}0"), Id.Select(id => $"X_ORCHESTRATOR_RUN={id}")).Array[0, 5], Id),
            given =>
            {
                var (entries, id) = given;
                var other = Environment(entries);
                Assert.False(RunId.IsIn(other, id));
                Assert.True(RunId.IsIn(Environment([$"ORCHESTRATOR_RUN=abc/{id}/def", .. entries]), id));
            });
        Fuzz.Check(Gen.Byte.Array[0, 100], bytes => Assert.False(RunId.IsIn(bytes, RunId.Create())));
        Fuzz.Check(Fuzz.Mutated(Id), text => Assert.Equal(text.Length == 32 && text.All(char.IsAsciiHexDigitLower), RunId.IsValid(text)));

        static byte[] Environment(IEnumerable<string> entries) => Encoding.UTF8.GetBytes(string.Concat(entries.Select(entry => entry.Replace("\0", "", StringComparison.Ordinal) + "\0")));
    }

    [Theory]
    [InlineData("sccache", "sccache")]
    [InlineData("/usr/local/bin/sccache --start-server", "sccache")]
    [InlineData("/usr/lib/jvm/java-17/bin/java --add-opens=java.base/java.lang=ALL-UNNAMED -Xmx512m -cp /home/u/.gradle/lib/gradle-launcher-8.5.jar -javaagent:/x.jar org.gradle.launcher.daemon.bootstrap.GradleDaemon 8.5", "java GradleDaemon org.gradle.launcher.daemon.bootstrap.GradleDaemon")]
    [InlineData("java -Xmx1g -jar /opt/server.jar --port 1", "java server.jar server")]
    [InlineData("java --add-modules a,b -p mods -m module/com.example.Main", "java Main")]
    [InlineData("java -version", "java")]
    [InlineData("java -jar", "java")]
    [InlineData("/usr/share/dotnet/dotnet exec /usr/share/dotnet/sdk/Roslyn/VBCSCompiler.dll -pipename:x", "dotnet VBCSCompiler.dll VBCSCompiler")]
    [InlineData("dotnet /sdk/MSBuild.dll /nodemode:1", "dotnet MSBuild.dll MSBuild")]
    [InlineData("/usr/bin/python3.11 -u /opt/daemon.py", "python3.11 daemon.py daemon")]
    [InlineData("node /x/server.js", "node server.js server")]
    [InlineData("make -j2 all", "make")]
    [InlineData("", "")]
    public void A_program_has_the_names_that_people_call_it_by(string commandLine, string names)
    {
        ArgumentNullException.ThrowIfNull(commandLine);
        Assert.Equal(
            names.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            AllowList.NamesOf(commandLine.Split(' ')));
    }

    [Fact]
    public void Any_command_line_has_names_or_none() => Fuzz.Check(
        Gen.OneOf<string>(Fuzz.Text, Gen.OneOf("java", "-jar", "-cp", "-m", "dotnet", "exec", "python3", "@file", "a.b.C")).Array[0, 6],
        words => Assert.True(AllowList.NamesOf(words).Count().ToString(CultureInfo.InvariantCulture).Length == 1));
}
