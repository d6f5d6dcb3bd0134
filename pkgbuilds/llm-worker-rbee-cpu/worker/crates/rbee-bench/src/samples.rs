use std::time::Duration;

/// Measured durations.
#[derive(Debug, Clone, Default)]
pub struct Samples {
    sorted: Vec<Duration>,
}

impl Samples {
    /// No durations yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a duration.
    pub fn add(&mut self, duration: Duration) {
        let index = self.sorted.partition_point(|&known| known <= duration);
        self.sorted.insert(index, duration);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// Their sum.
    pub fn total(&self) -> Duration {
        self.sorted.iter().sum()
    }

    /// The duration that `percent` of all do not exceed (nearest rank); `None` if there are none.
    ///
    /// # Panics
    /// Above one hundred.
    pub fn percentile(&self, percent: usize) -> Option<Duration> {
        assert!(percent <= 100, "percentile {percent}");
        let rank = (self.len() * percent).div_ceil(100).max(1);
        self.sorted.get(rank - 1).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(milliseconds: impl IntoIterator<Item = u64>) -> Samples {
        let mut samples = Samples::new();
        for value in milliseconds {
            samples.add(Duration::from_millis(value));
        }
        samples
    }

    #[test]
    fn percentiles_are_nearest_ranks_whatever_the_order() {
        let samples = samples([50, 20, 40, 15, 35]);
        let at = |percent| samples.percentile(percent).unwrap().as_millis();
        assert_eq!(
            [at(0), at(5), at(30), at(40), at(50), at(100)],
            [15, 15, 20, 20, 35, 50]
        );
    }

    #[test]
    fn the_total_is_the_sum() {
        assert_eq!(samples([1, 2, 3]).total(), Duration::from_millis(6));
    }

    #[test]
    fn there_is_no_percentile_of_nothing() {
        assert_eq!(samples([]).percentile(50), None);
    }
}
