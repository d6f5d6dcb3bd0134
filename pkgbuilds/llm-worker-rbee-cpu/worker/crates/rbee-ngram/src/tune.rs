use crate::{cross_entropy, Counts, Model, TokenId};

/// Finds the discount that predicts `held_out` best, by golden-section search in `steps` steps.
///
/// The cross entropy has one minimum in the discount, which is what the method needs. The counts
/// must not contain the held-out passages, or the smallest discount always wins.
pub fn best_discount(
    counts: &Counts,
    vocabulary: usize,
    held_out: &[Vec<TokenId>],
    steps: usize,
) -> f64 {
    const RATIO: f64 = 0.618_033_988_749_894_9;
    let cost = |discount| cross_entropy(&Model::new(counts, vocabulary, discount), held_out);
    let (mut low, mut high) = (0.01, 0.99);
    let mut left = high - RATIO * (high - low);
    let mut right = low + RATIO * (high - low);
    let (mut left_cost, mut right_cost) = (cost(left), cost(right));
    for _ in 0..steps {
        if left_cost < right_cost {
            (high, right, right_cost) = (right, left, left_cost);
            left = high - RATIO * (high - low);
            left_cost = cost(left);
        } else {
            (low, left, left_cost) = (left, right, right_cost);
            right = low + RATIO * (high - low);
            right_cost = cost(right);
        }
    }
    (low + high) / 2.0
}
