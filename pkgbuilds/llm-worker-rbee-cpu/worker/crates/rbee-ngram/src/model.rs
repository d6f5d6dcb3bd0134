use std::collections::HashMap;

use rbee_codec::{DecodeError, Reader, Writer};

use crate::{Counts, TokenId};

const MAGIC: [u8; 4] = *b"RNGM";

#[derive(Debug, Clone)]
struct Followers {
    total: f64,
    /// Ordered by token.
    counts: Vec<(TokenId, u32)>,
}

impl Followers {
    fn new(counts: Vec<(TokenId, u32)>) -> Self {
        let total = counts.iter().map(|&(_, count)| f64::from(count)).sum();
        Self { total, counts }
    }

    /// What the discount leaves for the shorter context.
    fn backoff(&self, discount: f64) -> f64 {
        discount * self.counts.len() as f64 / self.total
    }

    fn discounted(&self, count: u32, discount: f64) -> f64 {
        (f64::from(count) - discount) / self.total
    }
}

/// A trained n-gram model.
#[derive(Debug, Clone)]
pub struct Model {
    order: usize,
    vocabulary: usize,
    discount: f64,
    contexts: HashMap<Box<[TokenId]>, Followers>,
}

impl Model {
    /// Makes a model of `counts` over a vocabulary of that many tokens.
    ///
    /// # Panics
    /// If `discount` is not in `(0, 1)`.
    pub fn new(counts: &Counts, vocabulary: usize, discount: f64) -> Self {
        assert!(discount > 0.0 && discount < 1.0, "discount {discount}");
        Self {
            order: counts.order(),
            vocabulary,
            discount,
            contexts: counts
                .continuations()
                .iter()
                .map(|(context, followers)| {
                    let counts = followers.iter().map(|(&token, &count)| (token, count));
                    (context.into(), Followers::new(counts.collect()))
                })
                .collect(),
        }
    }

    /// The order: one more than the tokens that the model looks back.
    pub fn order(&self) -> usize {
        self.order
    }

    /// How many tokens the model knows.
    pub fn vocabulary(&self) -> usize {
        self.vocabulary
    }

    /// How many different contexts the model has seen.
    pub fn contexts(&self) -> usize {
        self.contexts.len()
    }

    /// The discount that was subtracted from every count.
    pub fn discount(&self) -> f64 {
        self.discount
    }

    /// The followers of each known end of `context`, the shortest first.
    fn known<'a>(&'a self, context: &'a [TokenId]) -> impl Iterator<Item = &'a Followers> + 'a {
        (0..=context.len().min(self.order - 1))
            .map_while(move |length| self.contexts.get(&context[context.len() - length..]))
    }

    /// The probability of every token after `context`, by id.
    pub fn distribution(&self, context: &[TokenId]) -> Vec<f32> {
        let mut result = vec![1.0 / self.vocabulary as f64; self.vocabulary];
        for followers in self.known(context) {
            let backoff = followers.backoff(self.discount);
            for probability in &mut result {
                *probability *= backoff;
            }
            for &(token, count) in &followers.counts {
                result[token as usize] += followers.discounted(count, self.discount);
            }
        }
        result
            .into_iter()
            .map(|probability| probability as f32)
            .collect()
    }

    /// The probability of one token after `context`.
    pub fn probability(&self, context: &[TokenId], token: TokenId) -> f64 {
        let uniform = 1.0 / self.vocabulary as f64;
        self.known(context).fold(uniform, |shorter, followers| {
            let found = followers
                .counts
                .binary_search_by_key(&token, |&(token, _)| token);
            let own = found.map_or(0.0, |index| {
                followers.discounted(followers.counts[index].1, self.discount)
            });
            own + followers.backoff(self.discount) * shorter
        })
    }

    /// Saves the model.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.integer(self.order as u64);
        writer.integer(self.vocabulary as u64);
        writer.float(self.discount);
        writer.integer(self.contexts.len() as u64);
        let mut contexts: Vec<_> = self.contexts.iter().collect();
        contexts.sort_unstable_by_key(|&(context, _)| context);
        for (context, followers) in contexts {
            writer.integer(context.len() as u64);
            for &token in context.iter() {
                writer.integer(token.into());
            }
            writer.integer(followers.counts.len() as u64);
            for &(token, count) in &followers.counts {
                writer.integer(token.into());
                writer.integer(count.into());
            }
        }
        writer.seal(MAGIC)
    }

    /// Restores a saved model.
    ///
    /// # Errors
    /// If the blob is damaged, is not a model, or contradicts itself.
    pub fn from_bytes(blob: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::open(blob, MAGIC)?;
        let order = reader.small()? as usize;
        let vocabulary = reader.small()? as usize;
        let discount = reader.float()?;
        if order == 0 || vocabulary == 0 || !(discount > 0.0 && discount < 1.0) {
            return Err(DecodeError::Invalid("order, vocabulary or discount"));
        }
        let count = reader.count(2)?;
        let mut contexts = HashMap::with_capacity(count);
        for _ in 0..count {
            let length = reader.count(1)?;
            if length >= order {
                return Err(DecodeError::Invalid("a context longer than the order"));
            }
            let context = (0..length)
                .map(|_| reader.small())
                .collect::<Result<Box<[_]>, _>>()?;
            let followers = read_followers(&mut reader, vocabulary)?;
            contexts.insert(context, followers);
        }
        reader.finish()?;
        Ok(Self {
            order,
            vocabulary,
            discount,
            contexts,
        })
    }
}

fn read_followers(reader: &mut Reader<'_>, vocabulary: usize) -> Result<Followers, DecodeError> {
    let length = reader.count(2)?;
    let mut counts = Vec::with_capacity(length);
    for _ in 0..length {
        counts.push((reader.small()?, reader.small()?));
    }
    let ordered = counts.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let known = counts
        .last()
        .is_some_and(|&(token, _)| (token as usize) < vocabulary);
    if !ordered || !known || counts.iter().any(|&(_, count)| count == 0) {
        return Err(DecodeError::Invalid("followers out of order or unknown"));
    }
    Ok(Followers::new(counts))
}
