use std::fmt::{self, Write};

use crate::Value;

impl fmt::Display for Value {
    /// The compact form, on one line whatever the strings contain.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_value(f, self, None)
    }
}

impl Value {
    /// The form for people: indented by two spaces.
    pub fn to_pretty(&self) -> String {
        let mut text = String::new();
        write_value(&mut text, self, Some(0)).expect("a String takes any text");
        text
    }
}

/// Writes `value`; `depth` is `None` in the compact form.
fn write_value(out: &mut dyn Write, value: &Value, depth: Option<usize>) -> fmt::Result {
    match value {
        Value::Null => out.write_str("null"),
        Value::Bool(value) => write!(out, "{value}"),
        Value::Number(value) if value.is_finite() => write!(out, "{value}"),
        Value::Number(_) => out.write_str("null"),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => write_list(out, ['[', ']'], depth, items, |out, item, depth| {
            write_value(out, item, depth)
        }),
        Value::Object(object) => {
            let members: Vec<_> = object.iter().collect();
            write_list(
                out,
                ['{', '}'],
                depth,
                &members,
                |out, (name, value), depth| {
                    write_string(out, name)?;
                    out.write_str(if depth.is_some() { ": " } else { ":" })?;
                    write_value(out, value, depth)
                },
            )
        }
    }
}

fn write_list<T>(
    out: &mut dyn Write,
    [open, close]: [char; 2],
    depth: Option<usize>,
    items: &[T],
    write_item: impl Fn(&mut dyn Write, &T, Option<usize>) -> fmt::Result,
) -> fmt::Result {
    out.write_char(open)?;
    let inner = depth.map(|depth| depth + 1);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.write_char(',')?;
        }
        write_break(out, inner)?;
        write_item(out, item, inner)?;
    }
    if !items.is_empty() {
        write_break(out, depth)?;
    }
    out.write_char(close)
}

fn write_break(out: &mut dyn Write, depth: Option<usize>) -> fmt::Result {
    match depth {
        Some(depth) => write!(out, "\n{:1$}", "", depth * 2),
        None => Ok(()),
    }
}

fn write_string(out: &mut dyn Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            control if control < ' ' => write!(out, "\\u{:04x}", u32::from(control))?,
            other => out.write_char(other)?,
        }
    }
    out.write_char('"')
}
