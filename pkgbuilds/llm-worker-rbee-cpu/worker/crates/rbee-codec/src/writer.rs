use crate::crc32;

/// Collects the fields of a payload.
#[derive(Debug, Default)]
pub struct Writer {
    payload: Vec<u8>,
}

impl Writer {
    /// Starts an empty payload.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends an integer: one byte below 128, at most ten.
    pub fn integer(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.payload.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.payload.push(value as u8);
    }

    /// Appends a float: eight bytes.
    pub fn float(&mut self, value: f64) {
        self.payload.extend_from_slice(&value.to_le_bytes());
    }

    /// Appends a byte string with its length.
    pub fn bytes(&mut self, value: &[u8]) {
        self.integer(value.len() as u64);
        self.payload.extend_from_slice(value);
    }

    /// Appends text, as UTF-8, with its length in bytes.
    pub fn text(&mut self, value: &str) {
        self.bytes(value.as_bytes());
    }

    /// Ends the payload: frames it with `magic` and a checksum.
    pub fn seal(self, magic: [u8; 4]) -> Vec<u8> {
        let mut blob = Vec::with_capacity(self.payload.len() + 8);
        blob.extend_from_slice(&magic);
        blob.extend_from_slice(&self.payload);
        let checksum = crc32(&blob);
        blob.extend_from_slice(&checksum.to_le_bytes());
        blob
    }
}
