namespace Orchestrator.Pkgbuild.Tests;

public class DependencyTests
{
    [Theory]
    [InlineData("glibc", "glibc", "", "")]
    [InlineData("glibc>=2.36", "glibc", ">=", "2.36")]
    [InlineData("a<=1", "a", "<=", "1")]
    [InlineData("a<1:2-3", "a", "<", "1:2-3")]
    [InlineData("a>1", "a", ">", "1")]
    [InlineData("libx.so=1-64", "libx.so", "=", "1-64")]
    [InlineData("a=", "a", "=", "")]
    public void A_dependency_is_a_name_and_which_versions_of_it(string text, string name, string relation, string version)
    {
        var dependency = Dependency.Parse(text);

        Assert.Equal(new Dependency(name, relation, version), dependency);
        Assert.Equal(text, dependency.ToString());
    }

    [Theory]
    [InlineData("foo: for foo", "foo")]
    [InlineData("foo>=1:2: for: foo", "foo>=1:2")]
    [InlineData("foo", "foo")]
    public void An_optional_dependency_can_be_had_without_its_reason(string text, string expected)
    {
        Assert.Equal(expected, Dependency.WithoutReason(text));
    }

    [Theory]
    [InlineData("a", "1", true)]
    [InlineData("a>=2", "2-1", true)]
    [InlineData("a>=2", "1.9", false)]
    [InlineData("a>2", "2-5", false)]
    [InlineData("a=2-5", "2-4", false)]
    [InlineData("a<1:0", "99", true)]
    [InlineData("a<=2", "2.0.1", false)]
    public void It_accepts_the_versions_that_it_says(string dependency, string version, bool accepts)
    {
        Assert.Equal(accepts, Dependency.Parse(dependency).Accepts(PackageVersion.Parse(version)));
    }

    [Fact]
    public void What_is_provided_without_a_version_satisfies_none_in_particular()
    {
        Assert.False(Dependency.Parse("a>=0").Accepts(null));
        Assert.True(Dependency.Parse("a").Accepts(null));
    }
}
