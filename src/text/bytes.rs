//! Bytes looked at many at a time.
//!
//! In: bytes and a question about each. Out: how far it is answered alike. The question must be free of branches: then
//! the compiler asks it of a whole chunk at once, where a loop that may stop at every byte takes one after the other.

/// Bytes of a chunk: two registers of the oldest processors that are built for.
pub const CHUNK: usize = 32;

/// The first place from 1 on whose byte does not fit, asked together with the byte before it; the length where all do. The
/// first byte is asked as `before` only.
pub fn first_unfit(bytes: &[u8], fits: impl Fn(u8, u8) -> bool) -> usize {
    let mut at = 1;
    while let Some((before, chunk)) = chunk_at(bytes, at) {
        if !before.iter().zip(chunk).fold(true, |all, (before, byte)| all & fits(*before, *byte)) {
            break;
        }
        at += CHUNK;
    }
    while at < bytes.len() && fits(bytes[at - 1], bytes[at]) {
        at += 1;
    }
    at.min(bytes.len())
}

/// The chunk that begins at `at`, behind the same one place earlier; `None` where too few bytes are left.
pub fn chunk_at(bytes: &[u8], at: usize) -> Option<(&[u8; CHUNK], &[u8; CHUNK])> {
    Some((bytes.get(at - 1..)?.first_chunk()?, bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_first_that_does_not_fit() {
        let rises = |before: u8, byte: u8| before <= byte;
        for len in 0..CHUNK as u8 * 3 {
            let mut bytes: Vec<u8> = (1..=len).collect();
            assert_eq!(first_unfit(&bytes, rises), bytes.len());
            for at in 1..bytes.len() {
                let kept = std::mem::replace(&mut bytes[at], 0);
                assert_eq!(first_unfit(&bytes, rises), at, "{len}");
                bytes[at] = kept;
            }
        }
    }
}
