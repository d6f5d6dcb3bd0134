use rbee_rng::Xoshiro256;

use crate::{
    Candidate, Filter, MinP, RepeatPenalty, Settings, SettingsError, Temperature, TokenId, TopK,
    TopP,
};

/// Chooses one token after another.
#[derive(Debug)]
pub struct Sampler {
    filters: Vec<Box<dyn Filter>>,
    rng: Xoshiro256,
}

impl Sampler {
    /// Builds the chain that `settings` describe.
    ///
    /// # Errors
    /// If a setting is out of its range.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        settings.validate()?;
        let mut filters: Vec<Box<dyn Filter>> = Vec::new();
        if settings.repeat_penalty > 1.0 {
            filters.push(Box::new(RepeatPenalty {
                penalty: settings.repeat_penalty,
                window: settings.repeat_window,
            }));
        }
        if settings.temperature == 0.0 {
            filters.push(Box::new(TopK(1)));
        } else {
            if settings.top_k > 0 {
                filters.push(Box::new(TopK(settings.top_k)));
            }
            filters.push(Box::new(TopP(settings.top_p)));
            filters.push(Box::new(MinP(settings.min_p)));
            filters.push(Box::new(Temperature(settings.temperature)));
        }
        Ok(Self {
            filters,
            rng: Xoshiro256::from_seed(settings.seed),
        })
    }

    /// Chooses a token; `history` holds what was generated so far. Returns `None` if the
    /// distribution has no possible token.
    pub fn choose(&mut self, distribution: &[f32], history: &[TokenId]) -> Option<TokenId> {
        let mut candidates = Candidate::ranked(distribution);
        for filter in &self.filters {
            filter.apply(&mut candidates, history);
        }
        let weights: Vec<f32> = candidates
            .iter()
            .map(|candidate| candidate.weight)
            .collect();
        let index = self.rng.weighted_index(&weights)?;
        Some(candidates[index].token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISTRIBUTION: [f32; 4] = [0.1, 0.4, 0.3, 0.2];

    fn draw(settings: &Settings, times: usize) -> Vec<TokenId> {
        let mut sampler = Sampler::new(settings).unwrap();
        (0..times)
            .map(|_| sampler.choose(&DISTRIBUTION, &[]).unwrap())
            .collect()
    }

    #[test]
    fn zero_temperature_always_takes_the_likeliest() {
        let settings = Settings {
            temperature: 0.0,
            ..Settings::default()
        };
        assert!(draw(&settings, 50).iter().all(|&token| token == 1));
    }

    #[test]
    fn equal_seeds_choose_equally() {
        let with_seed = |seed| {
            draw(
                &Settings {
                    seed,
                    ..Settings::default()
                },
                50,
            )
        };
        assert_eq!(with_seed(7), with_seed(7));
        assert_ne!(with_seed(7), with_seed(8));
    }

    #[test]
    fn nothing_outside_the_top_k_is_ever_chosen() {
        let settings = Settings {
            top_k: 2,
            temperature: 5.0,
            ..Settings::default()
        };
        assert!(draw(&settings, 500)
            .iter()
            .all(|token| [1, 2].contains(token)));
    }

    #[test]
    fn an_empty_distribution_has_no_choice() {
        let mut sampler = Sampler::new(&Settings::default()).unwrap();
        assert_eq!(sampler.choose(&[0.0, 0.0], &[]), None);
    }

    #[test]
    fn wrong_settings_make_no_sampler() {
        let settings = Settings {
            top_p: 2.0,
            ..Settings::default()
        };
        let error = Sampler::new(&settings).unwrap_err();
        assert_eq!(
            error.to_string(),
            "top_p must be above zero and at most one"
        );
    }
}
