use std::error::Error;
use std::fs;

use rbee_args::{Command, Matches, Opt, Program};
use rbee_config::{Config, ConfigError};
use rbee_engine::Request;

const fn value(long: &'static str, value: &'static str, about: &'static str) -> Opt {
    Opt {
        long,
        short: None,
        value: Some(value),
        about,
    }
}

const fn flag(long: &'static str, short: Option<char>, about: &'static str) -> Opt {
    Opt {
        long,
        short,
        value: None,
        about,
    }
}

/// The command line of the worker.
pub(crate) const PROGRAM: Program = Program {
    name: "llm-worker-rbee-cpu",
    about: "A small deterministic language-model worker for the CPU.",
    commands: &[
        Command {
            name: "generate",
            about: "Answer one prompt (the default)",
        },
        Command {
            name: "serve",
            about: "Answer requests, JSON lines from standard input",
        },
        Command {
            name: "tokenize",
            about: "Show how a prompt is cut into tokens",
        },
        Command {
            name: "info",
            about: "Describe the embedded model",
        },
        #[cfg(feature = "bench")]
        Command {
            name: "bench",
            about: "Measure how fast the worker generates",
        },
    ],
    options: &[
        Opt {
            long: "prompt",
            short: Some('p'),
            value: Some("TEXT"),
            about: "Text to go on from (default: standard input)",
        },
        Opt {
            long: "max-tokens",
            short: Some('n'),
            value: Some("N"),
            about: "Generate at most N tokens",
        },
        value("seed", "N", "Seed; equal seeds give equal answers"),
        value(
            "temperature",
            "X",
            "Flatter above 1, steeper below; 0 takes the likeliest",
        ),
        value("top-k", "N", "Consider the N likeliest tokens; 0 means all"),
        value("top-p", "X", "Consider this share of the probability"),
        value("min-p", "X", "Least share of the best token's weight"),
        value(
            "repeat-penalty",
            "X",
            "Divide the weight of repeated tokens by X",
        ),
        value(
            "repeat-window",
            "N",
            "How many tokens back a repetition counts",
        ),
        value("stop", "TEXT", "End the answer before TEXT (repeatable)"),
        value("config", "FILE", "Read defaults from FILE"),
        #[cfg(feature = "bench")]
        value("runs", "N", "How many answers to measure (bench)"),
        flag("json", Some('j'), "Print JSON"),
        flag("version", Some('V'), "Print the version"),
        flag("help", Some('h'), "Print this help"),
    ],
};

const CONFIG_KEYS: [&str; 8] = [
    "max-tokens",
    "min-p",
    "repeat-penalty",
    "repeat-window",
    "seed",
    "temperature",
    "top-k",
    "top-p",
];

/// The defaults, changed by the configuration file, changed by the command line.
pub(crate) fn request(matches: &Matches) -> Result<Request, Box<dyn Error + Send + Sync>> {
    let mut request = Request::default();
    if let Some(path) = matches.text("config") {
        let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        read_config(&text, &mut request).map_err(|error| format!("{path}: {error}"))?;
    }
    overlay(
        &mut request,
        |key| matches.value(key),
        |key| matches.value(key),
    )?;
    request.stop = matches.texts("stop").map(str::to_owned).collect();
    request.settings.validate()?;
    Ok(request)
}

fn read_config(text: &str, request: &mut Request) -> Result<(), ConfigError> {
    let config = Config::parse(text)?;
    config.only(&CONFIG_KEYS)?;
    overlay(request, |key| config.value(key), |key| config.value(key))
}

/// Sets in `request` whatever a source has; it is asked for integers and for floats.
fn overlay<E>(
    request: &mut Request,
    integer: impl Fn(&str) -> Result<Option<u64>, E>,
    float: impl Fn(&str) -> Result<Option<f32>, E>,
) -> Result<(), E> {
    fn set<T>(target: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *target = value;
        }
    }
    let count = |key| integer(key).map(|value| value.map(|value| value as usize));
    set(&mut request.max_tokens, count("max-tokens")?);
    let settings = &mut request.settings;
    set(&mut settings.seed, integer("seed")?);
    set(&mut settings.top_k, count("top-k")?);
    set(&mut settings.repeat_window, count("repeat-window")?);
    set(&mut settings.temperature, float("temperature")?);
    set(&mut settings.top_p, float("top-p")?);
    set(&mut settings.min_p, float("min-p")?);
    set(&mut settings.repeat_penalty, float("repeat-penalty")?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Matches {
        rbee_args::parse(&PROGRAM, args.iter().map(Into::into)).unwrap()
    }

    #[test]
    fn the_command_line_sets_what_it_names_and_nothing_else() {
        let request = request(&parse(&[
            "--seed",
            "7",
            "--top-p=0.5",
            "--stop",
            "a",
            "--stop",
            "b",
        ]));
        let request = request.unwrap();
        assert_eq!((request.settings.seed, request.settings.top_p), (7, 0.5));
        assert_eq!(request.stop, ["a", "b"]);
        assert_eq!(request.max_tokens, Request::default().max_tokens);
    }

    #[test]
    fn a_file_sets_every_key_it_may_have() {
        let text: String = CONFIG_KEYS
            .iter()
            .map(|key| format!("{key} = 1\n"))
            .collect();
        let mut request = Request::default();
        read_config(&text, &mut request).unwrap();
        assert_eq!((request.max_tokens, request.settings.seed), (1, 1));
        assert_eq!(
            (request.settings.temperature, request.settings.min_p),
            (1.0, 1.0)
        );
    }

    #[test]
    fn an_unknown_key_in_a_file_is_an_error() {
        let error = read_config("tempreature = 1", &mut Request::default()).unwrap_err();
        assert_eq!(error.to_string(), "line 1: unknown key `tempreature`");
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        assert!(request(&parse(&["--temperature=-1"])).is_err());
        assert!(request(&parse(&["--seed=x"])).is_err());
    }
}
