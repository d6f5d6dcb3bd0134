/// Lets text through until a stop text comes up, and holds back what may become one.
#[derive(Debug)]
pub(crate) struct StopFilter {
    stops: Vec<String>,
    held: String,
    stopped: bool,
}

impl StopFilter {
    pub(crate) fn new(stops: &[String]) -> Self {
        Self {
            // An empty text is everywhere: it would stop every answer before it begins.
            stops: stops
                .iter()
                .filter(|stop| !stop.is_empty())
                .cloned()
                .collect(),
            held: String::new(),
            stopped: false,
        }
    }

    pub(crate) fn has_stopped(&self) -> bool {
        self.stopped
    }

    /// Takes a piece of text and returns what can be shown by now.
    pub(crate) fn push(&mut self, piece: &str) -> String {
        if self.stopped {
            return String::new();
        }
        self.held.push_str(piece);
        let first = self
            .stops
            .iter()
            .filter_map(|stop| self.held.find(stop))
            .min();
        if let Some(index) = first {
            self.stopped = true;
            self.held.truncate(index);
            return std::mem::take(&mut self.held);
        }
        let safe = self.held.len() - self.suspicious_length();
        let rest = self.held.split_off(safe);
        std::mem::replace(&mut self.held, rest)
    }

    /// Ends the text: what was held back was no stop text after all.
    pub(crate) fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }

    /// The length in bytes of the longest end of the text that begins a stop text.
    fn suspicious_length(&self) -> usize {
        let begins_stop = |tail: &str| self.stops.iter().any(|stop| stop.starts_with(tail));
        self.held
            .char_indices()
            .map(|(index, _)| &self.held[index..])
            .find(|tail| begins_stop(tail))
            .map_or(0, str::len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(stops: &[&str], pieces: &[&str]) -> (Vec<String>, bool) {
        let stops: Vec<String> = stops.iter().map(|&stop| stop.to_owned()).collect();
        let mut filter = StopFilter::new(&stops);
        let mut shown: Vec<String> = pieces.iter().map(|piece| filter.push(piece)).collect();
        shown.push(filter.finish());
        (shown, filter.has_stopped())
    }

    #[test]
    fn without_stop_texts_nothing_is_held_back() {
        let (shown, stopped) = filter(&[""], &["a", "b"]);
        assert_eq!((shown.concat().as_str(), stopped), ("ab", false));
        assert_eq!(shown[0], "a");
    }

    #[test]
    fn a_stop_text_over_several_pieces_is_found_and_never_shown() {
        let (shown, stopped) = filter(&["END"], &["one E", "N", "D two", "three"]);
        assert_eq!(shown, ["one ", "", "", "", ""]);
        assert!(stopped);
    }

    #[test]
    fn what_only_began_like_a_stop_text_is_shown_later() {
        let (shown, stopped) = filter(&["END"], &["E", "EN", "x", "EN"]);
        assert_eq!(shown, ["", "E", "ENx", "", "EN"]);
        assert!(!stopped);
    }

    #[test]
    fn the_first_of_several_stop_texts_counts() {
        let (shown, _) = filter(&["two", "one"], &["zero one two"]);
        assert_eq!(shown.concat(), "zero ");
    }

    #[test]
    fn stop_texts_may_have_any_characters() {
        let (shown, stopped) = filter(&["\u{1f41d}\u{fc}"], &["a\u{1f41d}", "\u{fc}b"]);
        assert_eq!((shown.concat().as_str(), stopped), ("a", true));
    }
}
