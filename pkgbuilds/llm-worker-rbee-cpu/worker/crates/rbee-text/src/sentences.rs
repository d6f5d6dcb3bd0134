use std::iter::FusedIterator;

const ABBREVIATIONS: [&str; 7] = ["Mr.", "Mrs.", "Dr.", "St.", "e.g.", "i.e.", "etc."];

/// Cuts text into sentences: after `.`, `!` or `?`, closing quotes and brackets included, where
/// white space follows. Common abbreviations do not end a sentence. Sentences are trimmed and
/// never empty.
pub fn sentences(text: &str) -> Sentences<'_> {
    Sentences { rest: text }
}

/// Iterator of [`sentences`].
#[derive(Debug, Clone)]
pub struct Sentences<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Sentences<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.rest = self.rest.trim_start();
        if self.rest.is_empty() {
            return None;
        }
        let (sentence, rest) = self.rest.split_at(sentence_length(self.rest));
        self.rest = rest;
        Some(sentence.trim_end())
    }
}

impl FusedIterator for Sentences<'_> {}

fn sentence_length(text: &str) -> usize {
    for (index, mark) in text.match_indices(['.', '!', '?']) {
        let after = &text[index + mark.len()..];
        let closed = after.trim_start_matches(['.', '!', '?', '"', '\'', ')', ']']);
        let end = text.len() - closed.len();
        let boundary = closed.is_empty() || closed.starts_with(char::is_whitespace);
        if boundary && !ends_with_abbreviation(&text[..end]) {
            return end;
        }
    }
    text.len()
}

fn ends_with_abbreviation(text: &str) -> bool {
    let word = text.rsplit(char::is_whitespace).next().unwrap_or(text);
    ABBREVIATIONS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::sentences;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).collect()
    }

    #[test]
    fn marks_end_sentences() {
        assert_eq!(
            cut("One. Two!  Three? Four"),
            ["One.", "Two!", "Three?", "Four"]
        );
    }

    #[test]
    fn quotes_close_with_their_sentence() {
        assert_eq!(cut("\"Stop!\" he said."), ["\"Stop!\"", "he said."]);
        assert_eq!(
            cut("He left (at last.) Then..."),
            ["He left (at last.)", "Then..."]
        );
    }

    #[test]
    fn neither_numbers_nor_abbreviations_end_a_sentence() {
        assert_eq!(
            cut("Dr. Wabe took 2.5 grams."),
            ["Dr. Wabe took 2.5 grams."]
        );
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(cut(" \n ").is_empty());
    }
}
