use std::fmt;

use crate::{Object, Value};

/// Deeper documents are refused: recursion must not exhaust the stack.
const MAX_DEPTH: usize = 128;

/// Why a text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    message: String,
    line: usize,
    column: usize,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            message,
            line,
            column,
        } = self;
        write!(f, "{message} at line {line}, column {column}")
    }
}

impl std::error::Error for ParseError {}

/// Reads one JSON document.
///
/// # Errors
/// Says what was wrong and where; lines and columns count from one, columns in characters.
pub fn parse(text: &str) -> Result<Value, ParseError> {
    let mut parser = Parser { text, offset: 0 };
    let value = parser.value(0)?;
    parser.skip_space();
    if parser.peek().is_some() {
        return Err(parser.error("unexpected text after the value"));
    }
    Ok(value)
}

struct Parser<'a> {
    text: &'a str,
    offset: usize,
}

impl Parser<'_> {
    fn error(&self, message: impl Into<String>) -> ParseError {
        self.error_at(self.offset, message)
    }

    fn error_at(&self, offset: usize, message: impl Into<String>) -> ParseError {
        let before = &self.text[..offset];
        let line_start = before.rfind('\n').map_or(0, |index| index + 1);
        ParseError {
            message: message.into(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.offset..].chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.offset += character.len_utf8();
        Some(character)
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.text[self.offset..].starts_with(token);
        if found {
            self.offset += token.len();
        }
        found
    }

    fn expect(&mut self, token: &str) -> Result<(), ParseError> {
        if self.eat(token) {
            Ok(())
        } else {
            Err(self.error(format!("expected `{token}`")))
        }
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.offset..];
        let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.offset += rest.len() - trimmed.len();
    }

    fn value(&mut self, depth: usize) -> Result<Value, ParseError> {
        self.skip_space();
        if depth > MAX_DEPTH {
            return Err(self.error("nested too deeply"));
        }
        match self.peek() {
            None => Err(self.error("unexpected end of input")),
            Some('{') => self.object(depth).map(Value::Object),
            Some('[') => self.array(depth).map(Value::Array),
            Some('"') => self.string().map(Value::String),
            Some('-' | '0'..='9') => self.number().map(Value::Number),
            Some(_) if self.eat("true") => Ok(Value::Bool(true)),
            Some(_) if self.eat("false") => Ok(Value::Bool(false)),
            Some(_) if self.eat("null") => Ok(Value::Null),
            Some(_) => Err(self.error("expected a value")),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value>, ParseError> {
        self.expect("[")?;
        let mut items = Vec::new();
        self.skip_space();
        if self.eat("]") {
            return Ok(items);
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_space();
            if self.eat("]") {
                return Ok(items);
            }
            self.expect(",")?;
        }
    }

    fn object(&mut self, depth: usize) -> Result<Object, ParseError> {
        self.expect("{")?;
        let mut object = Object::new();
        self.skip_space();
        if self.eat("}") {
            return Ok(object);
        }
        loop {
            self.skip_space();
            let start = self.offset;
            let name = self.string()?;
            self.skip_space();
            self.expect(":")?;
            let value = self.value(depth + 1)?;
            if object.get(&name).is_some() {
                return Err(self.error_at(start, format!("member `{name}` occurs twice")));
            }
            object.insert(name, value);
            self.skip_space();
            if self.eat("}") {
                return Ok(object);
            }
            self.expect(",")?;
        }
    }

    fn string(&mut self) -> Result<String, ParseError> {
        self.expect("\"")?;
        let mut text = String::new();
        loop {
            let start = self.offset;
            match self.take() {
                None => return Err(self.error("unexpected end of input")),
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escape()?),
                Some(control) if control < ' ' => {
                    return Err(self.error_at(start, "control character in a string"));
                }
                Some(other) => text.push(other),
            }
        }
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        let start = self.offset;
        Ok(match self.take() {
            Some(plain @ ('"' | '\\' | '/')) => plain,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.unicode_escape(start),
            _ => return Err(self.error_at(start, "unknown escape")),
        })
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, ParseError> {
        let mut code = self.hex()?;
        if (0xd800..0xdc00).contains(&code) && self.eat("\\u") {
            let low = self.hex()?;
            if (0xdc00..0xe000).contains(&low) {
                code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            }
        }
        char::from_u32(code).ok_or_else(|| self.error_at(start, "half a surrogate pair"))
    }

    fn hex(&mut self) -> Result<u32, ParseError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|character| character.to_digit(16));
            let Some(digit) = digit else {
                return Err(self.error("expected four hexadecimal digits"));
            };
            code = code * 16 + digit;
            self.offset += 1;
        }
        Ok(code)
    }

    fn number(&mut self) -> Result<f64, ParseError> {
        let start = self.offset;
        self.eat("-");
        if !self.eat("0") {
            self.digits()?;
        }
        if self.eat(".") {
            self.digits()?;
        }
        if self.eat("e") || self.eat("E") {
            if !self.eat("+") {
                self.eat("-");
            }
            self.digits()?;
        }
        let text = &self.text[start..self.offset];
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(self.error_at(start, "number out of range")),
        }
    }

    fn digits(&mut self) -> Result<(), ParseError> {
        let rest = &self.text[self.offset..];
        let trimmed = rest.trim_start_matches(|character: char| character.is_ascii_digit());
        if rest.len() == trimmed.len() {
            return Err(self.error("expected a digit"));
        }
        self.offset += rest.len() - trimmed.len();
        Ok(())
    }
}
