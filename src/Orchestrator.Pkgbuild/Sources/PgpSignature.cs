namespace Orchestrator.Pkgbuild;

/// <summary>Judges a signature by the status lines of gpg, as makepkg does (<c>validpgpkeys</c> in <c>PKGBUILD(5)</c>).</summary>
internal static class PgpSignature
{
    private const string Prefix = "[GNUPG:] ";

    /// <summary>What is wrong with a signature; null if it is good.</summary>
    /// <param name="status">What <c>gpg --status-fd</c>, or <c>git verify-commit --raw</c>, printed.</param>
    /// <param name="validKeys">Fingerprints of the keys that may have made it; if there are none, the user's own trust decides.</param>
    internal static string? Problem(IReadOnlyList<string> status, IReadOnlyList<string> validKeys)
    {
        var lines = Lines(status).ToList();
        var verdict = lines.Find(line => line[0] is "GOODSIG" or "EXPSIG" or "EXPKEYSIG" or "REVKEYSIG" or "BADSIG" or "ERRSIG");
        if (verdict is null)
        {
            return "SIGNATURE NOT FOUND";
        }

        var key = verdict.ElementAtOrDefault(1) ?? "";
        switch (verdict[0])
        {
            case "REVKEYSIG":
                return $"public key {key} has been revoked";
            case "BADSIG":
                return $"bad signature from public key {key}";
            case "ERRSIG":
                return verdict.ElementAtOrDefault(6) == "9" ? $"unknown public key {key} (gpg --recv-keys {key} gets it)" : $"error during signature verification (key {key})";
        }

        // A subkey's signature carries the fingerprint of the primary key in its tenth argument.
        var valid = lines.FirstOrDefault(line => line[0] == "VALIDSIG") ?? [];
        var fingerprint = valid.ElementAtOrDefault(10) ?? valid.ElementAtOrDefault(1) ?? "";
        if (validKeys.Count > 0)
        {
            return validKeys.Contains(fingerprint, StringComparer.Ordinal) ? null : $"invalid public key {fingerprint}";
        }

        return lines.Exists(line => line[0] is "TRUST_MARGINAL" or "TRUST_FULLY" or "TRUST_ULTIMATE")
            ? null
            : $"the public key {fingerprint} is not trusted (add it to validpgpkeys)";
    }

    /// <summary>What is to be said of a signature that is good; null if nothing is.</summary>
    /// <param name="status">As for <see cref="Problem"/>.</param>
    internal static string? Warning(IReadOnlyList<string> status) =>
        Lines(status).Any(line => line[0] == "EXPSIG") ? "the signature has expired"
        : Lines(status).Any(line => line[0] == "EXPKEYSIG") ? "the key has expired"
        : null;

    private static IEnumerable<string[]> Lines(IReadOnlyList<string> status) => status
        .Where(line => line.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(line => line[Prefix.Length..].Split(' '));
}
