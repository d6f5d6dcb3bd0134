//! Runs the worker as its users do.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn worker(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_llm-worker-rbee-cpu"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the worker starts");
    let mut stdin = child.stdin.take().expect("stdin is a pipe");
    // A worker that needs no input may be gone before it is written: its answer decides.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the worker ends")
}

fn stdout(args: &[&str], input: &str) -> String {
    let output = worker(args, input);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {errors}");
    String::from_utf8(output.stdout).expect("the answer is UTF-8")
}

#[test]
fn the_version_is_the_one_of_the_package() {
    let version = stdout(&["--version"], "");
    let expected = concat!(
        "llm-worker-rbee-cpu ",
        env!("CARGO_PKG_VERSION"),
        " (features: "
    );
    assert!(version.starts_with(expected), "{version}");
}

#[test]
fn help_names_every_command() {
    let help = stdout(&["--help"], "");
    for command in ["generate", "serve", "tokenize", "info"] {
        assert!(help.contains(&format!("  {command} ")), "{help}");
    }
}

#[test]
fn a_prompt_is_read_from_the_option_or_from_standard_input() {
    let from_option = stdout(&["--prompt", "The bees"], "");
    assert_eq!(stdout(&[], "The bees\n"), from_option);
    assert!(
        from_option.ends_with('\n') && from_option.trim().len() > 10,
        "{from_option}"
    );
}

#[test]
fn json_says_how_the_answer_was_made() {
    let answer = stdout(&["-j", "-p", "The hive", "-n", "5", "--seed", "3"], "");
    assert!(answer.starts_with("{\"model\":\"rbee-ngram-"), "{answer}");
    for member in [
        "\"seed\":3",
        "\"prompt\":\"The hive\"",
        "\"completion_tokens\":5",
    ] {
        assert!(answer.contains(member), "{member}: {answer}");
    }
}

#[test]
fn the_worker_serves_until_it_is_told_to_end() {
    let requests =
        "{\"id\":1,\"op\":\"ping\"}\n{\"id\":2,\"op\":\"shutdown\"}\n{\"id\":3,\"op\":\"ping\"}\n";
    assert_eq!(
        stdout(&["serve"], requests),
        "{\"id\":1,\"event\":\"pong\"}\n{\"id\":2,\"event\":\"bye\"}\n"
    );
}

#[test]
fn a_mistake_on_the_command_line_is_status_two_and_one_clear_line() {
    let output = worker(&["--sede=1"], "");
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        errors.contains("unknown option `--sede`; did you mean `--seed`?"),
        "{errors}"
    );
}

#[test]
fn a_missing_configuration_file_is_named() {
    let output = worker(&["--config", "/nonexistent/worker.conf"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("/nonexistent/worker.conf: "));
}
