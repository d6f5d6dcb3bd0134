use rbee_model::Bundle;
use rbee_sampler::Sampler;
use rbee_tokenizer::{StreamDecoder, TokenId, END};

use crate::stop::StopFilter;
use crate::Request;

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// The model had nothing to add.
    End,
    /// A stop text came up.
    Stop,
    /// The most tokens that were asked for have been made.
    Length,
}

impl Finish {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::End => "end",
            Self::Stop => "stop",
            Self::Length => "length",
        }
    }
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The text.
    pub text: String,
    /// Why it ended.
    pub finish: Finish,
    /// How many tokens the prompt has.
    pub prompt_tokens: usize,
    /// How many tokens were generated.
    pub completion_tokens: usize,
}

/// An answer in the making: an iterator over its pieces of text.
#[derive(Debug)]
pub struct Generation<'a> {
    bundle: &'a Bundle,
    sampler: Sampler,
    context: Vec<TokenId>,
    prompt_length: usize,
    max_tokens: usize,
    decoder: Option<StreamDecoder<'a>>,
    stop: StopFilter,
    text: String,
    finish: Finish,
}

impl<'a> Generation<'a> {
    pub(crate) fn new(
        bundle: &'a Bundle,
        sampler: Sampler,
        context: Vec<TokenId>,
        request: &Request,
    ) -> Self {
        Self {
            bundle,
            sampler,
            prompt_length: context.len(),
            context,
            max_tokens: request.max_tokens,
            decoder: Some(StreamDecoder::new(bundle.tokenizer())),
            stop: StopFilter::new(&request.stop),
            text: String::new(),
            finish: Finish::Length,
        }
    }

    /// Generates what is left and returns the whole answer.
    pub fn run(mut self) -> Summary {
        self.by_ref().for_each(drop);
        self.summary()
    }

    /// The answer so far.
    pub fn summary(&self) -> Summary {
        Summary {
            text: self.text.clone(),
            finish: self.finish,
            // The token that every context begins with is not the caller's.
            prompt_tokens: self.prompt_length - 1,
            completion_tokens: self.generated().len(),
        }
    }

    fn generated(&self) -> &[TokenId] {
        &self.context[self.prompt_length..]
    }

    fn next_token(&mut self) -> Option<TokenId> {
        if self.generated().len() >= self.max_tokens {
            return None;
        }
        let distribution = self.bundle.ngram().distribution(&self.context);
        let history = &self.context[self.prompt_length..];
        let token = self.sampler.choose(&distribution, history)?;
        if token == END {
            self.finish = Finish::End;
            return None;
        }
        self.context.push(token);
        Some(token)
    }

    fn show(&mut self, piece: String) -> Option<String> {
        if piece.is_empty() {
            return None;
        }
        self.text.push_str(&piece);
        Some(piece)
    }
}

impl Iterator for Generation<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        while self.decoder.is_some() {
            let Some(token) = self.next_token() else {
                let rest = self.decoder.take().map(StreamDecoder::finish)?;
                let mut piece = self.stop.push(&rest);
                piece.push_str(&self.stop.finish());
                return self.show(piece);
            };
            let decoded = self.decoder.as_mut().map(|decoder| decoder.push(token))?;
            let piece = self.stop.push(&decoded);
            if self.stop.has_stopped() {
                self.finish = Finish::Stop;
                self.decoder = None;
            }
            if let Some(piece) = self.show(piece) {
                return Some(piece);
            }
        }
        None
    }
}
