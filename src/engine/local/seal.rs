//! Seals: a last line that says what the lines before it must hash to.
//!
//! tantivy checks the files of segments, but not its list of them (`meta.json`), and nothing checks ours. A flipped bit there
//! can name another segment, forget deletions or change a field, silently. In: the bytes of such a list. Out: the same with a
//! line more, and back. A list without a seal, as other programs write it, is read as it is.

/// What the last line begins with.
const MARK: &str = "\n#blake3 ";
/// Digits of the hash that are kept.
const DIGITS: usize = 32;

/// `bytes` with their seal.
pub(super) fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut whole = bytes.to_vec();
    whole.extend_from_slice(MARK.as_bytes());
    whole.extend_from_slice(digits(bytes).as_bytes());
    whole.push(b'\n');
    whole
}

/// What was sealed; `None` when it is not what it was.
pub(super) fn unsealed(whole: &[u8]) -> Option<&[u8]> {
    let Some(at) = whole.windows(MARK.len()).rposition(|window| window == MARK.as_bytes()) else {
        return Some(whole);
    };
    let (bytes, seal) = (&whole[..at], &whole[at + MARK.len()..]);
    (seal.strip_suffix(b"\n") == Some(digits(bytes).as_bytes())).then_some(bytes)
}

/// What is said of a list whose seal does not fit.
pub(super) const BROKEN: &str = "its content is not what was written (checksum)";

fn digits(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..DIGITS].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seals_are_taken_off() {
        let whole = sealed(b"{\"a\": 1}");
        assert_eq!(unsealed(&whole), Some(&b"{\"a\": 1}"[..]));
        assert_eq!(unsealed(b"{}"), Some(&b"{}"[..]));
    }

    #[test]
    fn no_flipped_bit_and_no_cut_is_read_as_another_list() {
        let list = br#"{"segments": [], "payload": "x"}"#;
        let whole = sealed(list);
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << bit;
                let read = unsealed(&damaged);
                // Without its mark the seal is part of the list, which is then no JSON.
                let is_json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).is_ok();
                assert!(read.is_none_or(|bytes| bytes == list || !is_json(bytes)), "byte {at}, bit {bit}");
            }
            let read = unsealed(&whole[..at]);
            let is_json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).is_ok();
            let is_list = |bytes: &[u8]| bytes.trim_ascii() == list;
            assert!(read.is_none_or(|bytes| is_list(bytes) || !is_json(bytes)), "cut at {at}");
        }
    }
}
