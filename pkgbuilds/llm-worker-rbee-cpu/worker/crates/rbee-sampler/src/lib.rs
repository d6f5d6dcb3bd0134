//! Chooses the next token out of a distribution.
//!
//! A [`Sampler`] is a chain of filters, each of which drops or re-weights candidates, and a
//! seeded draw at its end. Equal settings and distributions give equal choices.

mod candidate;
mod filters;
mod sampler;
mod settings;

pub use candidate::Candidate;
pub use filters::{Filter, MinP, RepeatPenalty, Temperature, TopK, TopP};
pub use sampler::Sampler;
pub use settings::{Settings, SettingsError};

/// Number of a token in the vocabulary.
pub type TokenId = u32;
