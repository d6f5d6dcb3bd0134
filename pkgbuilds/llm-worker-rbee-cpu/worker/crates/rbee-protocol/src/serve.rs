use std::io::{self, BufRead, Read, Write};

use rbee_engine::{Engine, Request};
use rbee_json::{Object, Value};

use crate::{describe, summarize, Message, Op};

/// Longer lines are refused without being kept in memory.
const MAX_LINE: u64 = 1 << 20;

/// Answers requests until the owner closes `input` or asks for the end.
///
/// # Errors
/// If reading or writing fails; a closed `output` is a [`io::ErrorKind::BrokenPipe`].
pub fn serve(
    engine: &Engine,
    defaults: &Request,
    mut input: impl BufRead,
    mut output: impl Write,
) -> io::Result<()> {
    while let Some(line) = read_line(&mut input)? {
        let parsed = match &line {
            Ok(line) if line.trim().is_empty() => continue,
            Ok(line) => Message::parse(line, defaults).map_err(|error| (error.id, error.message)),
            Err(message) => Err((Value::Null, (*message).to_owned())),
        };
        match parsed {
            Ok(Message { id, op }) => {
                if !answer(engine, &id, &op, &mut output)? {
                    return Ok(());
                }
            }
            Err((id, message)) => {
                send(
                    &mut output,
                    &id,
                    "error",
                    &Object::new().with("message", message),
                )?;
            }
        }
    }
    Ok(())
}

/// Reads a line; the inner error says why it cannot be a request.
fn read_line(input: &mut impl BufRead) -> io::Result<Option<Result<String, &'static str>>> {
    let mut bytes = Vec::new();
    if Read::take(&mut *input, MAX_LINE).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.len() as u64 == MAX_LINE && !bytes.ends_with(b"\n") {
        skip_line(input)?;
        return Ok(Some(Err("the line is longer than 1 MiB")));
    }
    Ok(Some(
        String::from_utf8(bytes).map_err(|_| "the line is not UTF-8"),
    ))
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let length = end.map_or(buffer.len(), |index| index + 1);
        input.consume(length);
        if end.is_some() || length == 0 {
            return Ok(());
        }
    }
}

/// Does what `op` says; returns whether the worker goes on.
fn answer(engine: &Engine, id: &Value, op: &Op, output: &mut impl Write) -> io::Result<bool> {
    match op {
        Op::Generate { request, stream } => generate(engine, id, request, *stream, output)?,
        Op::Tokenize(text) => {
            let (ids, texts): (Vec<_>, Vec<_>) = engine.tokenize(text).into_iter().unzip();
            let tokens = Object::new().with("ids", ids).with("texts", texts);
            send(output, id, "tokens", &tokens)?;
        }
        Op::Info => send(output, id, "info", &describe(&engine.info()))?,
        Op::Ping => send(output, id, "pong", &Object::new())?,
        Op::Shutdown => send(output, id, "bye", &Object::new())?,
    }
    Ok(*op != Op::Shutdown)
}

fn generate(
    engine: &Engine,
    id: &Value,
    request: &Request,
    stream: bool,
    output: &mut impl Write,
) -> io::Result<()> {
    let mut generation = match engine.generate(request) {
        Ok(generation) => generation,
        Err(error) => {
            let message = Object::new().with("message", error.to_string());
            return send(output, id, "error", &message);
        }
    };
    for piece in generation.by_ref() {
        if stream {
            send(output, id, "token", &Object::new().with("text", piece))?;
        }
    }
    send(output, id, "done", &summarize(&generation.summary()))
}

fn send(output: &mut impl Write, id: &Value, event: &str, members: &Object) -> io::Result<()> {
    let mut object = Object::new().with("id", id.clone()).with("event", event);
    for (name, value) in members.iter() {
        object.insert(name.to_owned(), value.clone());
    }
    writeln!(output, "{}", Value::from(object))?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(input: &[u8]) -> Vec<Value> {
        let engine = Engine::embedded().unwrap();
        let mut output = Vec::new();
        serve(&engine, &Request::default(), input, &mut output).unwrap();
        let output = String::from_utf8(output).unwrap();
        output
            .lines()
            .map(|line| rbee_json::parse(line).unwrap())
            .collect()
    }

    fn member<'a>(event: &'a Value, name: &str) -> &'a str {
        event
            .as_object()
            .and_then(|o| o.get(name))
            .and_then(Value::as_str)
            .unwrap()
    }

    #[test]
    fn a_stream_ends_with_its_whole_text() {
        let events =
            talk(b"{\"id\":\"a\",\"op\":\"generate\",\"prompt\":\"The bees\",\"stream\":true}\n");
        let (done, tokens) = events.split_last().unwrap();
        assert!(tokens.iter().all(|event| member(event, "event") == "token"));
        let streamed: String = tokens.iter().map(|event| member(event, "text")).collect();
        assert_eq!(member(done, "event"), "done");
        assert_eq!(member(done, "text"), streamed);
    }

    #[test]
    fn a_wrong_line_is_answered_and_the_next_one_too() {
        let events = talk(b"nonsense\n\n\xff\n{\"op\":\"ping\",\"id\":1}\n");
        let names: Vec<&str> = events.iter().map(|event| member(event, "event")).collect();
        assert_eq!(names, ["error", "error", "pong"]);
        assert_eq!(member(&events[1], "message"), "the line is not UTF-8");
    }

    #[test]
    fn a_line_without_end_is_refused_and_the_next_one_answered() {
        let mut input = vec![b'x'; 3 << 20];
        input.extend_from_slice(b"\n{\"op\":\"ping\"}\n");
        let events = talk(&input);
        assert_eq!(
            member(&events[0], "message"),
            "the line is longer than 1 MiB"
        );
        assert_eq!(member(&events[1], "event"), "pong");
        assert_eq!(events.len(), 2);
    }

    #[test]
    fn nothing_is_answered_after_shutdown() {
        let events = talk(b"{\"op\":\"shutdown\"}\n{\"op\":\"ping\"}\n");
        assert_eq!(events.len(), 1);
        assert_eq!(member(&events[0], "event"), "bye");
    }

    #[test]
    fn tokens_and_facts_are_reported() {
        let events = talk(b"{\"op\":\"tokenize\",\"text\":\" the bees\"}\n{\"op\":\"info\"}");
        let tokens = events[0].as_object().unwrap();
        let texts = tokens.get("texts").and_then(Value::as_array).unwrap();
        let joined: String = texts.iter().filter_map(Value::as_str).collect();
        assert_eq!(joined, " the bees");
        assert!(member(&events[1], "model").starts_with("rbee-ngram-"));
    }
}
