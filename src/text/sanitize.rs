//! The one gate in front of every terminal: article text, names, paths and messages pass through here.

use std::borrow::Cow;

/// `text` without characters that could move the cursor, change colours, hide or reorder text.
///
/// Removed: C0 and C1 controls and DEL, bidirectional controls, zero-width characters, line and paragraph separators,
/// tag characters. Tab, line feed and carriage return become a space. Borrowed when nothing changes.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let safe = text.chars().filter_map(|c| match c {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => Some(' '),
        c if is_unsafe(c) => None,
        c => Some(c),
    });
    Cow::Owned(safe.collect())
}

/// Whether `c` could make a terminal do anything but print it.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_what_a_terminal_would_obey() {
        assert_eq!(sanitize("a\u{1b}[31mb\u{7}\u{9b}c\u{202e}d\u{200b}e\tf\ng"), "a[31mbcde f g");
        assert!(matches!(sanitize("plain – “text” é 北京"), Cow::Borrowed(_)));
    }
}
