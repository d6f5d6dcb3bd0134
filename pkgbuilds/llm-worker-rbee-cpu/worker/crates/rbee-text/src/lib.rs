//! Normalises text and cuts it into words.

mod normalize;
mod segments;
mod sentences;

pub use normalize::normalize;
pub use segments::{segments, Segments};
pub use sentences::{sentences, Sentences};
