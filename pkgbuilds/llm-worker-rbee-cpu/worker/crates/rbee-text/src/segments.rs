use std::iter::FusedIterator;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Space,
    Mark,
}

impl Class {
    fn of(character: char) -> Self {
        if character.is_alphabetic() {
            Self::Letter
        } else if character.is_numeric() {
            Self::Digit
        } else if character.is_whitespace() {
            Self::Space
        } else {
            Self::Mark
        }
    }
}

/// Cuts `text` into the pieces that a tokenizer never merges across.
///
/// A piece is a run of letters, of digits or of marks with at most one space before it, or a run
/// of white space. An apostrophe between letters belongs to the word. No character is lost:
/// joined, the pieces are `text` again.
pub fn segments(text: &str) -> Segments<'_> {
    Segments { rest: text }
}

/// Iterator of [`segments`].
#[derive(Debug, Clone)]
pub struct Segments<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Segments<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let first = self.rest.chars().next()?;
        let (piece, rest) = self.rest.split_at(piece_length(self.rest, first));
        self.rest = rest;
        Some(piece)
    }
}

impl FusedIterator for Segments<'_> {}

fn piece_length(text: &str, first: char) -> usize {
    if Class::of(first) != Class::Space {
        return run_length(text, Class::of(first));
    }
    let spaces = run_length(text, Class::Space);
    match text[spaces..].chars().next() {
        // The last space of a run goes with the word after it, as in " word".
        Some(next) if text[..spaces].ends_with(' ') => {
            if spaces == 1 {
                1 + run_length(&text[1..], Class::of(next))
            } else {
                spaces - 1
            }
        }
        _ => spaces,
    }
}

fn run_length(text: &str, class: Class) -> usize {
    let mut characters = text.char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        let inside_word = class == Class::Letter
            && character == '\''
            && matches!(characters.peek(), Some((_, next)) if next.is_alphabetic());
        if Class::of(character) != class && !inside_word {
            return index;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::segments;

    fn cut(text: &str) -> Vec<&str> {
        segments(text).collect()
    }

    #[test]
    fn a_word_takes_the_space_before_it() {
        assert_eq!(cut("The bees work."), ["The", " bees", " work", "."]);
    }

    #[test]
    fn an_apostrophe_stays_inside_its_word() {
        assert_eq!(cut("don't 'quote'"), ["don't", " '", "quote", "'"]);
    }

    #[test]
    fn digits_letters_and_marks_part() {
        assert_eq!(
            cut("v12 costs $30!?"),
            ["v", "12", " costs", " $", "30", "!?"]
        );
    }

    #[test]
    fn only_the_last_space_of_a_run_is_taken() {
        assert_eq!(cut("a   b"), ["a", "  ", " b"]);
        assert_eq!(cut("a\n\nb  "), ["a", "\n\n", "b", "  "]);
    }

    #[test]
    fn pieces_join_to_the_text_again() {
        for text in [
            "",
            " ",
            "\u{e9}t\u{e9} 2024\u{2009}\u{1f41d} ok''s",
            "'",
            " '  x",
        ] {
            assert_eq!(segments(text).collect::<String>(), text);
        }
    }
}
