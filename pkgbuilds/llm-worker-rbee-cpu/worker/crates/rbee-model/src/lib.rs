//! The model, trained by build.rs and embedded.

use rbee_codec::DecodeError;
use rbee_ngram::Model;
use rbee_tokenizer::Tokenizer;

static TOKENIZER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/tokenizer.bin"));
static NGRAM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/ngram.bin"));

/// A tokenizer and the language model over its vocabulary.
#[derive(Debug, Clone)]
pub struct Bundle {
    tokenizer: Tokenizer,
    ngram: Model,
}

/// What is worth knowing about a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Info {
    /// Its name.
    pub name: String,
    /// One more than the tokens that it looks back.
    pub order: usize,
    /// How many tokens it knows.
    pub vocabulary: usize,
    /// How many contexts it has seen.
    pub contexts: usize,
    /// Between how many tokens it hesitated on text that it had not learnt.
    pub held_out_perplexity: &'static str,
    /// Its size in bytes.
    pub size: usize,
}

impl Bundle {
    /// The model inside this program.
    ///
    /// # Errors
    /// If the program was damaged after it was built.
    pub fn embedded() -> Result<Self, DecodeError> {
        Self::from_parts(TOKENIZER, NGRAM)
    }

    fn from_parts(tokenizer: &[u8], ngram: &[u8]) -> Result<Self, DecodeError> {
        let tokenizer = Tokenizer::from_bytes(tokenizer)?;
        let ngram = Model::from_bytes(ngram)?;
        if ngram.vocabulary() != tokenizer.vocabulary_size() {
            return Err(DecodeError::Invalid("the vocabularies differ"));
        }
        Ok(Self { tokenizer, ngram })
    }

    /// The tokenizer.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// The language model.
    pub fn ngram(&self) -> &Model {
        &self.ngram
    }

    /// Facts about the model.
    pub fn info(&self) -> Info {
        Info {
            name: format!("rbee-ngram-{}", self.ngram.order()),
            order: self.ngram.order(),
            vocabulary: self.ngram.vocabulary(),
            contexts: self.ngram.contexts(),
            held_out_perplexity: env!("RBEE_HELD_OUT_PERPLEXITY"),
            size: TOKENIZER.len() + NGRAM.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_model_is_sound() {
        let bundle = Bundle::embedded().unwrap();
        let info = bundle.info();
        assert_eq!(info.order, if cfg!(feature = "large") { 5 } else { 4 });
        assert_eq!(info.vocabulary, bundle.tokenizer().vocabulary_size());
        assert!(info.contexts > 1_000, "{info:?}");
    }

    #[test]
    fn it_has_learnt_more_than_chance() {
        let info = Bundle::embedded().unwrap().info();
        let perplexity: f64 = info.held_out_perplexity.parse().unwrap();
        assert!(perplexity < info.vocabulary as f64 / 4.0, "{info:?}");
    }

    #[test]
    fn it_knows_what_follows_a_phrase_of_its_corpus() {
        let bundle = Bundle::embedded().unwrap();
        let context = bundle.tokenizer().encode(" one after the");
        let likeliest = (0u32..)
            .zip(bundle.ngram().distribution(&context))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(token, _)| token)
            .unwrap();
        assert_eq!(bundle.tokenizer().bytes(likeliest), b" other");
    }

    #[test]
    fn parts_that_do_not_belong_together_are_refused() {
        let other = rbee_tokenizer::Trainer::new().train(0).to_bytes();
        assert!(Bundle::from_parts(&other, NGRAM).is_err());
        assert!(Bundle::from_parts(NGRAM, TOKENIZER).is_err());
    }
}
