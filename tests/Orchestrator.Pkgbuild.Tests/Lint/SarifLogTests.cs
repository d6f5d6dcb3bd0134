using System.Text.Json;
using Orchestrator.Testing;

namespace Orchestrator.Pkgbuild.Tests;

public sealed class SarifLogTests : IDisposable
{
    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_log_names_its_version_its_tool_and_every_rule()
    {
        var log = Write(new());

        Assert.Equal("2.1.0", log.GetProperty("version").GetString());
        Assert.EndsWith("/sarif-schema-2.1.0.json", log.GetProperty("$schema").GetString(), StringComparison.Ordinal);
        var run = Assert.Single(log.GetProperty("runs").EnumerateArray());
        Assert.Equal("utf16CodeUnits", run.GetProperty("columnKind").GetString());
        Assert.Empty(run.GetProperty("results").EnumerateArray());
        Assert.True(run.GetProperty("invocations")[0].GetProperty("executionSuccessful").GetBoolean());
        var driver = run.GetProperty("tool").GetProperty("driver");
        Assert.Equal("Orchestrator", driver.GetProperty("name").GetString());
        Assert.Matches(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$", driver.GetProperty("version").GetString());
        Assert.Equal(
            LintRules.All.Select(rule => (rule.Id, rule.Summary, rule.Cure, "error")),
            driver.GetProperty("rules").EnumerateArray().Select(rule => (
                rule.GetProperty("id").GetString()!,
                rule.GetProperty("shortDescription").GetProperty("text").GetString()!,
                rule.GetProperty("help").GetProperty("text").GetString()!,
                rule.GetProperty("defaultConfiguration").GetProperty("level").GetString()!)));
    }

    [Fact]
    public void A_finding_is_a_result_with_its_rule_its_message_and_its_place()
    {
        var result = Assert.Single(Results(new()
        {
            Root = "/src",
            Findings = [new(LintSeverity.Fatal, "epoch", "it's \"x\"\ud834\udd1e", "/src/a/PKGBUILD", 5) { Column = 3 }],
        }));

        Assert.Equal("epoch", result.GetProperty("ruleId").GetString());
        Assert.Equal("epoch", LintRules.All[result.GetProperty("ruleIndex").GetInt32()].Id);
        Assert.Equal("error", result.GetProperty("level").GetString());
        Assert.Equal("it's \"x\"\ud834\udd1e", result.GetProperty("message").GetProperty("text").GetString());
        var place = Assert.Single(result.GetProperty("locations").EnumerateArray()).GetProperty("physicalLocation");
        Assert.Equal("""{"uri":"a/PKGBUILD","uriBaseId":"%SRCROOT%"}""", Compact(place.GetProperty("artifactLocation")));
        Assert.Equal("""{"startLine":5,"startColumn":3}""", Compact(place.GetProperty("region")));
    }

    [Theory]
    [InlineData(LintSeverity.Warning, "sums", 7, 0, "warning", """{"startLine":7}""")]
    [InlineData(LintSeverity.Error, "read", 0, 0, "error", """{"startLine":1}""")]
    public void A_place_is_as_exact_as_it_is_known(LintSeverity severity, string rule, int line, int column, string level, string region)
    {
        var result = Assert.Single(Results(new() { Findings = [new(severity, rule, "m", "/PKGBUILD", line) { Column = column }] }));

        Assert.Equal(level, result.GetProperty("level").GetString());
        Assert.Equal(region, Compact(result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("region")));
    }

    [Theory]
    [InlineData("/src", "/src/PKGBUILD", "PKGBUILD", true)]
    [InlineData("/src/", "/src/a b/ä#?%/PKGBUILD", "a%20b/%C3%A4%23%3F%25/PKGBUILD", true)]
    [InlineData("/src", "/src/a:b/x+y@z/PKGBUILD", "a%3Ab/x+y@z/PKGBUILD", true)]
    [InlineData("/src", "/srcs/a b/PKGBUILD", "file:///srcs/a%20b/PKGBUILD", false)]
    [InlineData("/", "/a/PKGBUILD", "a/PKGBUILD", true)]
    public void A_file_is_named_from_the_root_or_in_full(string root, string file, string name, bool isRelative)
    {
        var run = Run(new() { Root = root, Findings = [new(LintSeverity.Error, "sums", "m", file, 1)] });

        var artifact = run.GetProperty("results")[0].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation");
        Assert.Equal(name, artifact.GetProperty("uri").GetString());
        Assert.Equal(isRelative, artifact.TryGetProperty("uriBaseId", out _));
        Assert.Equal(root == "/" ? "file:///" : "file:///src/", run.GetProperty("originalUriBaseIds").GetProperty("%SRCROOT%").GetProperty("uri").GetString());
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_still_JSON()
    {
        var result = Assert.Single(Results(new() { Findings = [new(LintSeverity.Error, "sums", "a\udcffb", "/PKGBUILD", 1)] }));

        Assert.Equal("a\ufffdb", result.GetProperty("message").GetProperty("text").GetString());
    }

    [Fact]
    public void A_rule_that_is_not_ours_has_no_index()
    {
        var result = Assert.Single(Results(new() { Findings = [new(LintSeverity.Error, "house", "m", "/PKGBUILD", 1)] }));

        Assert.Equal("house", result.GetProperty("ruleId").GetString());
        Assert.False(result.TryGetProperty("ruleIndex", out _));
    }

    [Fact]
    public void What_could_not_be_checked_is_a_notification_of_a_run_that_did_not_succeed()
    {
        var run = Run(new()
        {
            Root = "/src",
            UnknownFields = [new("pkgver", "/src/PKGBUILD", 2, "'date' is a program")],
            Failures = [new(MakepkgExitCode.MissingFile, "there is none", "/src/none")],
        });

        Assert.Empty(run.GetProperty("results").EnumerateArray());
        var invocation = run.GetProperty("invocations")[0];
        Assert.False(invocation.GetProperty("executionSuccessful").GetBoolean());
        Assert.Equal(
            ["warning needs-evaluation pkgver needs evaluation: 'date' is a program PKGBUILD", "error not-read there is none none"],
            invocation.GetProperty("toolExecutionNotifications").EnumerateArray().Select(notification => string.Join(
                ' ',
                notification.GetProperty("level"),
                notification.GetProperty("descriptor").GetProperty("id"),
                notification.GetProperty("message").GetProperty("text"),
                notification.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri"))));
    }

    [Fact]
    public void A_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it()
    {
        var path = directory.Write("log.sarif", new string('x', 100_000));
        File.CreateSymbolicLink(directory.Combine("link"), path);

        new SarifLog().Save(directory.Combine("link"));

        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(File.ReadAllText(path)).RootElement.ValueKind);
        Assert.Equal(path, File.ResolveLinkTarget(directory.Combine("link"), returnFinalTarget: true)!.FullName);
        Assert.Equal(2, Directory.GetFileSystemEntries(directory.Path).Length);
    }

    [Fact]
    public void A_file_that_is_not_there_is_made()
    {
        File.CreateSymbolicLink(directory.Combine("link"), "made");

        new SarifLog().Save(directory.Combine("log"));
        new SarifLog().Save(directory.Combine("link"));

        Assert.Equal(["link", "log", "made"], Directory.GetFileSystemEntries(directory.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(File.ReadAllText(directory.Combine("log")), File.ReadAllText(directory.Combine("made")));
    }

    [Fact]
    public void A_device_stays_a_device()
    {
        new SarifLog().Save("/dev/null");

        Assert.Equal("", File.ReadAllText("/dev/null"));
    }

    [Theory]
    [InlineData("/dev/full")]
    [InlineData("/proc/none/log.sarif")]
    [InlineData("/")]
    public void A_log_that_cannot_be_written_is_one_error(string path)
    {
        var error = Assert.Throws<PkgbuildException>(() => new SarifLog().Save(path));

        Assert.StartsWith($"error: the SARIF log cannot be written to {path}: ", error.CanonicalMessage, StringComparison.Ordinal);
    }

    private static JsonElement Write(SarifLog log)
    {
        using MemoryStream stream = new();
        log.Write(stream);
        Assert.Equal((byte)'\n', stream.ToArray()[^1]);
        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }

    private static JsonElement Run(SarifLog log) => Write(log).GetProperty("runs")[0];

    private static JsonElement.ArrayEnumerator Results(SarifLog log) => Run(log).GetProperty("results").EnumerateArray();

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element, JsonSerializerOptions.Web);
}
