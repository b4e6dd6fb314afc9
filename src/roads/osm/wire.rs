//! The notation of `.osm.pbf`: messages of numbered fields (protobuf), read without taking anything on trust.

/// Why a message is none.
pub(super) type Broken = &'static str;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'b> {
    Number(u64),
    Bytes(&'b [u8]),
    /// A number of 4 or 8 bytes, of which none is of use here.
    Fixed,
}

/// A field of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field<'b> {
    pub(super) number: u64,
    pub(super) value: Value<'b>,
}

/// A message that is read field by field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'b> {
    rest: &'b [u8],
}

impl<'b> Message<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next field; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Field<'b>>, Broken> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let tag = self.number()?;
        let value = match tag & 7 {
            0 => Value::Number(self.number()?),
            1 => self.fixed(8)?,
            2 => {
                let length = self.number()?;
                Value::Bytes(self.bytes(length)?)
            }
            5 => self.fixed(4)?,
            _ => return Err("a field is of no kind that there is"),
        };
        Ok(Some(Field { number: tag >> 3, value }))
    }

    /// The next number, of seven bits a byte, the lowest first.
    pub(super) fn number(&mut self) -> Result<u64, Broken> {
        let mut number = 0;
        for (place, byte) in self.rest.iter().take(10).enumerate() {
            number |= u64::from(byte & 127) << (7 * place);
            if byte & 128 == 0 {
                self.rest = &self.rest[place + 1..];
                return Ok(number);
            }
        }
        Err("a number has no end")
    }

    /// Whether all of it was read.
    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    fn bytes(&mut self, length: u64) -> Result<&'b [u8], Broken> {
        // As long as what is left at most, so that it is a length of this machine.
        if length > self.rest.len() as u64 {
            return Err("a field is longer than what it is part of");
        }
        let (bytes, rest) = self.rest.split_at(length as usize);
        self.rest = rest;
        Ok(bytes)
    }

    fn fixed(&mut self, length: u64) -> Result<Value<'b>, Broken> {
        self.bytes(length).map(|_| Value::Fixed)
    }
}

/// A number with its sign in the lowest bit.
pub(super) fn signed(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_fields_are_read_as_protobuf_writes_them() {
        // The examples of protobuf.dev/programming-guides/encoding: 150 in field 1, "testing" in field 2.
        let mut message = Message::new(b"\x08\x96\x01\x12\x07testing");
        let number = Field { number: 1, value: Value::Number(150) };
        let text = Field { number: 2, value: Value::Bytes(b"testing") };
        assert_eq!(message.next(), Ok(Some(number)));
        assert_eq!(message.next(), Ok(Some(text)));
        assert_eq!(message.next(), Ok(None));
        for (written, meant) in [(0, 0), (1, -1), (2, 1), (3, -2), (u64::MAX, i64::MIN)] {
            assert_eq!(signed(written), meant);
        }
        for broken in [
            &b"\x08"[..],
            b"\x08\x96",
            b"\x12\x07test",
            b"\x0b",
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        ] {
            assert!(Message::new(broken).next().is_err(), "{broken:?}");
        }
    }
}
