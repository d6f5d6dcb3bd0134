use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use rbee_text::segments;

use crate::{TokenId, Tokenizer, FIRST_BYTE, FIRST_MERGE};

type Pair = (TokenId, TokenId);

/// Learns a vocabulary from text.
#[derive(Debug, Default)]
pub struct Trainer {
    // Ordered, so that training does not depend on the seed of a hash.
    segments: BTreeMap<String, u64>,
}

struct Word {
    ids: Vec<TokenId>,
    count: u64,
}

impl Trainer {
    /// A trainer that has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds text to learn from.
    pub fn feed(&mut self, text: &str) {
        for segment in segments(text) {
            *self.segments.entry(segment.to_owned()).or_default() += 1;
        }
    }

    /// Learns at most `merges` merges; fewer if no pair is left that occurs twice.
    ///
    /// Each step merges the most frequent pair, the one with the lower ids if there are several:
    /// the same text always gives the same tokenizer.
    pub fn train(&self, merges: usize) -> Tokenizer {
        let mut words: Vec<Word> = self
            .segments
            .iter()
            .map(|(segment, &count)| Word {
                ids: segment
                    .bytes()
                    .map(|byte| FIRST_BYTE + TokenId::from(byte))
                    .collect(),
                count,
            })
            .collect();
        let mut counts = HashMap::new();
        for word in &words {
            count_pairs(&mut counts, word, u64::wrapping_add);
        }

        let mut learnt: Vec<Pair> = Vec::with_capacity(merges);
        while learnt.len() < merges {
            let Some(pair) = most_frequent(&counts) else {
                break;
            };
            let id = FIRST_MERGE + learnt.len() as TokenId;
            learnt.push(pair);
            for word in words.iter_mut().filter(|word| contains(&word.ids, pair)) {
                count_pairs(&mut counts, word, u64::wrapping_sub);
                replace(&mut word.ids, pair, id);
                count_pairs(&mut counts, word, u64::wrapping_add);
            }
            counts.retain(|_, count| *count > 0);
        }
        Tokenizer::from_merges(learnt)
    }
}

fn count_pairs(counts: &mut HashMap<Pair, u64>, word: &Word, step: fn(u64, u64) -> u64) {
    for pair in word.ids.windows(2) {
        let count = counts.entry((pair[0], pair[1])).or_default();
        *count = step(*count, word.count);
    }
}

fn most_frequent(counts: &HashMap<Pair, u64>) -> Option<Pair> {
    counts
        .iter()
        .filter(|&(_, &count)| count > 1)
        .max_by_key(|&(&pair, &count)| (count, Reverse(pair)))
        .map(|(&pair, _)| pair)
}

fn contains(ids: &[TokenId], pair: Pair) -> bool {
    ids.windows(2).any(|two| (two[0], two[1]) == pair)
}

fn replace(ids: &mut Vec<TokenId>, pair: Pair, id: TokenId) {
    let mut write = 0;
    let mut read = 0;
    while read < ids.len() {
        let found = read + 1 < ids.len() && (ids[read], ids[read + 1]) == pair;
        ids[write] = if found { id } else { ids[read] };
        write += 1;
        read += if found { 2 } else { 1 };
    }
    ids.truncate(write);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_pairs_are_merged_from_the_left() {
        let mut ids = vec![5, 5, 5, 7, 5, 5];
        replace(&mut ids, (5, 5), 300);
        assert_eq!(ids, [300, 5, 7, 300]);
    }

    #[test]
    fn a_tie_goes_to_the_lower_pair() {
        let counts = HashMap::from([((9, 1), 4), ((3, 8), 4), ((3, 9), 4), ((1, 1), 3)]);
        assert_eq!(most_frequent(&counts), Some((3, 8)));
    }
}
