namespace Orchestrator.Pkgbuild.Tests;

/// <summary>Where findings point at. The lines before each text are those of <see cref="PkgbuildFolder.Minimum"/>: 1 to 4.</summary>
public class PlaceTests
{
    [Theory]
    [InlineData("epoch=x", 5, 1)]
    [InlineData("  epoch=1; epoch=x", 5, 12)]
    [InlineData("epoch=1\nepoch=x\nepoch=x", 7, 1)]
    [InlineData("_x=x; epoch=$_x", 5, 7)]
    [InlineData("declare -g epoch=x", 5, 12)]
    [InlineData("if true; then epoch=x; fi", 5, 15)]
    [InlineData("# ä𝄞\n: ä𝄞 ; epoch=x", 6, 9)]
    [InlineData("printf -v epoch x", 1, 0)]
    public async Task A_string_is_found_where_it_is_assigned(string text, int line, int column) => await ExpectAsync(text, "epoch", line, column);

    [Theory]
    [InlineData("depends=('-x')", 5, 10)]
    [InlineData("depends=(a b\n         '-x' c)", 6, 10)]
    [InlineData("depends=(a)\ndepends+=(b\n  # why\n  \"-x\")", 8, 3)]
    [InlineData("depends=([1]=a [0]=-x)", 5, 16)]
    [InlineData("_x=-x\ndepends=(a \"$_x\" b)", 6, 12)]
    [InlineData("depends=(a -{x,y})", 5, 12)]
    [InlineData("_x=-x\ndepends=(\"$_x\" \"$_x\")", 6, 1)]
    public async Task A_member_of_an_array_is_found_where_it_stands(string text, int line, int column) => await ExpectAsync(text, "depends", line, column);

    [Theory]
    [InlineData("package() {\n  depends=(a '-x')\n}", 6, 14)]
    [InlineData("package() {\n  if true; then\n    depends+=(-x)\n  fi\n}", 7, 15)]
    [InlineData("depends=(-x)\npackage_sample() { :; depends=('-x' -y); }", 5, 10)]
    [InlineData("package_sample() ( :\n depends=('-y')\n : )", 6, 11)]
    [InlineData("package_sample() { :; _x=-x; depends=($pkgname '$x'); }", 5, 48)]
    public async Task What_a_package_function_sets_is_found_in_it(string text, int line, int column) => await ExpectAsync(text, "depends", line, column);

    [Theory]
    [InlineData("build() { :; }", 5, 1)]
    [InlineData(": ; function build { :; }", 5, 5)]
    public async Task A_function_is_found_where_it_is_defined(string text, int line, int column) => await ExpectAsync(text, "package-function", line, column);

    [Fact]
    public async Task A_package_function_that_is_missing_is_missed_at_the_name_of_its_package() =>
        await ExpectAsync("pkgname=(a\n b)\npackage_a() { :; }", "package-function", 6, 2);

    [Fact]
    public async Task A_PKGBUILD_that_was_not_read_from_a_file_has_the_lines_that_it_is_given()
    {
        var read = await PkgbuildFolder.ReadAsync(PkgbuildFolder.Minimum + "epoch=x\n");
        Pkgbuild made = new()
        {
            Path = read.Path,
            BaseName = read.BaseName,
            Names = read.Names,
            Version = read.Version,
            Fields = read.Fields,
            Overrides = read.Overrides,
            Functions = read.Functions,
            Lines = read.Lines,
        };

        var finding = Assert.Single(PkgbuildLinter.Lint(made));
        Assert.Equal($"{made.Path}(5): error epoch: epoch 'x' is not a whole number", finding.ToString());
        Assert.Equal((new(5, 0), new(1, 0)), (made.PlaceOfField("epoch"), made.PlaceOfFunction("build")));
    }

    private static async Task ExpectAsync(string text, string rule, int line, int column)
    {
        var findings = PkgbuildLinter.Lint(await PkgbuildFolder.ReadAsync(PkgbuildFolder.Minimum + text + "\n"));
        Assert.Contains(findings, finding => (finding.Rule, finding.Line, finding.Column) == (rule, line, column));
    }
}
