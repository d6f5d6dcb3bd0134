//! A small JSON reader and writer (RFC 8259).
//!
//! Objects keep the order of their members, so that what is written is stable. Numbers are
//! 64-bit floats, written as integers where they are integral.

mod parse;
mod value;
mod write;

pub use parse::{parse, ParseError};
pub use value::{Object, Value};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_survives_the_round_trip() {
        let text =
            r#"{"id":"7","n":[0,-1.5,1e21,true,false,null],"nested":{"empty":{},"list":[]}}"#;
        let value = parse(text).unwrap();
        assert_eq!(parse(&value.to_string()).unwrap(), value);
    }

    #[test]
    fn members_keep_their_order() {
        let object = Object::new().with("z", 1).with("a", "x").with("m", true);
        assert_eq!(
            Value::from(object).to_string(),
            r#"{"z":1,"a":"x","m":true}"#
        );
    }

    #[test]
    fn text_is_escaped_and_unescaped() {
        let text = "quote \" slash \\ tab \t bell \u{7} bee \u{1f41d}";
        let json = Value::from(text).to_string();
        assert_eq!(
            json,
            "\"quote \\\" slash \\\\ tab \\t bell \\u0007 bee \u{1f41d}\""
        );
        assert_eq!(parse(&json).unwrap().as_str(), Some(text));
    }

    #[test]
    fn surrogate_pairs_are_one_character() {
        assert_eq!(
            parse(r#""\ud83d\udc1d""#).unwrap().as_str(),
            Some("\u{1f41d}")
        );
        assert!(parse(r#""\ud83d""#).is_err());
        assert!(parse(r#""\udc1d""#).is_err());
        assert!(parse(r#""\ud83dx""#).is_err());
    }

    #[test]
    fn integers_are_written_without_a_point() {
        for (number, text) in [(3.0, "3"), (-0.5, "-0.5"), (1e15, "1000000000000000")] {
            assert_eq!(Value::from(number).to_string(), text);
        }
    }

    #[test]
    fn numbers_that_json_cannot_write_become_null() {
        assert_eq!(Value::from(f64::NAN).to_string(), "null");
        assert_eq!(Value::from(f64::INFINITY).to_string(), "null");
    }

    #[test]
    fn errors_say_what_and_where() {
        let cases = [
            ("", "unexpected end of input at line 1, column 1"),
            ("{\"a\" 1}", "expected `:` at line 1, column 6"),
            ("[1,\n 2,\n x]", "expected a value at line 3, column 2"),
            (
                "[1] 2",
                "unexpected text after the value at line 1, column 5",
            ),
            (
                "\"a\nb\"",
                "control character in a string at line 1, column 3",
            ),
            ("01", "unexpected text after the value at line 1, column 2"),
            ("1.", "expected a digit at line 1, column 3"),
            ("\"\\q\"", "unknown escape at line 1, column 3"),
            (
                "{\"a\":1,\"a\":2}",
                "member `a` occurs twice at line 1, column 8",
            ),
        ];
        for (text, message) in cases {
            assert_eq!(parse(text).unwrap_err().to_string(), message, "{text}");
        }
    }

    #[test]
    fn depth_is_limited() {
        let deep = "[".repeat(100_000);
        assert!(parse(&deep)
            .unwrap_err()
            .to_string()
            .starts_with("nested too deeply"));
    }

    #[test]
    fn members_are_found_by_name_and_type() {
        let value =
            parse(r#"{"text":"x","n":3,"f":0.5,"neg":-1,"yes":true,"list":["a"]}"#).unwrap();
        let object = value.as_object().unwrap();
        assert_eq!(object.get("text").and_then(Value::as_str), Some("x"));
        assert_eq!(object.get("n").and_then(Value::as_u64), Some(3));
        assert_eq!(object.get("f").and_then(Value::as_u64), None);
        assert_eq!(object.get("neg").and_then(Value::as_u64), None);
        assert_eq!(object.get("yes").and_then(Value::as_bool), Some(true));
        assert_eq!(
            object.get("list").and_then(Value::as_array).map(<[_]>::len),
            Some(1)
        );
        assert_eq!(object.get("none"), None);
    }

    #[test]
    fn the_pretty_form_is_indented() {
        let value = parse(r#"{"a":[1,{"b":2}],"c":{},"d":[]}"#).unwrap();
        let pretty = "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}";
        assert_eq!(value.to_pretty(), pretty);
        assert_eq!(parse(pretty).unwrap(), value);
    }
}
