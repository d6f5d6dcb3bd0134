using System.Text.RegularExpressions;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>docs/errors.md against the code.</summary>
public sealed partial class ErrorCodeTests
{
    [Fact]
    public void Every_code_has_its_section_and_no_other_has()
    {
        var codes = Code().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src/Orchestrator.MSBuild/ErrorCode.cs"))).Select(match => match.Groups[1].Value);
        var sections = Section().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/errors.md"))).Select(match => match.Groups[1].Value);
        Assert.Equal(codes, sections);
    }

    [GeneratedRegex("const string \\w+ = \"(ORC[0-9]{4})\"")]
    private static partial Regex Code();

    [GeneratedRegex("^## (ORC[0-9]{4})", RegexOptions.Multiline)]
    private static partial Regex Section();
}
