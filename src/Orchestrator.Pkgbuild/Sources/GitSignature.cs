namespace Orchestrator.Pkgbuild;

/// <summary>Judges a signature by the status lines of gpg, as makepkg does (<c>validpgpkeys</c> in <c>PKGBUILD(5)</c>).</summary>
internal static class GitSignature
{
    private const string Prefix = "[GNUPG:] ";

    /// <summary>What is wrong with a signature; null if it is good.</summary>
    /// <param name="status">What <c>git verify-commit --raw</c> printed.</param>
    /// <param name="validKeys">Fingerprints of the keys that may have made it; if there are none, the user's own trust decides.</param>
    internal static string? Problem(IReadOnlyList<string> status, IReadOnlyList<string> validKeys)
    {
        var lines = status
            .Where(line => line.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(line => line[Prefix.Length..].Split(' '))
            .ToList();
        var verdict = lines.FirstOrDefault(line => line[0] is "GOODSIG" or "EXPSIG" or "EXPKEYSIG" or "REVKEYSIG" or "BADSIG" or "ERRSIG");
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
                return verdict.ElementAtOrDefault(6) == "9" ? $"unknown public key {key}" : $"error during signature verification (key {key})";
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
}
