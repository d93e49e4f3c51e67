//! What stands between any bytes and the parser: bounds on size, nesting and number of elements, and a lean copy of the
//! page without scripts, styles, drawings and comments, which are most of its bytes and never its words.
//!
//! One pass over the text, no tree. Pages that nest too deeply are flattened: only tags that cannot nest are kept, so that
//! neither parser nor extractor can run out of stack or time on them.

use super::HtmlError;

/// A page made safe to parse.
#[derive(Debug)]
pub struct Lean {
    /// The page without scripts (JSON-LD is kept), styles, drawings, comments.
    pub html: String,
    /// Whether block structure was given up to bound the nesting.
    pub flattened: bool,
}

/// Longest page, in bytes. Saved news pages measured up to 2 MB; data in scripts makes most of the larger ones.
pub const MAX_BYTES: usize = 24_000_000;
/// Longest page once scripts are out: the extractor needs up to half a second a megabyte. Saved news pages stay under 1 MB.
const MAX_LEAN_BYTES: usize = 4_000_000;
/// Deepest nesting the extractor is given. News pages stay under 60; at 5,000 it still answers, at 20,000 its stack ends.
const MAX_DEPTH: usize = 400;
/// Most unclosed formatting elements: each paragraph repeats them all, so that few bytes make many elements.
const MAX_FORMATTING: usize = 40;
/// Nesting times bytes of text: the extractor reads the text of an element again for each element around it, at about
/// 20 MB a second. Live pages of a day measured up to 15 million.
const MAX_DEPTH_TIMES_TEXT: usize = 40_000_000;
/// Longest tag, in bytes, and most attributes: the parser compares each attribute of a tag with all others.
const MAX_TAG_BYTES: usize = 40_000;
const MAX_ATTRIBUTES: usize = 120;

/// Checks the page and makes its lean copy.
///
/// # Errors
/// [`HtmlError::Empty`], [`HtmlError::TooLarge`], [`HtmlError::NotText`].
pub fn lean(html: &str) -> Result<Lean, HtmlError> {
    if html.trim_start_matches(['\u{feff}', '\0']).trim().is_empty() {
        return Err(HtmlError::Empty);
    }
    if html.len() > MAX_BYTES {
        return Err(HtmlError::TooLarge { len_bytes: html.len(), limit: MAX_BYTES });
    }
    if is_binary(html) {
        return Err(HtmlError::NotText);
    }
    let whole = Copy::new(html, false).run();
    let too_deep = whole.depth > MAX_DEPTH
        || whole.formatting > MAX_FORMATTING
        || whole.depth.saturating_mul(whole.n_text) > MAX_DEPTH_TIMES_TEXT;
    let lean = if too_deep { Copy::new(html, true).run() } else { whole };
    if lean.out.len() > MAX_LEAN_BYTES {
        return Err(HtmlError::TooLarge { len_bytes: lean.out.len(), limit: MAX_LEAN_BYTES });
    }
    Ok(Lean { html: lean.out, flattened: too_deep })
}

/// Text has few control and replacement characters; images and archives have many.
fn is_binary(html: &str) -> bool {
    let mut n_chars = 0;
    let mut n_bad = 0;
    for c in html.chars().take(8_192) {
        n_chars += 1;
        let is_bad = (c.is_control() && !c.is_whitespace()) || c == '\u{fffd}';
        n_bad += usize::from(is_bad);
    }
    n_bad * 10 > n_chars
}

/// Most element names whose open elements are counted one by one.
const MAX_NAMES: usize = 200;

struct Copied {
    out: String,
    n_text: usize,
    depth: usize,
    formatting: usize,
}

struct Copy<'t> {
    html: &'t str,
    at: usize,
    flatten: bool,
    out: String,
    n_text: usize,
    open: Vec<(&'t str, usize)>,
    /// What is known not to end anywhere behind `at`: looking again for each opening would take quadratic time.
    endless: Vec<&'static str>,
    depth: usize,
    max_depth: usize,
    formatting: usize,
    max_formatting: usize,
}

/// A tag in the text: its name as written, and where it ends.
struct Tag<'t> {
    name: &'t str,
    closes: bool,
    end: usize,
    n_attributes: usize,
}

impl<'t> Copy<'t> {
    fn new(html: &'t str, flatten: bool) -> Self {
        Copy {
            html,
            at: 0,
            flatten,
            out: String::with_capacity(html.len() / 2),
            n_text: 0,
            open: Vec::new(),
            endless: Vec::new(),
            depth: 0,
            max_depth: 0,
            formatting: 0,
            max_formatting: 0,
        }
    }

    fn run(mut self) -> Copied {
        while let Some(found) = self.html[self.at..].find('<') {
            self.out.push_str(&self.html[self.at..self.at + found]);
            self.n_text += found;
            self.at += found;
            self.markup();
        }
        self.out.push_str(&self.html[self.at..]);
        self.n_text += self.html.len() - self.at;
        Copied { out: self.out, n_text: self.n_text, depth: self.max_depth, formatting: self.max_formatting }
    }

    /// Copies or skips the markup at `at`, which is a `<`.
    fn markup(&mut self) {
        let rest = &self.html[self.at..];
        if rest.starts_with("<!--") {
            // A comment that never ends swallows the page in a browser too; here only its opening goes.
            let end = if self.endless.contains(&"-->") {
                None
            } else {
                rest.get(4..).and_then(|inner| inner.find("-->"))
            };
            if end.is_none() {
                self.endless.push("-->");
            }
            self.at += end.map_or(4, |end| 4 + end + 3);
            return;
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            self.at += rest.find('>').map_or(rest.len(), |end| end + 1);
            return;
        }
        let Some(tag) = self.tag() else {
            self.out.push_str("&lt;");
            self.at += 1;
            return;
        };
        let lower = tag.name.to_ascii_lowercase();
        let source = &self.html[self.at..tag.end];
        if let (false, Some(name)) = (tag.closes, raw_name(&lower)) {
            let keep = name == "script" && source.contains("ld+json");
            let end = self.raw_end(tag.end, name);
            if keep && end > tag.end {
                self.out.push_str(&self.html[self.at..end]);
            }
            self.at = end;
            return;
        }
        self.at = tag.end;
        let dropped = matches!(
            lower.as_str(),
            "img" | "source" | "path" | "input" | "embed" | "param" | "track" | "use" | "plaintext"
        );
        if dropped || source.len() > MAX_TAG_BYTES || tag.n_attributes > MAX_ATTRIBUTES {
            return;
        }
        if self.flatten {
            return self.flat(&lower, tag.closes, source);
        }
        self.count(&tag, &lower);
        self.out.push_str(source);
    }

    fn tag(&self) -> Option<Tag<'t>> {
        let bytes = self.html.as_bytes();
        let mut at = self.at + 1;
        let closes = bytes.get(at) == Some(&b'/');
        at += usize::from(closes);
        let start = at;
        if !bytes.get(at)?.is_ascii_alphabetic() {
            return None;
        }
        while bytes
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'_'))
        {
            at += 1;
        }
        let name = self.html.get(start..at)?;
        let mut quote = 0u8;
        let mut n_attributes = 0;
        let mut last = b' ';
        while let Some(&byte) = bytes.get(at) {
            match (quote, byte) {
                (0, b'>') => return Some(Tag { name, closes, end: at + 1, n_attributes }),
                (0, b'"' | b'\'') if last == b'=' => quote = byte,
                (0, _) if last.is_ascii_whitespace() && !byte.is_ascii_whitespace() => n_attributes += 1,
                (open, _) if open == byte => quote = 0,
                _ => {}
            }
            if !(byte.is_ascii_whitespace() && last == b'=') {
                last = byte;
            }
            at += 1;
        }
        // Never closed, perhaps for want of a quotation mark: ends at the next `>` whatever stands between.
        let end = self.html[start..].find('>').map_or(self.html.len(), |end| start + end + 1);
        Some(Tag { name, closes, end, n_attributes: 0 })
    }

    /// Where an element ends whose inside is not markup, or is not wanted.
    fn raw_end(&mut self, from: usize, name: &'static str) -> usize {
        if self.endless.contains(&name) {
            return from;
        }
        let bytes = self.html.as_bytes();
        let mut at = from;
        while let Some(found) = self.html[at..].find("</") {
            let start = at + found + 2;
            let is_end = bytes
                .get(start..start + name.len())
                .is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes()));
            if is_end {
                return self.html[start..].find('>').map_or(self.html.len(), |end| start + end + 1);
            }
            at = start;
        }
        self.endless.push(name);
        // Unclosed: a script swallows the rest in a browser; here the rest is kept, for it may be all there is.
        from
    }

    fn count(&mut self, tag: &Tag<'t>, lower: &str) {
        if is_leaf(lower) {
            return;
        }
        let is_formatting = is_formatting(lower);
        let has_room = self.open.len() < MAX_NAMES;
        let entry = self.open.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(tag.name));
        if tag.closes {
            if let Some((_, n)) = entry.filter(|(_, n)| *n > 0) {
                *n -= 1;
                self.depth -= 1;
                self.formatting -= usize::from(is_formatting);
            }
            return;
        }
        match entry {
            Some((_, n)) => *n += 1,
            // Pages that invent hundreds of element names are bounded by their depth all the same.
            None if has_room => self.open.push((tag.name, 1)),
            None => {}
        }
        self.depth += 1;
        self.formatting += usize::from(is_formatting);
        self.max_depth = self.max_depth.max(self.depth);
        self.max_formatting = self.max_formatting.max(self.formatting);
    }

    /// Keeps tags that cannot nest and makes paragraphs of the borders of all other blocks.
    fn flat(&mut self, lower: &str, closes: bool, source: &str) {
        match lower {
            "meta" | "link" | "title" | "time" | "p" | "li" | "br" | "h1" | "h2" | "h3" | "h4" | "h5"
            | "h6" | "html" | "head" | "body" => {
                self.out.push_str(source);
            }
            other if super::scan::is_inline(other) => {}
            _ => self.out.push_str(if closes { "</p>" } else { "<p>" }),
        }
    }
}

/// Elements whose inside is not markup, or not words of the page.
fn raw_name(name: &str) -> Option<&'static str> {
    const RAW: [&str; 17] = [
        "script", "style", "svg", "textarea", "iframe", "select", "math", "object", "canvas", "video",
        "audio", "noscript", "xmp", "noembed", "noframes", "template", "map",
    ];
    RAW.into_iter().find(|raw| *raw == name)
}

/// Elements that close themselves or each other.
fn is_leaf(name: &str) -> bool {
    matches!(
        name,
        "meta"
            | "link"
            | "br"
            | "hr"
            | "wbr"
            | "base"
            | "col"
            | "area"
            | "p"
            | "li"
            | "dt"
            | "dd"
            | "tr"
            | "td"
            | "th"
            | "option"
            | "html"
            | "head"
            | "body"
    )
}

fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "a" | "b"
            | "big"
            | "code"
            | "em"
            | "font"
            | "i"
            | "nobr"
            | "s"
            | "small"
            | "strike"
            | "strong"
            | "tt"
            | "u"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(lean(html).map(|lean| lean.html), Ok(expected.to_owned()));
    }

    #[test]
    fn leaves_out_what_has_no_words() {
        check("<p>a<!-- b --><script>if (1 < 2) c</script><STYLE>d</Style> e</p>", "<p>a e</p>");
        check(
            "<script type=\"application/ld+json\">{\"a\":1}</script>x",
            "<script type=\"application/ld+json\">{\"a\":1}</script>x",
        );
        check("a <svg><path d='m0'/><text>no</text></svg> b", "a  b");
        check("1 < 2 and <3", "1 &lt; 2 and &lt;3");
        check("<a title=\"a > b\" href=x>y</a>", "<a title=\"a > b\" href=x>y</a>");
    }

    #[test]
    fn survives_what_is_never_closed() {
        check("<p>kept <!-- open", "<p>kept  open");
        check("<script>var x = 1; <p>kept", "var x = 1; <p>kept");
        check("<p class=\"a>text", "<p class=\"a>text");
        check("<p", "<p");
    }

    #[test]
    fn flattens_deep_pages() {
        let deep = "<div>".repeat(20_000) + "words";
        let lean = lean(&deep).map(|lean| (lean.flattened, lean.html.ends_with("<p>words")));
        assert_eq!(lean, Ok((true, true)));
    }

    #[test]
    fn refuses_what_is_no_page() {
        assert_eq!(lean(" \n ").map(|lean| lean.html), Err(HtmlError::Empty));
        assert_eq!(lean(&"\u{1}\u{fffd}x".repeat(100)).map(|lean| lean.html), Err(HtmlError::NotText));
        assert!(matches!(lean(&"x".repeat(MAX_BYTES + 1)), Err(HtmlError::TooLarge { .. })));
    }
}
