//! Seeded random numbers that are the same on every machine.
//!
//! A worker must answer the same prompt and seed with the same text wherever it runs, so the
//! generator is part of the worker and not of the platform: xoshiro256** by Blackman and Vigna,
//! its state filled by SplitMix64 as its authors advise.

/// Expands one 64-bit seed into as many well-mixed words as are needed.
#[derive(Debug, Clone)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// Starts the sequence that belongs to `seed`.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next word of the sequence.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// The xoshiro256** generator.
#[derive(Debug, Clone)]
pub struct Xoshiro256 {
    state: [u64; 4],
}

impl Xoshiro256 {
    /// Creates the generator that belongs to `seed`; equal seeds give equal sequences.
    pub fn from_seed(seed: u64) -> Self {
        let mut mix = SplitMix64::new(seed);
        Self {
            state: std::array::from_fn(|_| mix.next_u64()),
        }
    }

    /// A uniform 64-bit word.
    pub fn next_u64(&mut self) -> u64 {
        let result = self.state[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = self.state[1] << 17;
        self.state[2] ^= self.state[0];
        self.state[3] ^= self.state[1];
        self.state[1] ^= self.state[2];
        self.state[0] ^= self.state[3];
        self.state[2] ^= shifted;
        self.state[3] = self.state[3].rotate_left(45);
        result
    }

    /// A uniform number in `[0, 1)` with 53 random bits.
    pub fn next_f64(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// A uniform number in `[0, bound)`, without modulo bias.
    ///
    /// # Panics
    /// If `bound` is zero: there is no such number.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "below(0) has no answer");
        // Lemire's method: the high half of a 128-bit product, rejecting the short interval.
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let product = u128::from(self.next_u64()) * u128::from(bound);
            if product as u64 >= threshold {
                return (product >> 64) as u64;
            }
        }
    }

    /// Shuffles `items` in place (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }

    /// An index, chosen with a probability proportional to its weight.
    ///
    /// Returns `None` if no weight is positive. Weights need not add up to one.
    pub fn weighted_index(&mut self, weights: &[f32]) -> Option<usize> {
        let total: f64 = weights.iter().map(|&w| f64::from(w.max(0.0))).sum();
        if total <= 0.0 {
            return None;
        }
        let mut left = self.next_f64() * total;
        let mut last_positive = None;
        for (index, &weight) in weights.iter().enumerate() {
            if weight > 0.0 {
                left -= f64::from(weight);
                last_positive = Some(index);
                if left < 0.0 {
                    break;
                }
            }
        }
        // Rounding can leave a crumb after the last weight: it belongs to the last candidate.
        last_positive
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix_gives_the_published_sequence() {
        let mut mix = SplitMix64::new(1_234_567);
        let words: Vec<u64> = (0..3).map(|_| mix.next_u64()).collect();
        assert_eq!(
            words,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn equal_seeds_give_equal_sequences_and_others_do_not() {
        let take = |seed| {
            let mut rng = Xoshiro256::from_seed(seed);
            (0..16).map(|_| rng.next_u64()).collect::<Vec<_>>()
        };
        assert_eq!(take(388), take(388));
        assert_ne!(take(388), take(389));
    }

    #[test]
    fn below_reaches_every_value_and_never_the_bound() {
        let mut rng = Xoshiro256::from_seed(1);
        let mut seen = [0u32; 7];
        for _ in 0..7_000 {
            seen[rng.below(7) as usize] += 1;
        }
        assert!(seen.iter().all(|&n| (800..1_200).contains(&n)), "{seen:?}");
    }

    #[test]
    fn floats_stay_below_one() {
        let mut rng = Xoshiro256::from_seed(2);
        assert!((0..10_000).all(|_| (0.0..1.0).contains(&rng.next_f64())));
    }

    #[test]
    fn shuffling_keeps_every_item() {
        let mut items: Vec<u32> = (0..100).collect();
        Xoshiro256::from_seed(3).shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn weights_steer_the_choice() {
        let mut rng = Xoshiro256::from_seed(4);
        let mut seen = [0u32; 4];
        for _ in 0..10_000 {
            seen[rng.weighted_index(&[1.0, 0.0, 3.0, -2.0]).unwrap()] += 1;
        }
        assert_eq!((seen[1], seen[3]), (0, 0));
        assert!((7_200..7_800).contains(&seen[2]), "{seen:?}");
    }

    #[test]
    fn no_positive_weight_means_no_choice() {
        let mut rng = Xoshiro256::from_seed(5);
        assert_eq!(rng.weighted_index(&[]), None);
        assert_eq!(rng.weighted_index(&[0.0, -1.0]), None);
    }
}
