//! Interpolated n-gram language model.
//!
//! The model of order *n* looks at the last *n* - 1 tokens. Every context it has seen gives its
//! counts, less a discount; what the discount takes away goes to the shorter context, down to
//! the uniform distribution (interpolated Kneser-Ney smoothing with one discount). So every token
//! always has a probability above zero.

mod counts;
mod evaluate;
mod model;
mod tune;

pub use counts::Counts;
pub use evaluate::{cross_entropy, perplexity};
pub use model::Model;
pub use tune::best_discount;

/// Number of a token in the vocabulary.
pub type TokenId = u32;

#[cfg(test)]
mod tests {
    use super::*;

    const VOCABULARY: usize = 8;

    fn passages() -> Vec<Vec<TokenId>> {
        vec![
            vec![0, 1, 2, 3, 0],
            vec![0, 1, 2, 4, 0],
            vec![0, 1, 2, 3, 0],
            vec![0, 5, 2, 3, 0],
        ]
    }

    fn trained(order: usize) -> Model {
        let mut counts = Counts::new(order);
        for passage in passages() {
            counts.observe(&passage);
        }
        Model::new(&counts, VOCABULARY, 0.5)
    }

    #[test]
    fn probabilities_add_up_to_one_in_every_context() {
        let model = trained(3);
        let contexts: [&[TokenId]; 6] = [&[], &[0], &[1, 2], &[7], &[6, 2], &[0, 1, 2, 3]];
        for context in contexts {
            let sum: f64 = model
                .distribution(context)
                .iter()
                .map(|&p| f64::from(p))
                .sum();
            assert!((sum - 1.0).abs() < 1e-6, "{context:?}: {sum}");
        }
    }

    #[test]
    fn the_distribution_and_the_single_probability_agree() {
        let model = trained(3);
        let distribution = model.distribution(&[1, 2]);
        for token in 0..VOCABULARY as TokenId {
            let single = model.probability(&[1, 2], token);
            assert!((single - f64::from(distribution[token as usize])).abs() < 1e-6);
        }
    }

    #[test]
    fn what_was_seen_more_often_is_more_likely_and_nothing_is_impossible() {
        let model = trained(3);
        let p = model.distribution(&[1, 2]);
        assert!(p[3] > p[4] && p[4] > p[6], "{p:?}");
        assert!(p.iter().all(|&p| p > 0.0));
    }

    #[test]
    fn a_long_unknown_context_falls_back_to_its_known_end() {
        let model = trained(3);
        assert_eq!(model.distribution(&[7, 7, 2]), model.distribution(&[2]));
    }

    #[test]
    fn a_higher_order_predicts_its_own_text_better() {
        let perplexities: Vec<f64> = (1..=3)
            .map(|order| perplexity(&trained(order), &passages()))
            .collect();
        assert!(
            perplexities.windows(2).all(|p| p[1] < p[0]),
            "{perplexities:?}"
        );
    }

    #[test]
    fn a_saved_model_is_the_same_model() {
        let model = trained(3);
        let restored = Model::from_bytes(&model.to_bytes()).unwrap();
        assert_eq!(restored.to_bytes(), model.to_bytes());
        assert_eq!(restored.distribution(&[1, 2]), model.distribution(&[1, 2]));
        assert_eq!(
            (restored.order(), restored.contexts()),
            (3, model.contexts())
        );
    }

    #[test]
    fn a_model_with_tokens_beyond_its_vocabulary_is_refused() {
        let mut counts = Counts::new(2);
        counts.observe(&[0, 1, 2]);
        let blob = Model::new(&counts, 2, 0.5).to_bytes();
        assert!(Model::from_bytes(&blob).is_err());
    }

    #[test]
    fn tuning_finds_a_discount_at_least_as_good_as_its_neighbours() {
        let held_out = [vec![0, 5, 2, 4, 0]];
        let mut counts = Counts::new(3);
        for passage in passages() {
            counts.observe(&passage);
        }
        let best = best_discount(&counts, VOCABULARY, &held_out, 24);
        let at = |discount| perplexity(&Model::new(&counts, VOCABULARY, discount), &held_out);
        assert!((0.0..1.0).contains(&best));
        assert!(at(best) <= at((best - 0.1).max(0.01)) && at(best) <= at((best + 0.1).min(0.99)));
    }

    #[test]
    fn an_untrained_model_is_uniform() {
        let model = Model::new(&Counts::new(4), 4, 0.5);
        assert_eq!(model.distribution(&[1, 2]), [0.25; 4]);
    }
}
