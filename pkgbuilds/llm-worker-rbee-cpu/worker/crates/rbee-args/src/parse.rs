use std::ffi::OsString;
use std::str::FromStr;

use crate::{ArgsError, Opt, Program};

/// What a command line says.
#[derive(Debug, Clone)]
pub struct Matches {
    command: Option<&'static str>,
    options: Vec<(&'static str, Option<String>)>,
}

impl Matches {
    /// The command, if one was given.
    pub fn command(&self) -> Option<&'static str> {
        self.command
    }

    /// Whether the option was given, with or without a value.
    pub fn has(&self, long: &str) -> bool {
        self.options.iter().any(|&(name, _)| name == long)
    }

    /// The last value of an option, as text.
    pub fn text(&self, long: &str) -> Option<&str> {
        let latest = self.options.iter().rev().find(|&&(name, _)| name == long);
        latest.and_then(|(_, value)| value.as_deref())
    }

    /// All values of an option, in order.
    pub fn texts<'a>(&'a self, long: &'a str) -> impl Iterator<Item = &'a str> {
        self.options
            .iter()
            .filter(move |&&(name, _)| name == long)
            .filter_map(|(_, value)| value.as_deref())
    }

    /// The last value of an option, as any type that can be read from text.
    ///
    /// # Errors
    /// [`ArgsError::InvalidValue`].
    pub fn value<T: FromStr>(&self, long: &str) -> Result<Option<T>, ArgsError> {
        self.text(long)
            .map(|text| {
                text.parse().map_err(|_| ArgsError::InvalidValue {
                    option: format!("--{long}"),
                    value: text.to_owned(),
                })
            })
            .transpose()
    }
}

/// Reads a command line, without the program's own name.
///
/// # Errors
/// The first thing on the line that the program does not understand.
pub fn parse(
    program: &Program,
    args: impl IntoIterator<Item = OsString>,
) -> Result<Matches, ArgsError> {
    let mut words = args
        .into_iter()
        .map(|word| word.into_string().map_err(ArgsError::NotUtf8));
    let mut matches = Matches {
        command: None,
        options: Vec::new(),
    };
    let mut options_ended = false;
    while let Some(word) = words.next().transpose()? {
        let mut value = || words.next().transpose();
        match word.strip_prefix("--") {
            _ if options_ended => set_command(program, &mut matches, &word)?,
            Some("") => options_ended = true,
            Some(long) => read_long(program, &mut matches, long, &mut value)?,
            None if word.len() > 1 && word.starts_with('-') => {
                read_short(program, &mut matches, &word[1..], &mut value)?;
            }
            None => set_command(program, &mut matches, &word)?,
        }
    }
    Ok(matches)
}

type NextWord<'a> = &'a mut dyn FnMut() -> Result<Option<String>, ArgsError>;

fn read_long(
    program: &Program,
    matches: &mut Matches,
    word: &str,
    next: NextWord<'_>,
) -> Result<(), ArgsError> {
    let (name, attached) = match word.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (word, None),
    };
    let Some(option) = program.options.iter().find(|option| option.long == name) else {
        let names = program.options.iter().map(|option| option.long);
        return Err(ArgsError::UnknownOption {
            option: format!("--{name}"),
            suggestion: closest(name, names).map(|name| format!("--{name}")),
        });
    };
    let value = match (option.value, attached) {
        (None, None) => None,
        (None, Some(_)) => return Err(ArgsError::UnexpectedValue(format!("--{name}"))),
        (Some(_), Some(value)) => Some(value),
        (Some(_), None) => Some(required(option, next)?),
    };
    matches.options.push((option.long, value));
    Ok(())
}

/// Reads `-abc`: flags, and at most one option with a value, which is the rest or the next word.
fn read_short(
    program: &Program,
    matches: &mut Matches,
    letters: &str,
    next: NextWord<'_>,
) -> Result<(), ArgsError> {
    for (index, letter) in letters.char_indices() {
        let Some(option) = program.options.iter().find(|o| o.short == Some(letter)) else {
            return Err(ArgsError::UnknownOption {
                option: format!("-{letter}"),
                suggestion: None,
            });
        };
        if option.value.is_none() {
            matches.options.push((option.long, None));
            continue;
        }
        let rest = &letters[index + letter.len_utf8()..];
        let value = if rest.is_empty() {
            required(option, next)?
        } else {
            rest.to_owned()
        };
        matches.options.push((option.long, Some(value)));
        break;
    }
    Ok(())
}

fn required(option: &Opt, next: NextWord<'_>) -> Result<String, ArgsError> {
    next()?.ok_or_else(|| ArgsError::MissingValue(format!("--{}", option.long)))
}

fn set_command(program: &Program, matches: &mut Matches, word: &str) -> Result<(), ArgsError> {
    if matches.command.is_some() || program.commands.is_empty() {
        return Err(ArgsError::UnexpectedArgument(word.to_owned()));
    }
    let names = || program.commands.iter().map(|command| command.name);
    match names().find(|&name| name == word) {
        Some(name) => {
            matches.command = Some(name);
            Ok(())
        }
        None => Err(ArgsError::UnknownCommand {
            command: word.to_owned(),
            suggestion: closest(word, names()).map(str::to_owned),
        }),
    }
}

/// The name that is at most two slips away, if there is one.
fn closest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names
        .map(|name| (edit_distance(word, name), name))
        .filter(|&(distance, name)| distance <= 2 && distance < name.len())
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, &y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
