use std::fmt;

/// Why a blob could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The blob is of another kind.
    Magic {
        /// The kind that was asked for.
        expected: [u8; 4],
        /// The kind that the blob says it is.
        found: [u8; 4],
    },
    /// The checksum does not match: the blob is damaged.
    Checksum,
    /// The data ends too early.
    Truncated {
        /// Offset in bytes from the start of the blob.
        offset: usize,
    },
    /// An integer does not fit where it belongs.
    Overflow {
        /// Offset in bytes from the start of the blob.
        offset: usize,
    },
    /// Text that is not UTF-8.
    Utf8 {
        /// Offset in bytes from the start of the blob.
        offset: usize,
    },
    /// Bytes are left after the last field.
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// Every field is readable, but together they make no sense.
    Invalid(&'static str),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Magic { expected, found } => write!(
                f,
                "expected a `{}` blob, found `{}`",
                expected.escape_ascii(),
                found.escape_ascii()
            ),
            Self::Checksum => f.write_str("the checksum does not match: the blob is damaged"),
            Self::Truncated { offset } => write!(f, "the blob ends too early, at byte {offset}"),
            Self::Overflow { offset } => write!(f, "an integer is too large, at byte {offset}"),
            Self::Utf8 { offset } => write!(f, "text is not UTF-8, at byte {offset}"),
            Self::Trailing { bytes } => write!(f, "{bytes} bytes are left after the last field"),
            Self::Invalid(what) => write!(f, "the blob makes no sense: {what}"),
        }
    }
}

impl std::error::Error for DecodeError {}
