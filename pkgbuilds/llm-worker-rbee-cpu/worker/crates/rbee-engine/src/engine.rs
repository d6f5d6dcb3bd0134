use rbee_model::{Bundle, Info};
use rbee_sampler::{Sampler, SettingsError};
use rbee_tokenizer::{TokenId, END};

use crate::{Generation, Request};

/// A loaded model, ready to answer. One engine serves any number of requests.
#[derive(Debug, Clone)]
pub struct Engine {
    bundle: Bundle,
}

impl Engine {
    /// Loads the model inside this program.
    ///
    /// # Errors
    /// If the program was damaged after it was built.
    pub fn embedded() -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self {
            bundle: Bundle::embedded()?,
        })
    }

    /// Facts about the model.
    pub fn info(&self) -> Info {
        self.bundle.info()
    }

    /// The tokens of a text, with the text that each stands for.
    pub fn tokenize(&self, text: &str) -> Vec<(TokenId, String)> {
        let tokenizer = self.bundle.tokenizer();
        tokenizer
            .encode(text)
            .into_iter()
            .map(|id| (id, tokenizer.decode(&[id])))
            .collect()
    }

    /// Starts to answer a request. Nothing is computed until the answer is iterated.
    ///
    /// # Errors
    /// If a setting is out of its range.
    pub fn generate(&self, request: &Request) -> Result<Generation<'_>, SettingsError> {
        let sampler = Sampler::new(&request.settings)?;
        let mut context = vec![END];
        context.extend(self.bundle.tokenizer().encode(&lead_in(&request.prompt)));
        Ok(Generation::new(&self.bundle, sampler, context, request))
    }
}

/// The prompt as the model has learnt text: words begin with their space. One at the end of the
/// prompt would be a word of its own, so it is left to the next one.
fn lead_in(prompt: &str) -> String {
    let prompt = prompt.trim();
    if prompt.is_empty() {
        String::new()
    } else {
        format!(" {prompt}")
    }
}
