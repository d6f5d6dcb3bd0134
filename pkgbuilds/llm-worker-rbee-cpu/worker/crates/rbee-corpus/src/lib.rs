//! The text that the embedded model learns from.
//!
//! A few pages about bees, builds, processes, a harbour and a garden, written for this worker.
//! A passage is a paragraph; every eighth is held out, to tune and to judge the model with text
//! that it has not learnt.

use rbee_text::normalize;

/// The texts, by name.
pub const TEXTS: [(&str, &str); 5] = [
    ("garden", include_str!("../text/garden.txt")),
    ("harbour", include_str!("../text/harbour.txt")),
    ("hive", include_str!("../text/hive.txt")),
    ("process", include_str!("../text/process.txt")),
    ("workshop", include_str!("../text/workshop.txt")),
];

const HELD_OUT: usize = 8;

/// The passages of all texts, cut in two.
#[derive(Debug, Clone)]
pub struct Passages {
    /// To learn from.
    pub training: Vec<String>,
    /// To judge with.
    pub held_out: Vec<String>,
}

impl Passages {
    /// Reads all texts.
    pub fn load() -> Self {
        let mut passages = Self {
            training: Vec::new(),
            held_out: Vec::new(),
        };
        let paragraphs = TEXTS.iter().flat_map(|(_, text)| text.split("\n\n"));
        for (index, paragraph) in paragraphs.enumerate() {
            let half = if index % HELD_OUT == HELD_OUT - 1 {
                &mut passages.held_out
            } else {
                &mut passages.training
            };
            half.push(normalize(paragraph));
        }
        passages
    }

    /// Both halves.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.training
            .iter()
            .chain(&self.held_out)
            .map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rbee_text::sentences;

    #[test]
    fn the_halves_are_both_there_and_share_nothing() {
        let passages = Passages::load();
        assert!(passages.training.len() > 5 * passages.held_out.len());
        assert!(passages.held_out.len() >= 5);
        assert!(passages
            .held_out
            .iter()
            .all(|p| !passages.training.contains(p)));
    }

    #[test]
    fn every_passage_is_normal_text_in_whole_sentences() {
        for passage in Passages::load().all() {
            assert_eq!(normalize(passage), passage);
            assert!(
                sentences(passage).all(|s| s.ends_with(['.', '!', '?'])),
                "{passage}"
            );
            assert!(sentences(passage).count() >= 2, "{passage}");
        }
    }
}
