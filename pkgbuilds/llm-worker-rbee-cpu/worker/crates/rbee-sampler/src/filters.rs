use crate::candidate::rank;
use crate::{Candidate, TokenId};

/// One step of a sampler. Candidates come ranked, must leave ranked, and are never all dropped.
pub trait Filter: std::fmt::Debug + Send {
    /// Drops or re-weights candidates; `history` holds what was generated so far.
    fn apply(&self, candidates: &mut Vec<Candidate>, history: &[TokenId]);
}

/// Divides the weight of tokens that occurred lately.
#[derive(Debug, Clone, Copy)]
pub struct RepeatPenalty {
    /// By what to divide, for each time that the token occurred.
    pub penalty: f32,
    /// How many tokens to look back.
    pub window: usize,
}

impl Filter for RepeatPenalty {
    fn apply(&self, candidates: &mut Vec<Candidate>, history: &[TokenId]) {
        let recent = &history[history.len().saturating_sub(self.window)..];
        for candidate in candidates.iter_mut() {
            let times = recent
                .iter()
                .filter(|&&token| token == candidate.token)
                .count();
            candidate.weight /= self.penalty.powi(times as i32);
        }
        rank(candidates);
    }
}

/// Makes the distribution flatter (above one) or steeper (below one).
#[derive(Debug, Clone, Copy)]
pub struct Temperature(pub f32);

impl Filter for Temperature {
    fn apply(&self, candidates: &mut Vec<Candidate>, _: &[TokenId]) {
        // Relative to the best, so that no power of a small number underflows to all zeros.
        let Some(best) = candidates.first().map(|candidate| candidate.weight) else {
            return;
        };
        for candidate in candidates.iter_mut() {
            candidate.weight = (candidate.weight / best).powf(1.0 / self.0);
        }
    }
}

/// Keeps the likeliest candidates, this many.
#[derive(Debug, Clone, Copy)]
pub struct TopK(pub usize);

impl Filter for TopK {
    fn apply(&self, candidates: &mut Vec<Candidate>, _: &[TokenId]) {
        candidates.truncate(self.0.max(1));
    }
}

/// Keeps the fewest candidates that together have this share of the probability (nucleus).
#[derive(Debug, Clone, Copy)]
pub struct TopP(pub f32);

impl Filter for TopP {
    fn apply(&self, candidates: &mut Vec<Candidate>, _: &[TokenId]) {
        let total: f32 = candidates.iter().map(|candidate| candidate.weight).sum();
        let mut sum = 0.0;
        let needed = candidates.iter().position(|candidate| {
            sum += candidate.weight;
            sum >= self.0 * total
        });
        if let Some(last) = needed {
            candidates.truncate(last + 1);
        }
    }
}

/// Keeps the candidates that have at least this share of the best one's weight.
#[derive(Debug, Clone, Copy)]
pub struct MinP(pub f32);

impl Filter for MinP {
    fn apply(&self, candidates: &mut Vec<Candidate>, _: &[TokenId]) {
        if let Some(best) = candidates.first().copied() {
            candidates.retain(|candidate| candidate.weight >= self.0 * best.weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(filter: &impl Filter, history: &[TokenId]) -> Vec<(TokenId, f32)> {
        let mut candidates = Candidate::ranked(&[0.4, 0.3, 0.2, 0.1]);
        filter.apply(&mut candidates, history);
        candidates.iter().map(|c| (c.token, c.weight)).collect()
    }

    fn tokens(filter: &impl Filter) -> Vec<TokenId> {
        apply(filter, &[])
            .into_iter()
            .map(|(token, _)| token)
            .collect()
    }

    #[test]
    fn top_k_keeps_the_first() {
        assert_eq!(tokens(&TopK(2)), [0, 1]);
        assert_eq!(tokens(&TopK(0)), [0]);
        assert_eq!(tokens(&TopK(9)), [0, 1, 2, 3]);
    }

    #[test]
    fn top_p_keeps_the_nucleus() {
        assert_eq!(tokens(&TopP(0.35)), [0]);
        assert_eq!(tokens(&TopP(0.6)), [0, 1]);
        assert_eq!(tokens(&TopP(1.0)).len(), 4);
    }

    #[test]
    fn min_p_measures_against_the_best() {
        assert_eq!(tokens(&MinP(0.5)), [0, 1, 2]);
        assert_eq!(tokens(&MinP(1.0)), [0]);
    }

    #[test]
    fn temperature_changes_the_odds_but_not_the_order() {
        let odds = |t| {
            let weights = apply(&Temperature(t), &[]);
            weights[0].1 / weights[3].1
        };
        assert!((odds(1.0) - 4.0).abs() < 1e-3);
        assert!((odds(0.5) - 16.0).abs() < 1e-2);
        assert!((odds(2.0) - 2.0).abs() < 1e-3);
    }

    #[test]
    fn a_very_low_temperature_leaves_a_best_candidate() {
        let weights = apply(&Temperature(0.001), &[]);
        assert_eq!(weights[0], (0, 1.0));
        assert_eq!(weights[1].1, 0.0);
    }

    #[test]
    fn repetition_is_punished_for_each_time_within_the_window() {
        let penalty = RepeatPenalty {
            penalty: 2.0,
            window: 3,
        };
        let after = apply(&penalty, &[1, 1, 0, 3, 0]);
        assert_eq!(
            after.iter().map(|&(token, _)| token).collect::<Vec<_>>(),
            [1, 2, 0, 3]
        );
        assert_eq!(after[2].1, 0.1);
    }
}
