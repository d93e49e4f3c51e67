//! Reads tab-separated rule files: `#` starts a comment line, blank lines are skipped, the number of columns is fixed.

/// A wrong row in a rule file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct LexiconError {
    /// Name of the file under `data/`.
    pub file: String,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong: lower case, no full stop.
    pub message: String,
}

impl LexiconError {
    /// An error at `file:line`.
    pub fn at(file: &str, line: usize, message: impl Into<String>) -> Self {
        LexiconError { file: file.to_owned(), line, message: message.into() }
    }
}

/// One row of a rule file.
pub struct Row<'t> {
    /// Line in the file, from 1.
    pub line: usize,
    /// Its columns, trimmed.
    pub columns: Vec<&'t str>,
}

/// The rows of `text`, each with exactly `n_columns` columns (a last column, usually the reason, may be left out).
///
/// # Errors
/// A row with more columns, or with more than one missing.
pub fn rows<'t>(file: &str, text: &'t str, n_columns: usize) -> Result<Vec<Row<'t>>, LexiconError> {
    let mut rows = Vec::new();
    for (idx, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut columns: Vec<&str> = line.split('\t').map(str::trim).collect();
        if columns.len() + 1 == n_columns {
            columns.push("");
        }
        if columns.len() != n_columns {
            let message = format!("{} columns, expected {n_columns} (separated by tabs)", columns.len());
            return Err(LexiconError::at(file, idx + 1, message));
        }
        rows.push(Row { line: idx + 1, columns });
    }
    Ok(rows)
}
