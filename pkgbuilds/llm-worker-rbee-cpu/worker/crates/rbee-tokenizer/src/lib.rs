//! Byte-pair encoding: training, encoding, decoding.
//!
//! The vocabulary begins with [`END`], which stands between passages, and the 256 bytes, so that
//! any text whatsoever can be encoded; every further token is two earlier ones merged.

mod decoder;
mod tokenizer;
mod train;

pub use decoder::StreamDecoder;
pub use tokenizer::Tokenizer;
pub use train::Trainer;

/// Number of a token in the vocabulary.
pub type TokenId = u32;

/// The token that stands before the first and after the last word of a passage.
pub const END: TokenId = 0;

const FIRST_BYTE: TokenId = 1;
const FIRST_MERGE: TokenId = FIRST_BYTE + 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn trained() -> Tokenizer {
        let mut trainer = Trainer::new();
        trainer.feed("the bee and the bees, the hive and the hives: the end of the bees");
        trainer.train(12)
    }

    #[test]
    fn any_text_survives_the_round_trip() {
        let tokenizer = trained();
        for text in ["", "the bees", "Z\u{fc}rich \u{1f41d}\n\t  two", "\u{0}~"] {
            assert_eq!(tokenizer.decode(&tokenizer.encode(text)), text);
        }
    }

    #[test]
    fn frequent_words_become_one_token() {
        let tokenizer = trained();
        assert_eq!(tokenizer.encode(" the").len(), 1);
        assert_eq!(tokenizer.bytes(tokenizer.encode(" the")[0]), b" the");
        assert_eq!(tokenizer.encode("xyz").len(), 3);
    }

    #[test]
    fn merges_are_applied_in_the_order_in_which_they_were_learnt() {
        let tokenizer = trained();
        let ids = tokenizer.encode(" bees");
        let pieces: Vec<&[u8]> = ids.iter().map(|&id| tokenizer.bytes(id)).collect();
        assert_eq!(pieces.concat(), b" bees");
        assert!(pieces.len() <= 2, "{pieces:?}");
    }

    #[test]
    fn training_twice_gives_the_same_bytes() {
        assert_eq!(trained().to_bytes(), trained().to_bytes());
    }

    #[test]
    fn a_saved_tokenizer_is_the_same_tokenizer() {
        let tokenizer = trained();
        let restored = Tokenizer::from_bytes(&tokenizer.to_bytes()).unwrap();
        assert_eq!(restored, tokenizer);
        assert_eq!(restored.vocabulary_size(), 257 + 12);
    }

    #[test]
    fn a_merge_of_tokens_that_do_not_exist_yet_is_refused() {
        let mut writer = rbee_codec::Writer::new();
        writer.integer(1);
        writer.integer(3);
        writer.integer(9_999);
        assert!(Tokenizer::from_bytes(&writer.seal(*b"RBPE")).is_err());
    }

    #[test]
    fn training_stops_when_nothing_repeats() {
        let mut trainer = Trainer::new();
        trainer.feed("abc");
        assert_eq!(trainer.train(100).vocabulary_size(), 257);
    }

    #[test]
    fn a_stream_never_shows_half_a_character() {
        let tokenizer = Trainer::new().train(0);
        let mut decoder = StreamDecoder::new(&tokenizer);
        let mut shown = Vec::new();
        for id in tokenizer.encode("a\u{1f41d}\u{fc}") {
            shown.push(decoder.push(id));
        }
        assert_eq!(shown, ["a", "", "", "", "\u{1f41d}", "", "\u{fc}"]);
        assert_eq!(decoder.finish(), "");
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced_once_it_is_sure() {
        let tokenizer = Trainer::new().train(0);
        let mut decoder = StreamDecoder::new(&tokenizer);
        assert_eq!(decoder.push(FIRST_BYTE + 0xff), "\u{fffd}");
        assert_eq!(decoder.push(FIRST_BYTE + 0xf0), "");
        assert_eq!(decoder.push(FIRST_BYTE + u32::from(b'x')), "\u{fffd}x");
        assert_eq!(decoder.push(FIRST_BYTE + 0xc3), "");
        assert_eq!(decoder.finish(), "\u{fffd}");
    }
}
