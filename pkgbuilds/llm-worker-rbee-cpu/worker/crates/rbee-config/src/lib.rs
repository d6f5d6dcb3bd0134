//! Reads `key = value` configuration files.
//!
//! One setting a line; `#` starts a comment line; a value may stand in double quotes, in which
//! `\"`, `\\`, `\n` and `\t` are escapes. Keys are letters, digits, `_` and `-`, and occur once.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// The settings of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    settings: BTreeMap<String, Setting>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Setting {
    value: String,
    line: usize,
}

/// What is wrong with a file, and in which line, counted from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The line.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let mut settings = BTreeMap::new();
        for (index, text) in text.lines().enumerate() {
            let line = index + 1;
            let error = |message| ConfigError { line, message };
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let (key, value) = text
                .split_once('=')
                .ok_or_else(|| error("expected `key = value`".to_owned()))?;
            let key = key.trim_end();
            if !is_key(key) {
                return Err(error(format!("`{key}` is not a key")));
            }
            let value = unquote(value.trim_start()).map_err(error)?;
            if settings
                .insert(key.to_owned(), Setting { value, line })
                .is_some()
            {
                return Err(error(format!("`{key}` is set twice")));
            }
        }
        Ok(Self { settings })
    }

    /// The value of a key, as text.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.settings.get(key).map(|setting| setting.value.as_str())
    }

    /// The value of a key, as any type that can be read from text.
    ///
    /// # Errors
    /// With its line, if the value is of another type.
    pub fn value<T: FromStr>(&self, key: &str) -> Result<Option<T>, ConfigError> {
        let Some(setting) = self.settings.get(key) else {
            return Ok(None);
        };
        setting.value.parse().map(Some).map_err(|_| ConfigError {
            line: setting.line,
            message: format!("`{}` is not a valid value for `{key}`", setting.value),
        })
    }

    /// Makes sure that the file sets nothing but `known` keys.
    ///
    /// # Errors
    /// The first line that sets another.
    pub fn only(&self, known: &[&str]) -> Result<(), ConfigError> {
        let unknown = self
            .settings
            .iter()
            .filter(|(key, _)| !known.contains(&key.as_str()));
        match unknown.min_by_key(|(_, setting)| setting.line) {
            None => Ok(()),
            Some((key, setting)) => Err(ConfigError {
                line: setting.line,
                message: format!("unknown key `{key}`"),
            }),
        }
    }
}

fn is_key(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    !text.is_empty() && text.chars().all(allowed)
}

fn unquote(text: &str) -> Result<String, String> {
    let Some(quoted) = text.strip_prefix('"') else {
        return Ok(text.to_owned());
    };
    let mut value = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next() {
            None => return Err("the closing quote is missing".to_owned()),
            Some('"') => break,
            Some('\\') => value.push(match characters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some(plain @ ('"' | '\\')) => plain,
                _ => return Err("unknown escape".to_owned()),
            }),
            Some(other) => value.push(other),
        }
    }
    match characters.as_str() {
        "" => Ok(value),
        rest => Err(format!("unexpected text after the closing quote: `{rest}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_comments_and_blank_lines_are_read() {
        let config =
            Config::parse("# sampler\n\n seed=7 \ntop-p = 0.5\nstop = \"a \\\"b\\\"\\n\"\n")
                .unwrap();
        assert_eq!(config.value::<u64>("seed").unwrap(), Some(7));
        assert_eq!(config.value::<f32>("top-p").unwrap(), Some(0.5));
        assert_eq!(config.text("stop"), Some("a \"b\"\n"));
        assert_eq!(config.text("none"), None);
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let cases = [
            ("\nseed", "line 2: expected `key = value`"),
            ("a b = 1", "line 1: `a b` is not a key"),
            ("= 1", "line 1: `` is not a key"),
            ("a = 1\n\na = 2", "line 3: `a` is set twice"),
            ("a = \"x", "line 1: the closing quote is missing"),
            (
                "a = \"x\" y",
                "line 1: unexpected text after the closing quote: ` y`",
            ),
            ("a = \"\\x\"", "line 1: unknown escape"),
        ];
        for (text, message) in cases {
            assert_eq!(Config::parse(text).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_wrong_type_and_an_unknown_key_have_their_line_too() {
        let config = Config::parse("seed = x\nsede = 1\n").unwrap();
        assert_eq!(
            config.value::<u64>("seed").unwrap_err().to_string(),
            "line 1: `x` is not a valid value for `seed`"
        );
        assert_eq!(
            config.only(&["seed"]).unwrap_err().to_string(),
            "line 2: unknown key `sede`"
        );
        assert_eq!(config.only(&["seed", "sede"]), Ok(()));
    }
}
