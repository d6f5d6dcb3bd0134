//! Compact, checksummed binary encoding of models.
//!
//! A sealed blob is `magic (4 bytes) | payload | CRC-32 of both (4 bytes, little endian)`.
//! Integers in a payload are LEB128, floats are little-endian IEEE 754, byte strings carry
//! their length. The format has no padding and no time stamps: equal models give equal bytes.

mod crc;
mod error;
mod reader;
mod writer;

pub use crc::crc32;
pub use error::DecodeError;
pub use reader::Reader;
pub use writer::Writer;

#[cfg(test)]
mod tests {
    use super::*;

    const MAGIC: [u8; 4] = *b"TEST";

    fn sample() -> Vec<u8> {
        let mut writer = Writer::new();
        writer.integer(0);
        writer.integer(127);
        writer.integer(128);
        writer.integer(u64::MAX);
        writer.float(0.75);
        writer.bytes(b"honey");
        writer.text("Wabe \u{1f41d}");
        writer.seal(MAGIC)
    }

    #[test]
    fn what_was_written_is_read_back() {
        let blob = sample();
        let mut reader = Reader::open(&blob, MAGIC).unwrap();
        let integers: Vec<u64> = (0..4).map(|_| reader.integer().unwrap()).collect();
        assert_eq!(integers, [0, 127, 128, u64::MAX]);
        assert_eq!(reader.float().unwrap(), 0.75);
        assert_eq!(reader.bytes().unwrap(), b"honey");
        assert_eq!(reader.text().unwrap(), "Wabe \u{1f41d}");
        reader.finish().unwrap();
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let blob = sample();
        for index in 0..blob.len() {
            let mut damaged = blob.clone();
            damaged[index] ^= 0x10;
            assert!(Reader::open(&damaged, MAGIC).is_err(), "byte {index}");
        }
    }

    #[test]
    fn every_shorter_blob_is_refused() {
        let blob = sample();
        for length in 0..blob.len() {
            assert!(Reader::open(&blob[..length], MAGIC).is_err(), "{length}");
        }
    }

    #[test]
    fn another_magic_is_refused_by_name() {
        let error = Reader::open(&sample(), *b"NGRM").unwrap_err();
        assert_eq!(
            error,
            DecodeError::Magic {
                expected: *b"NGRM",
                found: MAGIC
            }
        );
        assert_eq!(error.to_string(), "expected a `NGRM` blob, found `TEST`");
    }

    #[test]
    fn reading_past_the_payload_is_an_error_and_so_is_stopping_short() {
        let mut writer = Writer::new();
        writer.integer(5);
        let blob = writer.seal(MAGIC);
        assert_eq!(
            Reader::open(&blob, MAGIC).unwrap().finish(),
            Err(DecodeError::Trailing { bytes: 1 })
        );
        let mut reader = Reader::open(&blob, MAGIC).unwrap();
        reader.integer().unwrap();
        assert_eq!(reader.integer(), Err(DecodeError::Truncated { offset: 5 }));
    }

    #[test]
    fn a_length_beyond_the_end_is_not_believed() {
        let mut writer = Writer::new();
        writer.integer(u64::MAX);
        let blob = writer.seal(MAGIC);
        let mut reader = Reader::open(&blob, MAGIC).unwrap();
        assert!(matches!(reader.bytes(), Err(DecodeError::Truncated { .. })));
        let mut reader = Reader::open(&blob, MAGIC).unwrap();
        assert!(reader.count(1).is_err());
    }
}
