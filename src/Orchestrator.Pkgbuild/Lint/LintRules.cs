namespace Orchestrator.Pkgbuild;

/// <summary>Every rule that PKGBUILDs are checked against, for reports that describe them.</summary>
public static class LintRules
{
    /// <summary>The rule that what cannot be read at all breaks.</summary>
    internal const string Read = "read";

    /// <summary>All rules, in the order of their names.</summary>
    public static IReadOnlyList<LintRule> All { get; } =
    [
        new(
            "arch",
            LintSeverity.Fatal,
            "arch names the architectures that the package can be built for, each of letters, digits and '_'; 'any' stands alone.",
            "Write arch=('any'), or the architectures: arch=('x86_64' 'aarch64')."),
        new(
            "arch-specific",
            LintSeverity.Fatal,
            "Only source, the sums, the *depends, provides, conflicts and replaces have variants for an architecture, and 'any' has none.",
            "Set the field without the suffix."),
        new("backup", LintSeverity.Fatal, "Members of backup are named from $pkgdir on.", "Remove the '/' that the member begins with."),
        new("changelog", LintSeverity.Fatal, "The changelog is a regular file beside the PKGBUILD.", "Add the file, or mend or remove changelog."),
        Relation("checkdepends"),
        Relation("conflicts"),
        new(
            "depends",
            LintSeverity.Fatal,
            "Members of depends are NAME, or NAME with <, <=, =, >= or > and a version, which may be left to be filled in later: NAME=.",
            "Mend the name or the version."),
        new("empty", LintSeverity.Error, "No array has an empty member.", "Remove the member, or find out why what it is made from is empty."),
        new("epoch", LintSeverity.Fatal, "epoch is a whole number.", "Write epoch=1, or remove epoch."),
        new("install", LintSeverity.Fatal, "The install script is a regular file beside the PKGBUILD.", "Add the file, or mend or remove install."),
        Relation("makedepends"),
        new(
            "optdepends",
            LintSeverity.Fatal,
            "Members of optdepends are what those of depends are, with ': REASON' after them if they have a reason.",
            "Mend the name or the version, or write a space after the colon."),
        new("options", LintSeverity.Fatal, "Every member of options is an option of makepkg, or one with '!' before it.", "Mend or remove the option."),
        new(
            "package-function",
            LintSeverity.Fatal,
            "What is built is also packaged: one package has package() or package_NAME(), each of several has its package_NAME().",
            "Add the function that is missing, or remove the one that is too many."),
        new(
            "package-variable",
            LintSeverity.Fatal,
            "A package function overrides no field that belongs to all packages of the file, such as makedepends.",
            "Set the field at the top level."),
        new(
            "pkgbase",
            LintSeverity.Fatal,
            "pkgbase consists of ASCII letters, digits and @ . _ + -, and begins with neither '-' nor '.'.",
            "Choose another pkgbase, or remove it: it is the first pkgname then."),
        new(
            "pkgname",
            LintSeverity.Fatal,
            "pkgname is there, consists of ASCII letters, digits and @ . _ + -, begins with neither '-' nor '.', and is not there twice.",
            "Choose another name."),
        new("pkgrel", LintSeverity.Fatal, "pkgrel is there, and is N or N.N.", "Write pkgrel=1."),
        new(
            "pkgver",
            LintSeverity.Fatal,
            "pkgver is there, and is ASCII without ':', '/', '-' and white space.",
            "Write '_' or '.' instead of the character that it must not have."),
        new("provides", LintSeverity.Fatal, "Members of provides are NAME or NAME=VERSION.", "Mend the name or the version; one version is provided, not a range."),
        new(
            Read,
            LintSeverity.Fatal,
            "The PKGBUILD is a script of bash, with LF line ends, whose top level ends without an error.",
            "Mend what bash complains about; bash -n PKGBUILD finds syntax errors, too."),
        new(
            "replaces",
            LintSeverity.Error,
            "Members of replaces are NAME, or NAME with <, <=, =, >= or > and a version.",
            "Mend the name or the version."),
        new(
            "source",
            LintSeverity.Error,
            "Every source can be fetched, and gets a name in $srcdir.",
            "Name a file beside the PKGBUILD, or a file:, http:, https: or git+ URL; NAME::URL gives it another name."),
        new("sparse", LintSeverity.Fatal, "No array has gaps between its indices.", "List the members without indices."),
        new(
            "sums",
            LintSeverity.Error,
            "Every source has one sum of each kind that is given, and at least one; a download without a sum or a signature is a warning.",
            "Add what is missing: updpkgsums or makepkg -g computes it; SKIP is for what has none."),
        new(
            "type",
            LintSeverity.Fatal,
            "Fields of many values are arrays, fields of one value are strings.",
            "Write NAME=(VALUE) for an array, NAME=VALUE for a string."),
    ];

    /// <summary>Index in <see cref="All"/> of a rule; -1 if there is none of that name.</summary>
    public static int IndexOf(string id)
    {
        for (var index = 0; index < All.Count; index++)
        {
            if (All[index].Id == id)
            {
                return index;
            }
        }

        return -1;
    }

    private static LintRule Relation(string array) => new(
        array,
        LintSeverity.Fatal,
        $"Members of {array} are NAME, or NAME with <, <=, =, >= or > and a version.",
        "Mend the name or the version.");
}
