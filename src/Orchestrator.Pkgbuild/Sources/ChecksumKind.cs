namespace Orchestrator.Pkgbuild;

/// <summary>The kinds of sum that a PKGBUILD can give for a source.</summary>
public enum ChecksumKind
{
    /// <summary><c>cksums</c>: the CRC of <c>cksum(1)</c>, in decimal. Finds accidents, not attacks.</summary>
    Ck,

    /// <summary><c>md5sums</c>.</summary>
    Md5,

    /// <summary><c>sha1sums</c>.</summary>
    Sha1,

    /// <summary><c>sha224sums</c>.</summary>
    Sha224,

    /// <summary><c>sha256sums</c>.</summary>
    Sha256,

    /// <summary><c>sha384sums</c>.</summary>
    Sha384,

    /// <summary><c>sha512sums</c>.</summary>
    Sha512,

    /// <summary><c>b2sums</c>: BLAKE2b with 512 bits, as <c>b2sum(1)</c> prints it.</summary>
    Blake2b,
}
