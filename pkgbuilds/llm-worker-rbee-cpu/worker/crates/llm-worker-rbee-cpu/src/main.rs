//! A small deterministic language-model worker for the CPU.

mod commands;
mod options;

use std::error::Error;
use std::io;
use std::process::ExitCode;

use options::PROGRAM;

const USAGE_ERROR: u8 = 2;

fn main() -> ExitCode {
    let matches = match rbee_args::parse(&PROGRAM, std::env::args_os().skip(1)) {
        Ok(matches) => matches,
        Err(error) => {
            eprintln!("{}: {error}", PROGRAM.name);
            eprintln!("Try `{} --help`.", PROGRAM.name);
            return ExitCode::from(USAGE_ERROR);
        }
    };
    match commands::run(&matches) {
        Ok(()) => ExitCode::SUCCESS,
        // Who reads our output has seen enough, as `head` does: no reason to complain.
        Err(error) if is_broken_pipe(error.as_ref()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", PROGRAM.name);
            match error.downcast_ref::<rbee_args::ArgsError>() {
                Some(_) => ExitCode::from(USAGE_ERROR),
                None => ExitCode::FAILURE,
            }
        }
    }
}

fn is_broken_pipe(error: &(dyn Error + Send + Sync + 'static)) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
