//! Citations of articles and quotes: plain, Markdown, BibTeX, RIS, CSL-JSON.
//!
//! Types follow what reference managers write for newspaper articles: RIS `NEWS`, CSL `article-newspaper`, BibTeX
//! `@article` with the outlet as `journal`. A quote goes into `note`.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::record::Record;
use crate::model::QuoteKind;
use crate::model::search::{ArticleHead, Hit, QuoteRecord};
use crate::text::sanitize;

/// What is cited: an article, and a quote of it where one is meant.
#[derive(Clone, Copy)]
pub struct Cited<'a> {
    /// The article.
    pub head: &'a ArticleHead,
    /// The quote.
    pub quote: Option<&'a QuoteRecord>,
}

impl<'a> From<&'a Hit> for Cited<'a> {
    fn from(hit: &'a Hit) -> Self {
        Cited { head: &hit.article, quote: hit.quote.as_ref() }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `14 July 2021`, as citations write days.
pub fn long_date(day: Date) -> String {
    let month = MONTHS[usize::from(day.month().unsigned_abs()).saturating_sub(1) % 12];
    format!("{} {month} {}", day.day(), day.year())
}

/// One line: `"It will cost nothing," said Ada Moreau. M. Osei, "Headline," Daily Ledger, 14 July 2021, URL [onrecord ID]`.
pub fn plain(cited: Cited<'_>) -> String {
    cited.line()
}

/// The same with the outlet in italics and the headline linked.
pub fn markdown(cited: Cited<'_>) -> String {
    let mut text = String::new();
    if let Some(quote) = cited.quote {
        text.push_str(&format!("> {}\n>\n> — {}\n\n", inline(&quoted_block(quote)), speaker_of(quote)));
    }
    let head = cited.head;
    let headline = inline(head.headline.as_deref().unwrap_or("(no headline)"));
    let mut parts = Vec::new();
    if !head.authors.is_empty() {
        parts.push(inline(&head.authors.join(", ")));
    }
    match &head.url {
        Some(url) => parts.push(format!("[{headline}](<{}>)", sanitize(url))),
        None => parts.push(format!("“{headline}”")),
    }
    if let Some(outlet) = &head.outlet {
        parts.push(format!("*{}*", inline(outlet)));
    }
    parts.push(head.date.map_or_else(|| "n.d.".to_owned(), long_date));
    text.push_str(&parts.join(", "));
    text
}

impl Cited<'_> {
    fn line(self) -> String {
        let head = self.head;
        let mut text = String::new();
        if let Some(quote) = self.quote {
            let cue = quote.cue.as_deref().unwrap_or("said");
            let speaker = speaker_of(quote);
            let (words, _) = quote.quoted();
            // The comma goes inside the closing mark. A paraphrase has none.
            let with_comma = |words: &str| {
                let plain = words.trim_end_matches(['.', ',']);
                format!("{plain}{}", if plain.ends_with(['?', '!']) { "" } else { "," })
            };
            let words = match words.strip_suffix('"') {
                Some(words) => format!("{}\"", with_comma(words)),
                None => with_comma(&words),
            };
            text.push_str(&format!("{words} {cue} {speaker}. "));
        }
        if !head.authors.is_empty() {
            text.push_str(&head.authors.join(", "));
            text.push_str(", ");
        }
        let headline = head.headline.as_deref().unwrap_or("(no headline)");
        text.push_str(&format!("\"{headline},\" "));
        if let Some(name) = &head.outlet {
            text.push_str(name);
            text.push_str(", ");
        }
        text.push_str(&head.date.map_or_else(|| "n.d.".to_owned(), long_date));
        if let Some(url) = &head.url {
            text.push_str(", ");
            text.push_str(url);
        }
        text.push_str(&format!(" [onrecord {}]", self.id()));
        sanitize(&text).into_owned()
    }

    fn id(self) -> String {
        self.quote.map_or_else(|| self.head.id.clone(), |quote| quote.id.clone())
    }

    fn note(self) -> Option<String> {
        self.quote.map(|quote| format!("{} ({})", quote.quoted().0, speaker_of(quote)))
    }
}

/// Words that stand as a block need no marks; the parts of a mixed quote keep theirs.
fn quoted_block(quote: &QuoteRecord) -> String {
    if quote.kind == QuoteKind::Mixed { quote.quoted().0 } else { quote.text.clone() }
}

fn speaker_of(quote: &QuoteRecord) -> String {
    let name = quote.speaker.as_deref().or(quote.speaker_as_written.as_deref());
    sanitize(name.unwrap_or("an unnamed speaker")).into_owned()
}

fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in sanitize(text).chars() {
        if matches!(c, '*' | '_' | '[' | ']' | '<' | '>' | '`' | '\\' | '#') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A BibTeX entry, closed by a blank line. The key is the id.
pub fn bibtex(cited: Cited<'_>) -> String {
    let head = cited.head;
    let mut fields: Vec<(&str, String)> = Vec::new();
    if !head.authors.is_empty() {
        // Whole names are braced: what BibTeX makes of "van der" is not for us to guess.
        let authors: Vec<String> = head.authors.iter().map(|name| format!("{{{}}}", tex(name))).collect();
        fields.push(("author", authors.join(" and ")));
    }
    if let Some(headline) = &head.headline {
        fields.push(("title", format!("{{{}}}", tex(headline))));
    }
    if let Some(outlet) = &head.outlet {
        fields.push(("journal", tex(outlet)));
    }
    if let Some(day) = head.date {
        fields.push(("year", day.year().to_string()));
        fields.push(("month", day.month().to_string()));
        fields.push(("day", day.day().to_string()));
    }
    if let Some(url) = &head.url {
        fields.push(("url", tex_url(url)));
    }
    if let Some(note) = cited.note() {
        fields.push(("note", tex(&note)));
    }
    let lines: Vec<String> = fields.iter().map(|(name, value)| format!("  {name} = {{{value}}}")).collect();
    format!("@article{{{},\n{}\n}}\n\n", cited.id(), lines.join(",\n"))
}

fn tex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in sanitize(text).chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '{' | '}' | '&' | '%' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            c => out.push(c),
        }
    }
    out
}

fn tex_url(url: &str) -> String {
    sanitize(url).chars().filter(|c| !matches!(c, '{' | '}' | '\\' | ' ')).collect()
}

/// A RIS record, closed by `ER` and a blank line.
pub fn ris(cited: Cited<'_>) -> String {
    let head = cited.head;
    let mut lines = vec![("TY", "NEWS".to_owned())];
    lines.extend(head.authors.iter().map(|name| ("AU", name.clone())));
    lines.extend(head.headline.iter().map(|headline| ("TI", headline.clone())));
    lines.extend(head.outlet.iter().map(|outlet| ("T2", outlet.clone())));
    if let Some(day) = head.date {
        lines.push(("PY", day.year().to_string()));
        lines.push(("DA", format!("{:04}/{:02}/{:02}", day.year(), day.month(), day.day())));
    }
    lines.extend(head.url.iter().map(|url| ("UR", url.clone())));
    lines.extend(head.section.iter().map(|section| ("SE", section.clone())));
    lines.extend(cited.note().map(|note| ("N1", note)));
    lines.push(("ID", cited.id()));
    lines.push(("ER", String::new()));
    let text: Vec<String> =
        lines.iter().map(|(tag, value)| format!("{tag}  - {}", sanitize(value))).collect();
    format!("{}\n\n", text.join("\n"))
}

/// A CSL-JSON item.
pub fn csl(cited: Cited<'_>) -> Record {
    let head = cited.head;
    let mut item = Record::new();
    item.insert("id".into(), json!(cited.id()));
    item.insert("type".into(), json!("article-newspaper"));
    let authors: Vec<Value> = head.authors.iter().map(|name| json!({ "literal": name })).collect();
    if !authors.is_empty() {
        item.insert("author".into(), authors.into());
    }
    if let Some(headline) = &head.headline {
        item.insert("title".into(), json!(headline));
    }
    if let Some(outlet) = &head.outlet {
        item.insert("container-title".into(), json!(outlet));
    }
    if let Some(day) = head.date {
        item.insert("issued".into(), json!({ "date-parts": [[day.year(), day.month(), day.day()]] }));
    }
    if let Some(url) = &head.url {
        item.insert("URL".into(), json!(url));
    }
    if let Some(section) = &head.section {
        item.insert("section".into(), json!(section));
    }
    if let Some(note) = cited.note() {
        item.insert("note".into(), json!(note));
    }
    item
}

/// Words at each end of a quote that a text fragment names.
const FRAGMENT_WORDS: usize = 4;

/// The address with a text fragment that scrolls to `words`, which stand in `body`.
///
/// `-`, `,` and `&` separate the parts of a fragment and are percent-encoded inside them, as everything but letters,
/// digits, `.`, `_` and `~` is. Words that do not stand in `body` as they are (a quote in two parts) give their first run.
pub fn text_fragment(url: &str, words: &str, body: &str) -> String {
    let base = url.split('#').next().unwrap_or(url);
    let run = if body.contains(words) { words } else { words.split(". ").next().unwrap_or(words) };
    let words: Vec<&str> = run.split_whitespace().collect();
    let encoded = |words: &[&str]| -> String {
        let text = words.join(" ");
        let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"._~".contains(&byte);
        text.bytes()
            .map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect()
    };
    match words.len() {
        0 => url.to_owned(),
        n if n <= 2 * FRAGMENT_WORDS => format!("{base}#:~:text={}", encoded(&words)),
        n => format!(
            "{base}#:~:text={},{}",
            encoded(&words[..FRAGMENT_WORDS]),
            encoded(&words[n - FRAGMENT_WORDS..])
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Grade;

    fn head() -> ArticleHead {
        ArticleHead {
            id: "7f3a000000000001".into(),
            headline: Some("Union & coast: 5% levy".into()),
            outlet: Some("Daily Ledger".into()),
            authors: vec!["M. Osei".into()],
            date: Some(jiff::civil::date(2021, 7, 14)),
            url: Some("https://ledger.example/levy_1".into()),
            ..ArticleHead::default()
        }
    }

    fn quote() -> QuoteRecord {
        QuoteRecord {
            id: "7f3a000000000001-q1".into(),
            article_id: "7f3a000000000001".into(),
            text: "It will cost nothing,".into(),
            kind: QuoteKind::Direct,
            cue: Some("said".into()),
            speaker: Some("Ada Moreau".into()),
            speaker_as_written: None,
            role: None,
            via: None,
            grade: Grade::Explicit,
            rule: String::new(),
            spans: vec![[0, 21]],
            marks: Vec::new(),
        }
    }

    #[test]
    fn cites_a_quote_plainly() {
        let (head, quote) = (head(), quote());
        assert_eq!(
            plain(Cited { head: &head, quote: Some(&quote) }),
            "\"It will cost nothing,\" said Ada Moreau. M. Osei, \"Union & coast: 5% levy,\" Daily Ledger, \
             14 July 2021, https://ledger.example/levy_1 [onrecord 7f3a000000000001-q1]"
        );
    }

    #[test]
    fn a_question_keeps_its_mark() {
        let quote = QuoteRecord { text: "Who pays?".into(), ..quote() };
        let cited = plain(Cited { head: &head(), quote: Some(&quote) });
        assert!(cited.starts_with("\"Who pays?\" said Ada Moreau. "), "{cited}");
    }

    #[test]
    fn parts_of_a_mixed_quote_keep_their_marks() {
        let mut quote = quote();
        (quote.kind, quote.text, quote.spans) =
            (QuoteKind::Mixed, "a gift a burden.".into(), vec![[4, 10], [30, 39]]);
        let head = head();
        let cited = Cited { head: &head, quote: Some(&quote) };
        assert!(
            plain(cited).starts_with("\"a gift\" ... \"a burden,\" said Ada Moreau. "),
            "{}",
            plain(cited)
        );
        assert!(markdown(cited).starts_with("> \"a gift\" ... \"a burden.\"\n>\n"), "{}", markdown(cited));
        assert!(ris(cited).contains("\"a gift\" ... \"a burden.\" (Ada Moreau)"), "{}", ris(cited));
    }

    #[test]
    fn links_to_the_words() {
        let body = "He said: one-two three, four five six seven eight nine & ten.";
        assert_eq!(
            text_fragment(
                "https://a.example/x#top",
                "one-two three, four five six seven eight nine & ten.",
                body
            ),
            "https://a.example/x#:~:text=one%2Dtwo%20three%2C%20four%20five,eight%20nine%20%26%20ten."
        );
        assert_eq!(
            text_fragment("https://a.example/x", "one-two", body),
            "https://a.example/x#:~:text=one%2Dtwo"
        );
    }

    #[test]
    fn escapes_for_bibtex() {
        let entry = bibtex(Cited { head: &head(), quote: None });
        assert!(entry.contains("title = {{Union \\& coast: 5\\% levy}}"), "{entry}");
        assert!(entry.contains("url = {https://ledger.example/levy_1}"), "{entry}");
    }

    #[test]
    fn closes_ris_records() {
        let record = ris(Cited { head: &head(), quote: None });
        assert!(record.starts_with("TY  - NEWS\nAU  - M. Osei\n"), "{record}");
        assert!(record.ends_with("ER  - \n\n"), "{record}");
    }
}
