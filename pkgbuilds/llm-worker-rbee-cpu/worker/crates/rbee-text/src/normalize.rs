/// Folds what differs only in typography: curly quotes become straight, dashes become a hyphen,
/// an ellipsis becomes three dots, soft hyphens vanish and each run of white space becomes one
/// space. Text is trimmed at both ends.
pub fn normalize(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut space_is_due = false;
    for character in text.chars() {
        if character.is_whitespace() {
            space_is_due = !result.is_empty();
            continue;
        }
        if is_invisible(character) {
            continue;
        }
        if std::mem::take(&mut space_is_due) {
            result.push(' ');
        }
        match character {
            '\u{2018}' | '\u{2019}' | '\u{201b}' => result.push('\''),
            '\u{201c}' | '\u{201d}' | '\u{201f}' => result.push('"'),
            '\u{2010}'..='\u{2015}' => result.push('-'),
            '\u{2026}' => result.push_str("..."),
            other => result.push(other),
        }
    }
    result
}

fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{feff}'
    ) || character.is_control()
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn white_space_collapses_and_is_trimmed() {
        assert_eq!(normalize("  a\t\tb\r\n\u{a0}c \n"), "a b c");
        assert_eq!(normalize(" \n\t "), "");
    }

    #[test]
    fn typography_is_folded() {
        assert_eq!(
            normalize("\u{201c}don\u{2019}t\u{201d} \u{2014} wait\u{2026}"),
            "\"don't\" - wait..."
        );
    }

    #[test]
    fn what_cannot_be_seen_is_dropped() {
        assert_eq!(normalize("\u{feff}ho\u{ad}ney\u{0}\u{1b}"), "honey");
    }

    #[test]
    fn normal_text_is_left_alone() {
        let text = "Z\u{fc}rich, 3 o'clock: \u{1f41d}!";
        assert_eq!(normalize(text), text);
        assert_eq!(normalize(&normalize(text)), text);
    }
}
