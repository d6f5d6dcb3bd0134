use std::fmt;

/// How to choose tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Flatter above one, steeper below; zero always takes the likeliest token.
    pub temperature: f32,
    /// How many of the likeliest tokens to consider; zero means all.
    pub top_k: usize,
    /// Share of the probability to consider, in `(0, 1]`.
    pub top_p: f32,
    /// Least share of the best token's weight, in `[0, 1]`.
    pub min_p: f32,
    /// By what to divide the weight of repeated tokens, at least one.
    pub repeat_penalty: f32,
    /// How many tokens back a repetition counts.
    pub repeat_window: usize,
    /// Seed of the draw.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            temperature: 0.6,
            top_k: 40,
            top_p: 0.95,
            min_p: 0.05,
            repeat_penalty: 1.1,
            repeat_window: 24,
            seed: 42,
        }
    }
}

impl Settings {
    /// Checks that every setting is within its range.
    ///
    /// # Errors
    /// Names the first that is not.
    pub fn validate(&self) -> Result<(), SettingsError> {
        let checks: [(&'static str, bool, &'static str); 4] = [
            (
                "temperature",
                self.temperature.is_finite() && self.temperature >= 0.0,
                "must be zero or more",
            ),
            (
                "top_p",
                self.top_p > 0.0 && self.top_p <= 1.0,
                "must be above zero and at most one",
            ),
            (
                "min_p",
                (0.0..=1.0).contains(&self.min_p),
                "must be between zero and one",
            ),
            (
                "repeat_penalty",
                self.repeat_penalty.is_finite() && self.repeat_penalty >= 1.0,
                "must be one or more",
            ),
        ];
        match checks.into_iter().find(|&(_, ok, _)| !ok) {
            Some((name, _, rule)) => Err(SettingsError { name, rule }),
            None => Ok(()),
        }
    }
}

/// A setting that is out of its range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    /// Which setting.
    pub name: &'static str,
    /// What it must be.
    pub rule: &'static str,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.rule)
    }
}

impl std::error::Error for SettingsError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_valid() {
        assert_eq!(Settings::default().validate(), Ok(()));
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        let wrong = [
            (
                Settings {
                    temperature: f32::NAN,
                    ..Settings::default()
                },
                "temperature",
            ),
            (
                Settings {
                    top_p: 0.0,
                    ..Settings::default()
                },
                "top_p",
            ),
            (
                Settings {
                    min_p: 1.5,
                    ..Settings::default()
                },
                "min_p",
            ),
            (
                Settings {
                    repeat_penalty: 0.9,
                    ..Settings::default()
                },
                "repeat_penalty",
            ),
        ];
        for (settings, name) in wrong {
            assert_eq!(settings.validate().unwrap_err().name, name);
        }
    }
}
