use std::collections::BTreeMap;

use crate::TokenId;

/// What followed what, and how often, for every context length below the order.
#[derive(Debug, Clone)]
pub struct Counts {
    // By context length. Ordered maps, so that a saved model does not depend on a hash seed.
    by_length: Vec<BTreeMap<Vec<TokenId>, BTreeMap<TokenId, u32>>>,
}

impl Counts {
    /// Empty counts of the given order.
    ///
    /// # Panics
    /// If `order` is zero: even a unigram model has order one.
    pub fn new(order: usize) -> Self {
        assert!(order > 0, "an n-gram model needs an order of at least one");
        Self {
            by_length: vec![BTreeMap::new(); order],
        }
    }

    /// The order: one more than the longest context.
    pub fn order(&self) -> usize {
        self.by_length.len()
    }

    /// Counts every token of a passage but the first, which is only ever a context.
    pub fn observe(&mut self, passage: &[TokenId]) {
        for position in 1..passage.len() {
            let longest = position.min(self.order() - 1);
            for length in 0..=longest {
                let context = passage[position - length..position].to_vec();
                *self.by_length[length]
                    .entry(context)
                    .or_default()
                    .entry(passage[position])
                    .or_default() += 1;
            }
        }
    }

    /// The counts that the model learns from: in the longest contexts how often a token followed,
    /// in shorter ones after how many different tokens (Kneser and Ney 1995). "Francisco" may be
    /// frequent, but it follows "San" alone, and should not be expected anywhere else.
    pub fn continuations(&self) -> Self {
        let mut result = self.clone();
        for (shorter, longer) in result.by_length.iter_mut().zip(&self.by_length[1..]) {
            let mut table: BTreeMap<Vec<TokenId>, BTreeMap<TokenId, u32>> = BTreeMap::new();
            for (context, followers) in longer {
                let counts = table.entry(context[1..].to_vec()).or_default();
                for &token in followers.keys() {
                    *counts.entry(token).or_default() += 1;
                }
            }
            // What begins a passage has nothing before it, and keeps its plain counts.
            for (context, followers) in std::mem::replace(shorter, table) {
                shorter.entry(context).or_insert(followers);
            }
        }
        result
    }

    /// Every context with what followed it: shorter contexts first, each length in order.
    pub fn iter(&self) -> impl Iterator<Item = (&[TokenId], &BTreeMap<TokenId, u32>)> {
        self.by_length
            .iter()
            .flatten()
            .map(|(context, followers)| (context.as_slice(), followers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_context_length_is_counted() {
        let mut counts = Counts::new(3);
        counts.observe(&[0, 1, 1, 1]);
        let seen: Vec<(Vec<TokenId>, u32)> = counts
            .iter()
            .map(|(context, followers)| (context.to_vec(), followers[&1]))
            .collect();
        assert_eq!(
            seen,
            [
                (vec![], 3),
                (vec![0], 1),
                (vec![1], 2),
                (vec![0, 1], 1),
                (vec![1, 1], 1)
            ]
        );
    }

    #[test]
    fn shorter_contexts_count_what_stood_before_them() {
        let mut counts = Counts::new(2);
        counts.observe(&[0, 1, 2, 1, 2, 3]);
        let continuations = counts.continuations();
        let (_, unigrams) = continuations.iter().next().unwrap();
        assert_eq!(*unigrams, BTreeMap::from([(1, 2), (2, 1), (3, 1)]));
    }

    #[test]
    fn a_passage_of_one_token_teaches_nothing() {
        let mut counts = Counts::new(2);
        counts.observe(&[]);
        counts.observe(&[4]);
        assert_eq!(counts.iter().count(), 0);
    }
}
