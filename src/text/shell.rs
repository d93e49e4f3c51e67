//! Words for a shell.

/// `text` as one word for a POSIX shell.
pub fn shell_quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,=@%+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
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
}
