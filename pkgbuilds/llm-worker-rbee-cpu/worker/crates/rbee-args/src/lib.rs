//! A small command-line parser with generated help.
//!
//! GNU conventions: `--name VALUE`, `--name=VALUE`, `-n VALUE`, `-nVALUE`, `--` ends options.
//! The first word that is not an option is the command, if the program has commands.

mod error;
mod help;
mod parse;
mod spec;

pub use error::ArgsError;
pub use parse::{parse, Matches};
pub use spec::{Command, Opt, Program};

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: Program = Program {
        name: "hive",
        about: "Keeps bees.",
        commands: &[
            Command {
                name: "open",
                about: "Open the hive",
            },
            Command {
                name: "close",
                about: "Close the hive",
            },
        ],
        options: &[
            Opt {
                long: "count",
                short: Some('n'),
                value: Some("N"),
                about: "How many bees",
            },
            Opt {
                long: "tag",
                short: None,
                value: Some("TEXT"),
                about: "Repeatable",
            },
            Opt {
                long: "quiet",
                short: Some('q'),
                value: None,
                about: "Say nothing",
            },
        ],
    };

    fn run(args: &[&str]) -> Result<Matches, ArgsError> {
        parse(&PROGRAM, args.iter().map(Into::into))
    }

    #[test]
    fn every_spelling_of_a_value_is_understood() {
        for args in [
            &["--count", "3"][..],
            &["--count=3"],
            &["-n", "3"],
            &["-n3"],
            &["-qn3"],
        ] {
            assert_eq!(
                run(args).unwrap().value::<u32>("count").unwrap(),
                Some(3),
                "{args:?}"
            );
        }
    }

    #[test]
    fn the_last_value_wins_and_all_can_be_had() {
        let matches = run(&["--tag", "a", "--tag=b", "--tag", ""]).unwrap();
        assert_eq!(matches.text("tag"), Some(""));
        assert_eq!(matches.texts("tag").collect::<Vec<_>>(), ["a", "b", ""]);
    }

    #[test]
    fn the_command_may_stand_anywhere() {
        for args in [&["open", "-q"][..], &["-q", "open"], &["-q", "--", "open"]] {
            let matches = run(args).unwrap();
            assert_eq!(matches.command(), Some("open"));
            assert!(matches.has("quiet"));
        }
        assert_eq!(run(&[]).unwrap().command(), None);
    }

    #[test]
    fn a_value_may_look_like_an_option_or_a_command() {
        let matches = run(&["--tag", "--quiet", "--count=-1", "close"]).unwrap();
        assert_eq!(matches.text("tag"), Some("--quiet"));
        assert!(!matches.has("quiet"));
        assert_eq!(matches.value::<i32>("count").unwrap(), Some(-1));
    }

    #[test]
    fn mistakes_are_named() {
        let cases = [
            (
                &["--cuont", "3"][..],
                "unknown option `--cuont`; did you mean `--count`?",
            ),
            (&["-x"], "unknown option `-x`"),
            (&["--count"], "option `--count` needs a value"),
            (&["--quiet=yes"], "option `--quiet` takes no value"),
            (&["opne"], "unknown command `opne`; did you mean `open`?"),
            (&["open", "close"], "unexpected argument `close`"),
        ];
        for (args, message) in cases {
            assert_eq!(run(args).unwrap_err().to_string(), message);
        }
        let error = run(&["-n", "many"])
            .unwrap()
            .value::<u32>("count")
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "`many` is not a valid value for `--count`"
        );
    }

    #[test]
    fn help_lists_everything_in_columns() {
        let expected = "\
Keeps bees.

Usage: hive [OPTIONS] [COMMAND]

Commands:
  open   Open the hive
  close  Close the hive

Options:
  -n, --count N   How many bees
      --tag TEXT  Repeatable
  -q, --quiet     Say nothing
";
        assert_eq!(PROGRAM.help(), expected);
    }
}
