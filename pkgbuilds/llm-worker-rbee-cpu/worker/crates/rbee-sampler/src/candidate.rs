use crate::TokenId;

/// A token that may be chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Its id.
    pub token: TokenId,
    /// Its weight, never negative; only the proportions matter.
    pub weight: f32,
}

impl Candidate {
    /// One candidate for each possible token, the likeliest first and of equals the lower id.
    pub fn ranked(distribution: &[f32]) -> Vec<Self> {
        let mut candidates: Vec<Self> = (0..)
            .zip(distribution)
            .filter(|&(_, &weight)| weight > 0.0)
            .map(|(token, &weight)| Self { token, weight })
            .collect();
        rank(&mut candidates);
        candidates
    }
}

pub(crate) fn rank(candidates: &mut [Candidate]) {
    candidates.sort_unstable_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then_with(|| a.token.cmp(&b.token))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_is_first_and_the_impossible_is_missing() {
        let order: Vec<TokenId> = Candidate::ranked(&[0.1, 0.0, 0.5, 0.3, 0.1])
            .iter()
            .map(|candidate| candidate.token)
            .collect();
        assert_eq!(order, [2, 3, 0, 4]);
    }
}
