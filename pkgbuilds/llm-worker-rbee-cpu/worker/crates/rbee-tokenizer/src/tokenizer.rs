use std::collections::HashMap;

use rbee_codec::{DecodeError, Reader, Writer};
use rbee_text::segments;

use crate::{TokenId, END, FIRST_BYTE, FIRST_MERGE};

const MAGIC: [u8; 4] = *b"RBPE";

/// Turns text into tokens and back.
#[derive(Debug, Clone, PartialEq)]
pub struct Tokenizer {
    tokens: Vec<Vec<u8>>,
    merges: Vec<(TokenId, TokenId)>,
    merged: HashMap<(TokenId, TokenId), TokenId>,
}

impl Tokenizer {
    pub(crate) fn from_merges(merges: Vec<(TokenId, TokenId)>) -> Self {
        let mut tokens = vec![Vec::new()];
        tokens.extend((0..=u8::MAX).map(|byte| vec![byte]));
        let mut merged = HashMap::with_capacity(merges.len());
        for &(left, right) in &merges {
            merged.insert((left, right), tokens.len() as TokenId);
            tokens.push([&tokens[left as usize][..], &tokens[right as usize]].concat());
        }
        Self {
            tokens,
            merges,
            merged,
        }
    }

    /// How many tokens there are; every id is below it.
    pub fn vocabulary_size(&self) -> usize {
        self.tokens.len()
    }

    /// The bytes that a token stands for; none for [`END`] and for ids that do not exist.
    pub fn bytes(&self, id: TokenId) -> &[u8] {
        self.tokens.get(id as usize).map_or(&[], Vec::as_slice)
    }

    /// Encodes text.
    pub fn encode(&self, text: &str) -> Vec<TokenId> {
        let mut ids = Vec::with_capacity(text.len() / 3 + 1);
        for segment in segments(text) {
            let start = ids.len();
            ids.extend(segment.bytes().map(|byte| FIRST_BYTE + TokenId::from(byte)));
            self.merge(&mut ids, start);
        }
        ids
    }

    /// Merges the tail of `ids`, the oldest rule first, until no rule applies.
    fn merge(&self, ids: &mut Vec<TokenId>, start: usize) {
        while let Some((index, id)) = (start..ids.len().saturating_sub(1))
            .filter_map(|i| Some((i, *self.merged.get(&(ids[i], ids[i + 1]))?)))
            .min_by_key(|&(index, id)| (id, index))
        {
            ids[index] = id;
            ids.remove(index + 1);
        }
    }

    /// Decodes tokens; what is not UTF-8 becomes U+FFFD.
    pub fn decode(&self, ids: &[TokenId]) -> String {
        let bytes: Vec<u8> = ids.iter().flat_map(|&id| self.bytes(id)).copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Saves the tokenizer.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.integer(self.merges.len() as u64);
        for &(left, right) in &self.merges {
            writer.integer(left.into());
            writer.integer(right.into());
        }
        writer.seal(MAGIC)
    }

    /// Restores a saved tokenizer.
    ///
    /// # Errors
    /// If the blob is damaged or is not a tokenizer.
    pub fn from_bytes(blob: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::open(blob, MAGIC)?;
        let count = reader.count(2)?;
        let mut merges = Vec::with_capacity(count);
        for index in 0..count {
            let pair = (reader.small()?, reader.small()?);
            let known = END + 1..FIRST_MERGE + index as TokenId;
            if !known.contains(&pair.0) || !known.contains(&pair.1) {
                return Err(DecodeError::Invalid("a merge of unknown tokens"));
            }
            merges.push(pair);
        }
        reader.finish()?;
        Ok(Self::from_merges(merges))
    }
}
