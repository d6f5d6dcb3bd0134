use rbee_sampler::Settings;

/// What to generate.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The text to go on from.
    pub prompt: String,
    /// How many tokens to generate at most.
    pub max_tokens: usize,
    /// Texts that end the answer; they are not part of it.
    pub stop: Vec<String>,
    /// How to choose tokens.
    pub settings: Settings,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            prompt: String::new(),
            max_tokens: 64,
            stop: Vec::new(),
            settings: Settings::default(),
        }
    }
}
