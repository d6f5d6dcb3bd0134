use std::ffi::OsString;
use std::fmt;

/// What is wrong with a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArgsError {
    /// No such option.
    UnknownOption {
        /// As it was typed.
        option: String,
        /// What may have been meant.
        suggestion: Option<String>,
    },
    /// No such command.
    UnknownCommand {
        /// As it was typed.
        command: String,
        /// What may have been meant.
        suggestion: Option<String>,
    },
    /// An option stands without its value.
    MissingValue(String),
    /// An option has a value and takes none.
    UnexpectedValue(String),
    /// A value is not of the type that the option takes.
    InvalidValue {
        /// The option.
        option: String,
        /// The value.
        value: String,
    },
    /// A word too many.
    UnexpectedArgument(String),
    /// A word that is not UTF-8.
    NotUtf8(OsString),
}

impl fmt::Display for ArgsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOption { option, suggestion } => {
                write!(f, "unknown option `{option}`")?;
                suggest(f, suggestion.as_deref())
            }
            Self::UnknownCommand {
                command,
                suggestion,
            } => {
                write!(f, "unknown command `{command}`")?;
                suggest(f, suggestion.as_deref())
            }
            Self::MissingValue(option) => write!(f, "option `{option}` needs a value"),
            Self::UnexpectedValue(option) => write!(f, "option `{option}` takes no value"),
            Self::InvalidValue { option, value } => {
                write!(f, "`{value}` is not a valid value for `{option}`")
            }
            Self::UnexpectedArgument(word) => write!(f, "unexpected argument `{word}`"),
            Self::NotUtf8(word) => write!(f, "argument `{}` is not UTF-8", word.to_string_lossy()),
        }
    }
}

fn suggest(f: &mut fmt::Formatter<'_>, suggestion: Option<&str>) -> fmt::Result {
    match suggestion {
        Some(name) => write!(f, "; did you mean `{name}`?"),
        None => Ok(()),
    }
}

impl std::error::Error for ArgsError {}
