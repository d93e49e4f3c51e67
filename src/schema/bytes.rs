//! A compact encoding: numbers as varints (seven bits a byte, low first), texts with their length in front.
//!
//! Reading never panics: every `take_*` is `None` where the bytes are not what was written.

use crate::model::Span;

/// Appends values.
#[derive(Default)]
pub(super) struct ByteWriter {
    pub(super) bytes: Vec<u8>,
}

impl ByteWriter {
    pub(super) fn put(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    pub(super) fn put_str(&mut self, text: &str) {
        self.put(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// `None` as 0, a text as its length plus 1 and its bytes.
    pub(super) fn put_opt(&mut self, text: Option<&str>) {
        match text {
            None => self.put(0),
            Some(text) => {
                self.put(text.len() as u64 + 1);
                self.bytes.extend_from_slice(text.as_bytes());
            }
        }
    }

    pub(super) fn put_list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.put(items.len() as u64);
        for item in items {
            each(self, item);
        }
    }

    /// Ordered or not: starts as difference to the span before, so that ordered spans are small.
    pub(super) fn put_spans(&mut self, spans: &[Span]) {
        let mut before = 0;
        self.put_list(spans, |out, span| {
            out.put(zigzag(span.start as i64 - before));
            out.put(span.len() as u64);
            before = span.end as i64;
        });
    }
}

/// Takes values off the front.
#[derive(Clone, Copy)]
pub(super) struct ByteReader<'b> {
    pub(super) rest: &'b [u8],
}

impl<'b> ByteReader<'b> {
    pub(super) fn take(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for (idx, byte) in self.rest.iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7F) << (7 * idx);
            if byte & 0x80 == 0 {
                self.rest = &self.rest[idx + 1..];
                return Some(value);
            }
        }
        None
    }

    pub(super) fn take_bytes(&mut self, len: u64) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(len).ok()?)?;
        self.rest = rest;
        Some(taken)
    }

    pub(super) fn take_str(&mut self) -> Option<&'b str> {
        let len = self.take()?;
        std::str::from_utf8(self.take_bytes(len)?).ok()
    }

    pub(super) fn take_opt(&mut self) -> Option<Option<&'b str>> {
        match self.take()? {
            0 => Some(None),
            len => Some(Some(std::str::from_utf8(self.take_bytes(len - 1)?).ok()?)),
        }
    }

    pub(super) fn take_list<T>(&mut self, mut each: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let len = usize::try_from(self.take()?).ok()?;
        // Every item takes a byte at least: a damaged length cannot ask for more memory than the record has.
        let mut items = Vec::with_capacity(len.min(self.rest.len()));
        for _ in 0..len {
            items.push(each(self)?);
        }
        Some(items)
    }

    pub(super) fn take_spans(&mut self) -> Option<Vec<Span>> {
        let mut before = 0i64;
        self.take_list(|input| {
            let start = before.checked_add(unzigzag(input.take()?))?;
            let end = start.checked_add(i64::try_from(input.take()?).ok()?)?;
            before = end;
            Some(Span::new(usize::try_from(start).ok()?, usize::try_from(end).ok()?))
        })
    }
}

pub(super) const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

pub(super) const fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back() {
        let mut out = ByteWriter::default();
        let spans = [Span::new(10, 20), Span::new(22, 22), Span::new(5, 300)];
        for value in [0, 127, 128, u64::MAX] {
            out.put(value);
        }
        out.put_opt(None);
        out.put_opt(Some(""));
        out.put_str("é");
        out.put_spans(&spans);
        let mut input = ByteReader { rest: &out.bytes };
        let numbers: Vec<_> = (0..4).map(|_| input.take()).collect();
        assert_eq!(numbers, [Some(0), Some(127), Some(128), Some(u64::MAX)]);
        assert_eq!(input.take_opt(), Some(None));
        assert_eq!(input.take_opt(), Some(Some("")));
        assert_eq!(input.take_str(), Some("é"));
        assert_eq!(input.take_spans().as_deref(), Some(&spans[..]));
        assert_eq!(input.take(), None);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic() {
        for seed in 0u64..2_000 {
            let bytes: Vec<u8> =
                (0..40).map(|n| (seed.wrapping_mul(0x9E37_79B9).wrapping_mul(n + 7) >> 13) as u8).collect();
            let mut input = ByteReader { rest: &bytes };
            let _ = input.take_spans();
            let _ = input.take_opt();
            let _ = input.take_list(|input| input.take_str());
        }
    }
}
