namespace Orchestrator.Pkgbuild;

/// <summary>
/// The version of a package: <c>[epoch:]pkgver[-pkgrel]</c>. It is ordered as <c>vercmp(8)</c> orders, where
/// <c>1.0</c> and <c>1.00</c> are one version; equality is that of the text.
/// </summary>
/// <param name="PkgVer">Version of what is packaged.</param>
/// <param name="PkgRel">Release of the package; it begins anew at 1 with each pkgver. Empty where there is none.</param>
/// <param name="Epoch">Makes a version newer than every one of a lower epoch; null or 0 is not shown.</param>
public sealed record PackageVersion(string PkgVer, string PkgRel, string? Epoch = null) : IComparable<PackageVersion>
{
    /// <summary>Reads a version, split where alpm splits it: an epoch is digits before a colon, pkgrel follows the last hyphen.</summary>
    public static PackageVersion Parse(string version)
    {
        var rest = version;
        string? epoch = null;
        var digits = rest.TakeWhile(char.IsAsciiDigit).Count();
        if (digits < rest.Length && rest[digits] == ':')
        {
            epoch = rest[..digits];
            rest = rest[(digits + 1)..];
        }

        return rest.LastIndexOf('-') is >= 0 and var hyphen
            ? new(rest[..hyphen], rest[(hyphen + 1)..], epoch)
            : new(rest, "", epoch);
    }

    /// <summary>
    /// Compares as <c>vercmp(8)</c>: epoch, then pkgver, then pkgrel, which does not count unless both have one.
    /// </summary>
    /// <returns>Less than 0 if this is older than <paramref name="other"/>, 0 if neither is, more than 0 if it is newer.</returns>
    public int CompareTo(PackageVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = VersionOrder.Compare(Epoch is null or "" ? "0" : Epoch, other.Epoch is null or "" ? "0" : other.Epoch);
        if (order == 0)
        {
            order = VersionOrder.Compare(PkgVer, other.PkgVer);
        }

        return order != 0 || PkgRel.Length == 0 || other.PkgRel.Length == 0 ? order : VersionOrder.Compare(PkgRel, other.PkgRel);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        (Epoch is null or "" or "0" ? "" : $"{Epoch}:") + PkgVer + (PkgRel.Length == 0 ? "" : $"-{PkgRel}");

    /// <summary>Whether <paramref name="left"/> is older.</summary>
    public static bool operator <(PackageVersion? left, PackageVersion? right) => Compare(left, right) < 0;

    /// <summary>Whether <paramref name="left"/> is not newer.</summary>
    public static bool operator <=(PackageVersion? left, PackageVersion? right) => Compare(left, right) <= 0;

    /// <summary>Whether <paramref name="left"/> is newer.</summary>
    public static bool operator >(PackageVersion? left, PackageVersion? right) => Compare(left, right) > 0;

    /// <summary>Whether <paramref name="left"/> is not older.</summary>
    public static bool operator >=(PackageVersion? left, PackageVersion? right) => Compare(left, right) >= 0;

    private static int Compare(PackageVersion? left, PackageVersion? right) =>
        left is null ? (right is null ? 0 : -1) : left.CompareTo(right);
}
