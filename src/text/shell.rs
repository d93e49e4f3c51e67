//! Words for a shell.

/// `text` as one word for a POSIX shell.
pub fn shell_quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,=@%+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The words of a line that [`shell_quoted`] words make up.
pub fn shell_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let (mut quoted, mut escaped) = (false, false);
    for c in line.chars() {
        match c {
            _ if escaped => {
                word.get_or_insert_default().push(c);
                escaped = false;
            }
            '\\' if !quoted => escaped = true,
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_for_the_shell() {
        assert_eq!(shell_quoted("--outlet"), "--outlet");
        assert_eq!(shell_quoted("carbon tax"), "'carbon tax'");
        assert_eq!(shell_quoted("O'Brien"), r"'O'\''Brien'");
        assert_eq!(shell_quoted(""), "''");
    }

    #[test]
    fn words_come_back() {
        let words = ["--outlet", "carbon tax", "O'Brien", "", r"a\b", "-x"];
        let line: Vec<String> = words.iter().map(|word| shell_quoted(word)).collect();
        assert_eq!(shell_words(&line.join(" ")), words);
    }
}
