namespace Orchestrator.MSBuild.Tests;

/// <summary>What a project can get wrong, and what a command can do to a build.</summary>
public sealed class BadInputTests(BadInputBuild build) : IClassFixture<BadInputBuild>
{
    public static TheoryData<string> Mistakes => [.. BadInputBuild.Cases.Keys];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_one_error_at_the_task(string name)
    {
        var task = build[name];
        Assert.False(task.Succeeded);
        Assert.True(task.Errors.Count == 1, string.Join('\n', task.Events));
        var error = task.Errors[0];
        Assert.Equal((BadInputBuild.Cases[name].Code, task.ProjectFile), (error.Code, error.File));
        Assert.InRange(error.LineNumber, task.Line, task.Line + 1); // MSBuild's own error is at the attribute, on the next line
        Assert.DoesNotContain(task.Events, happened => happened.Contains("   at ", StringComparison.Ordinal));
        Assert.Empty(task.Warnings);
    }

    [Fact]
    public void What_is_in_a_work_directory_that_is_refused_stays() => Assert.True(build.HasForeignFile);

    [Fact]
    public void A_command_that_reads_its_input_finds_it_empty()
    {
        Assert.True(build["standard input"].Succeeded);
        Assert.Contains("read", build["standard input"].Messages);
    }

    [Fact]
    public void A_command_that_prints_100_MB_ends_and_no_line_is_lost()
    {
        Assert.True(build["100 MB"].Succeeded);
        Assert.Equal(1000, build["100 MB"].Messages.Count(message => message.Length == 100_000));
    }
}
