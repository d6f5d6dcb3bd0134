namespace Orchestrator.Pkgbuild.Tests;

public class PgpSignatureTests
{
    private const string Subkey = "1111111111111111111111111111111111111111";
    private const string Primary = "2222222222222222222222222222222222222222";
    private const string Valid = $"[GNUPG:] VALIDSIG {Subkey} 2024-01-01 1704067200 0 4 0 1 8 00 {Primary}";

    [Theory]
    [InlineData(null, "")]
    [InlineData("SIGNATURE NOT FOUND", "error: no signature found")]
    [InlineData("bad signature from public key AB", "[GNUPG:] BADSIG AB Somebody")]
    [InlineData("public key AB has been revoked", "[GNUPG:] REVKEYSIG AB Somebody")]
    [InlineData("unknown public key AB (gpg --recv-keys AB gets it)", "[GNUPG:] ERRSIG AB 1 8 00 1704067200 9 CD")]
    [InlineData("error during signature verification (key AB)", "[GNUPG:] ERRSIG AB 1 8 00 1704067200 4 CD")]
    public void A_signature_that_is_not_good_is_named(string? problem, string line)
    {
        var status = line.Length == 0 ? ["[GNUPG:] GOODSIG AB Somebody", Valid] : new[] { line };

        Assert.Equal(problem, PgpSignature.Problem(status, [Primary]));
    }

    [Theory]
    [InlineData(null, Primary, "")]
    [InlineData($"invalid public key {Primary}", Subkey, "")]
    [InlineData(null, "", "[GNUPG:] TRUST_FULLY 0 pgp")]
    [InlineData($"the public key {Primary} is not trusted (add it to validpgpkeys)", "", "[GNUPG:] TRUST_UNDEFINED 0 pgp")]
    [InlineData($"the public key {Primary} is not trusted (add it to validpgpkeys)", "", "")]
    public void A_key_counts_if_the_PKGBUILD_names_it_or_else_if_the_user_trusts_it(string? problem, string validKey, string trust)
    {
        string[] status = ["[GNUPG:] NEWSIG", "[GNUPG:] GOODSIG AB Somebody", Valid, trust];

        Assert.Equal(problem, PgpSignature.Problem(status, validKey.Length == 0 ? [] : [validKey]));
    }

    [Theory]
    [InlineData(null, "GOODSIG")]
    [InlineData("the signature has expired", "EXPSIG")]
    [InlineData("the key has expired", "EXPKEYSIG")]
    public void An_expired_signature_is_good_with_a_warning(string? warning, string verdict)
    {
        string[] status = [$"[GNUPG:] {verdict} AB Somebody", Valid];

        Assert.Null(PgpSignature.Problem(status, [Primary]));
        Assert.Equal(warning, PgpSignature.Warning(status));
    }
}
