use std::fmt;

use rbee_engine::Request;
use rbee_json::{parse, Object, Value};

/// A request of the owner.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// What the events of this request are marked with; `null` if the owner gave none.
    pub id: Value,
    /// What to do.
    pub op: Op,
}

/// What a worker can be asked to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    /// Answer a prompt.
    Generate {
        /// What to generate.
        request: Request,
        /// Whether to send each piece as it comes.
        stream: bool,
    },
    /// Show how a text is cut into tokens.
    Tokenize(String),
    /// Describe the model.
    Info,
    /// Show that the worker is alive.
    Ping,
    /// End.
    Shutdown,
}

/// Why a line is not a request.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageError {
    /// The id of the request, as far as it could be read.
    pub id: Value,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MessageError {}

impl Message {
    /// Reads a line; members that it leaves out are taken from `defaults`.
    ///
    /// # Errors
    /// If the line is not JSON, not an object, or has a member that is unknown or of a wrong
    /// type.
    pub fn parse(line: &str, defaults: &Request) -> Result<Self, MessageError> {
        let anonymous = |message: String| MessageError {
            id: Value::Null,
            message,
        };
        let value = parse(line).map_err(|error| anonymous(error.to_string()))?;
        let Some(object) = value.as_object() else {
            return Err(anonymous("a request must be an object".to_owned()));
        };
        let id = object.get("id").cloned().unwrap_or(Value::Null);
        match read_op(object, defaults) {
            Ok(op) => Ok(Self { id, op }),
            Err(message) => Err(MessageError { id, message }),
        }
    }
}

fn read_op(object: &Object, defaults: &Request) -> Result<Op, String> {
    let name = object.get("op").ok_or("`op` is missing")?;
    let name = name.as_str().ok_or("`op` must be a string")?;
    match name {
        "generate" => read_generate(object, defaults),
        "tokenize" => {
            only(object, &["text"])?;
            let text = object.get("text").ok_or("`text` is missing")?;
            Ok(Op::Tokenize(string("text", text)?))
        }
        "info" => only(object, &[]).map(|()| Op::Info),
        "ping" => only(object, &[]).map(|()| Op::Ping),
        "shutdown" => only(object, &[]).map(|()| Op::Shutdown),
        other => Err(format!("unknown op `{other}`")),
    }
}

fn only(object: &Object, members: &[&str]) -> Result<(), String> {
    let known = |name: &str| ["id", "op"].contains(&name) || members.contains(&name);
    match object.iter().find(|&(name, _)| !known(name)) {
        Some((name, _)) => Err(format!("unknown member `{name}`")),
        None => Ok(()),
    }
}

fn read_generate(object: &Object, defaults: &Request) -> Result<Op, String> {
    let mut request = defaults.clone();
    let mut stream = false;
    let settings = &mut request.settings;
    for (name, value) in object.iter() {
        match name {
            "id" | "op" => {}
            "prompt" => request.prompt = string(name, value)?,
            "max_tokens" => request.max_tokens = integer(name, value)? as usize,
            "stop" => request.stop = strings(name, value)?,
            "stream" => stream = value.as_bool().ok_or("`stream` must be true or false")?,
            "seed" => settings.seed = integer(name, value)?,
            "top_k" => settings.top_k = integer(name, value)? as usize,
            "repeat_window" => settings.repeat_window = integer(name, value)? as usize,
            "temperature" => settings.temperature = number(name, value)?,
            "top_p" => settings.top_p = number(name, value)?,
            "min_p" => settings.min_p = number(name, value)?,
            "repeat_penalty" => settings.repeat_penalty = number(name, value)?,
            other => return Err(format!("unknown member `{other}`")),
        }
    }
    request
        .settings
        .validate()
        .map_err(|error| error.to_string())?;
    Ok(Op::Generate { request, stream })
}

fn string(name: &str, value: &Value) -> Result<String, String> {
    let text = value
        .as_str()
        .ok_or_else(|| format!("`{name}` must be a string"))?;
    Ok(text.to_owned())
}

fn strings(name: &str, value: &Value) -> Result<Vec<String>, String> {
    let items = value
        .as_array()
        .ok_or_else(|| format!("`{name}` must be an array"))?;
    items.iter().map(|item| string(name, item)).collect()
}

fn integer(name: &str, value: &Value) -> Result<u64, String> {
    let wrong = || format!("`{name}` must be a whole number, zero or more");
    value.as_u64().ok_or_else(wrong)
}

fn number(name: &str, value: &Value) -> Result<f32, String> {
    let number = value
        .as_f64()
        .ok_or_else(|| format!("`{name}` must be a number"))?;
    Ok(number as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Message, MessageError> {
        Message::parse(line, &Request::default())
    }

    #[test]
    fn a_request_overrides_the_defaults_it_names() {
        let line = r#"{"id":7,"op":"generate","prompt":"x","max_tokens":3,"seed":9,"top_p":0.5,"stop":["."],"stream":true}"#;
        let message = read(line).unwrap();
        assert_eq!(message.id, Value::from(7));
        let Op::Generate { request, stream } = message.op else {
            panic!("not generate");
        };
        assert!(stream);
        assert_eq!((request.prompt.as_str(), request.max_tokens), ("x", 3));
        assert_eq!((request.settings.seed, request.settings.top_p), (9, 0.5));
        assert_eq!(request.settings.top_k, Request::default().settings.top_k);
        assert_eq!(request.stop, ["."]);
    }

    #[test]
    fn the_small_requests_are_read() {
        assert_eq!(read(r#"{"op":"ping"}"#).unwrap().op, Op::Ping);
        assert_eq!(
            read(r#"{"op":"info","id":"a"}"#).unwrap().id,
            Value::from("a")
        );
        assert_eq!(read(r#"{"op":"shutdown"}"#).unwrap().op, Op::Shutdown);
        let tokenize = read(r#"{"op":"tokenize","text":"x"}"#).unwrap().op;
        assert_eq!(tokenize, Op::Tokenize("x".to_owned()));
    }

    #[test]
    fn mistakes_are_named_and_keep_their_id() {
        let cases = [
            (r#"[1]"#, "a request must be an object"),
            (r#"{"id":1}"#, "`op` is missing"),
            (r#"{"op":1}"#, "`op` must be a string"),
            (r#"{"op":"fly"}"#, "unknown op `fly`"),
            (r#"{"op":"ping","x":1}"#, "unknown member `x`"),
            (r#"{"op":"tokenize"}"#, "`text` is missing"),
            (
                r#"{"op":"generate","tempreature":1}"#,
                "unknown member `tempreature`",
            ),
            (
                r#"{"op":"generate","prompt":1}"#,
                "`prompt` must be a string",
            ),
            (r#"{"op":"generate","stop":"."}"#, "`stop` must be an array"),
            (
                r#"{"op":"generate","seed":-1}"#,
                "`seed` must be a whole number, zero or more",
            ),
            (
                r#"{"op":"generate","top_p":2}"#,
                "top_p must be above zero and at most one",
            ),
        ];
        for (line, message) in cases {
            assert_eq!(read(line).unwrap_err().to_string(), message, "{line}");
        }
        assert_eq!(
            read(r#"{"op":"fly","id":"b"}"#).unwrap_err().id,
            Value::from("b")
        );
    }
}
