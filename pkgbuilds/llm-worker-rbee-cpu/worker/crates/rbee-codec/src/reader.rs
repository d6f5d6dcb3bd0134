use crate::{crc32, DecodeError};

/// Reads the fields of a sealed blob in the order in which they were written.
#[derive(Debug)]
pub struct Reader<'a> {
    framed: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// Checks the frame of `blob` and stands before its first field.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`], [`DecodeError::Checksum`] or [`DecodeError::Magic`].
    pub fn open(blob: &'a [u8], magic: [u8; 4]) -> Result<Self, DecodeError> {
        if blob.len() < 8 {
            return Err(DecodeError::Truncated { offset: blob.len() });
        }
        let (framed, checksum) = blob.split_at(blob.len() - 4);
        if checksum != crc32(framed).to_le_bytes() {
            return Err(DecodeError::Checksum);
        }
        let found = [framed[0], framed[1], framed[2], framed[3]];
        if found != magic {
            return Err(DecodeError::Magic {
                expected: magic,
                found,
            });
        }
        Ok(Self { framed, offset: 4 })
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let rest = &self.framed[self.offset..];
        if length > rest.len() {
            return Err(DecodeError::Truncated {
                offset: self.framed.len(),
            });
        }
        self.offset += length;
        Ok(&rest[..length])
    }

    /// Reads an integer.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`], or [`DecodeError::Overflow`] above 64 bits.
    pub fn integer(&mut self) -> Result<u64, DecodeError> {
        let start = self.offset;
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(DecodeError::Overflow { offset: start })
    }

    /// Reads an integer that must fit into 32 bits.
    ///
    /// # Errors
    /// As [`Reader::integer`].
    pub fn small(&mut self) -> Result<u32, DecodeError> {
        let start = self.offset;
        u32::try_from(self.integer()?).map_err(|_| DecodeError::Overflow { offset: start })
    }

    /// Reads how many items follow, each at least `item_size` bytes long.
    ///
    /// A count that the rest of the blob cannot hold is refused before anything is allocated.
    ///
    /// # Errors
    /// As [`Reader::integer`].
    pub fn count(&mut self, item_size: usize) -> Result<usize, DecodeError> {
        let count = self.integer()?;
        let room = (self.framed.len() - self.offset) / item_size.max(1);
        match usize::try_from(count) {
            Ok(count) if count <= room => Ok(count),
            _ => Err(DecodeError::Truncated {
                offset: self.framed.len(),
            }),
        }
    }

    /// Reads a float.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`].
    pub fn float(&mut self) -> Result<f64, DecodeError> {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(self.take(8)?);
        Ok(f64::from_le_bytes(bytes))
    }

    /// Reads a byte string.
    ///
    /// # Errors
    /// As [`Reader::integer`].
    pub fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let length = self.count(1)?;
        self.take(length)
    }

    /// Reads text.
    ///
    /// # Errors
    /// As [`Reader::integer`], and [`DecodeError::Utf8`].
    pub fn text(&mut self) -> Result<&'a str, DecodeError> {
        let offset = self.offset;
        std::str::from_utf8(self.bytes()?).map_err(|_| DecodeError::Utf8 { offset })
    }

    /// Makes sure that nothing is left.
    ///
    /// # Errors
    /// [`DecodeError::Trailing`].
    pub fn finish(self) -> Result<(), DecodeError> {
        match self.framed.len() - self.offset {
            0 => Ok(()),
            bytes => Err(DecodeError::Trailing { bytes }),
        }
    }
}
