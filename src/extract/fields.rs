//! What a record, a page and its address say of one article, brought together: each field by its cascade, with its method.
//!
//! In: what was given, what the page gave ([`Reading`]). Out: an [`Article`] and notices. What the record gives wins over what
//! the page says; nothing is guessed.

use super::byline;
use super::dates::{self, DayOrder};
use super::html::{Found, FoundDate, PageFields};
use super::{BlockTrace, Extracted, line_hash};
use crate::lexicon::Lexicon;
use crate::lexicon::outlets::{Outlets, name_key};
use crate::model::article::FieldMethod;
use crate::model::{
    Article, DateMethod, FurnitureLine, GivenFields, Notice, NoticeKind, RawArticle, Span, TINY_BODY,
};

/// What one payload gave.
#[derive(Default)]
pub struct Reading {
    /// Each block, kept or cut, in page order.
    pub blocks: Vec<BlockTrace>,
    /// What the page says about itself.
    pub fields: PageFields,
    /// Dates that name no day of the calendar, as written.
    pub bad_dates: Vec<String>,
}

impl PageFields {
    /// Takes from `other` what is missing here.
    pub(super) fn fill_from(&mut self, other: PageFields) {
        self.headline = self.headline.take().or(other.headline);
        self.standfirst = self.standfirst.take().or(other.standfirst);
        self.outlet = self.outlet.take().or(other.outlet);
        self.domain = self.domain.take().or(other.domain);
        self.date = self.date.take().or(other.date);
        self.authors = self.authors.take().or(other.authors);
        self.url = self.url.take().or(other.url);
        self.section = self.section.take().or(other.section);
        self.lang = self.lang.take().or(other.lang);
    }
}

/// The identity of a record: its own id where it has one, else where it stands. Sixteen hexadecimal digits.
pub fn identity(raw: &RawArticle) -> String {
    let mut hasher = blake3::Hasher::new();
    match raw.fields.source_id.as_deref().map(str::trim).filter(|id| !id.is_empty()) {
        Some(id) => {
            hasher.update(b"id\0");
            hasher.update(raw.source.path.as_bytes());
            hasher.update(b"\0");
            hasher.update(id.as_bytes())
        }
        None => {
            hasher.update(b"at\0");
            hasher.update(raw.source.path.as_bytes());
            hasher.update(b"\0");
            hasher.update(&raw.source.record.unwrap_or(0).to_le_bytes())
        }
    };
    hasher.finalize().to_hex()[..16].to_owned()
}

/// The host of an address.
pub fn host_of(url: &str) -> Option<&str> {
    let rest =
        url.trim().split_once("://").map_or_else(|| url.trim().strip_prefix("//"), |(_, rest)| Some(rest))?;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let host = host.rsplit('@').next()?;
    (host.contains('.') && !host.contains(' ')).then_some(host)
}

/// Brings everything together.
pub fn assemble(raw: &RawArticle, reading: Reading, lexicon: &Lexicon) -> Extracted {
    let Reading { blocks, fields: page, bad_dates } = reading;
    let given = &raw.fields;
    let mut merge = Merge { notices: raw.notices.clone(), methods: Vec::new(), lexicon };
    for bad in bad_dates {
        merge.notices.push(Notice::new(NoticeKind::BadDate, format!("`{bad}` is no day of the calendar")));
    }
    let url = merge.text("url", given.url.as_deref(), page.url);
    let domain =
        given.domain.clone().or_else(|| url.as_deref().and_then(host_of).map(str::to_owned)).or(page.domain);
    let outlet = merge.outlet(given, page.outlet, domain.as_deref());
    let (date, date_method) = merge.date(raw, page.date, url.as_deref(), domain.as_deref());
    let authors = merge.authors(given, page.authors, outlet.as_deref());
    let headline = merge
        .text("headline", given.headline.as_deref(), page.headline)
        .map(|headline| without_outlet(headline, outlet.as_deref()));
    let standfirst = merge
        .text("standfirst", given.standfirst.as_deref(), page.standfirst)
        .filter(|text| Some(text) != headline.as_ref());
    let section = merge.text("section", given.section.as_deref(), page.section);
    let (body, paragraphs) = join(&blocks);
    let lang = merge.lang(given, page.lang, &body);
    let words = u32::try_from(blocks.iter().map(|block| block.n_words).sum::<usize>()).unwrap_or(u32::MAX);
    if words < TINY_BODY {
        merge
            .notices
            .push(Notice::new(NoticeKind::TinyBody, format!("only {words} words are left as the body")));
    }
    if outlet.is_none() {
        merge.notices.push(Notice::new(NoticeKind::NoOutlet, "no outlet found"));
    }
    if date.is_none() && !merge.notices.iter().any(|notice| notice.kind == NoticeKind::BadDate) {
        merge.notices.push(Notice::new(NoticeKind::NoDate, "no date found"));
    }
    let furniture = blocks
        .iter()
        .filter(|block| !block.is_kept && !block.is_field)
        .map(|block| FurnitureLine { text: block.text.clone(), rule: block.why.clone(), place: None })
        .collect();
    let article = Article {
        id: identity(raw),
        source_id: given.source_id.clone(),
        source: raw.source.clone(),
        headline,
        standfirst,
        body,
        paragraphs,
        outlet,
        date,
        date_method,
        authors,
        url,
        section,
        lang,
        words,
        furniture,
        methods: merge.methods,
    };
    Extracted { article, notices: merge.notices, blocks }
}

/// The kept blocks, joined by blank lines, and where each stands.
fn join(blocks: &[BlockTrace]) -> (String, Vec<Span>) {
    let mut body = String::with_capacity(
        blocks.iter().filter(|block| block.is_kept).map(|block| block.text.len() + 2).sum(),
    );
    let mut paragraphs = Vec::new();
    for block in blocks.iter().filter(|block| block.is_kept && !block.text.is_empty()) {
        if !body.is_empty() {
            body.push_str("\n\n");
        }
        let start = body.len();
        body.push_str(&block.text);
        paragraphs.push(Span::new(start, body.len()));
    }
    (body, paragraphs)
}

struct Merge<'l> {
    notices: Vec<Notice>,
    methods: Vec<FieldMethod>,
    lexicon: &'l Lexicon,
}

impl Merge<'_> {
    fn note(&mut self, field: &str, method: impl Into<String>) {
        self.methods.push(FieldMethod { field: field.to_owned(), method: method.into() });
    }

    fn text(&mut self, field: &str, given: Option<&str>, page: Option<Found<String>>) -> Option<String> {
        if let Some(given) = given.map(super::lines::single_spaced).filter(|text| !text.is_empty()) {
            self.note(field, "given");
            return Some(given);
        }
        let found = page.filter(|found| !found.value.trim().is_empty())?;
        self.note(field, found.method);
        Some(super::lines::single_spaced(&found.value))
    }

    fn outlet(
        &mut self,
        given: &GivenFields,
        page: Option<Found<String>>,
        domain: Option<&str>,
    ) -> Option<String> {
        let outlets = &self.lexicon.outlets;
        let named = |name: &str| super::lines::single_spaced(name);
        if let Some(name) = given.outlet.as_deref().map(named).filter(|name| !name.is_empty()) {
            // Exports give a host where a name belongs.
            let host = name.strip_prefix("www.").unwrap_or(&name);
            let is_host = !host.contains(' ') && host.contains('.');
            let known = outlets.by_name(&name).or_else(|| is_host.then(|| outlets.by_domain(host))?);
            if known.is_some() || !is_host {
                self.note("outlet", "given");
                return Some(known.unwrap_or(&name).to_owned());
            }
        }
        let by_domain = domain.and_then(|domain| outlets.by_domain(domain));
        if let Some(found) = page {
            let name = run_by(&found.value, domain, outlets);
            let is_own =
                name_key(&name) == name_key(&found.value) || outlets.by_name(&found.value) == Some(&name);
            self.note("outlet", if is_own { found.method } else { "domain".to_owned() });
            return Some(name);
        }
        if let Some(known) = by_domain {
            self.note("outlet", "domain");
            return Some(known.to_owned());
        }
        let given_host = given
            .outlet
            .as_deref()
            .map(str::trim)
            .filter(|host| host.contains('.') && !host.contains(' '))?;
        self.note("outlet", "given host");
        Some(given_host.to_owned())
    }

    fn date(
        &mut self,
        raw: &RawArticle,
        page: Option<FoundDate>,
        url: Option<&str>,
        domain: Option<&str>,
    ) -> (Option<jiff::civil::Date>, DateMethod) {
        if let Some(value) = raw.fields.date.as_deref().filter(|value| !value.trim().is_empty()) {
            let order = domain.map_or(DayOrder::Unknown, dates::order_of_host);
            match dates::given(value, order, self.lexicon) {
                Ok(day) => {
                    self.note("date", "given");
                    return (Some(day), DateMethod::Stated);
                }
                Err(bad) => {
                    self.notices.push(Notice::new(NoticeKind::BadDate, format!("`{bad}` is no date")))
                }
            }
        }
        if let Some(found) = page {
            let method = if found.stated { DateMethod::Stated } else { DateMethod::Inferred };
            self.note("date", found.method);
            return (Some(found.day), method);
        }
        if let Some(day) = url.and_then(dates::in_address) {
            self.note("date", "address");
            return (Some(day), DateMethod::Inferred);
        }
        let file = raw.source.path.rsplit('/').next().unwrap_or("");
        if let Some(day) = Some(file).filter(|_| raw.source.record.is_none()).and_then(dates::in_address) {
            self.note("date", "file name");
            return (Some(day), DateMethod::Inferred);
        }
        (None, DateMethod::None)
    }

    fn authors(
        &mut self,
        given: &GivenFields,
        page: Option<Found<Vec<String>>>,
        outlet: Option<&str>,
    ) -> Vec<String> {
        let given_names = persons(&given.authors, outlet, self.lexicon);
        if !given.authors.is_empty() {
            if !given_names.is_empty() {
                self.note("authors", "given");
            }
            return given_names;
        }
        let Some(found) = page else { return Vec::new() };
        let is_raw = found.method == "record header";
        let names = if is_raw { persons(&found.value, outlet, self.lexicon) } else { found.value };
        if !names.is_empty() {
            self.note("authors", found.method);
        }
        names
    }

    fn lang(&mut self, given: &GivenFields, page: Option<Found<String>>, body: &str) -> Option<String> {
        if let Some(lang) = given.lang.as_deref().and_then(language) {
            self.note("lang", "given");
            return Some(lang);
        }
        if is_plainly_english(body) {
            self.note("lang", "common words");
            return Some("en".to_owned());
        }
        let head: String = body.chars().take(1000).collect();
        if let Some(info) = whatlang::detect(&head).filter(|info| info.confidence() > 0.8)
            && let Some(lang) = language(info.lang().code())
        {
            self.note("lang", "detected");
            return Some(lang);
        }
        let found = page?;
        let lang = language(&found.value)?;
        self.note("lang", found.method);
        Some(lang)
    }
}

/// Who runs the page that calls itself `own` and stands on `domain`.
fn run_by(own: &str, domain: Option<&str>, outlets: &Outlets) -> String {
    let by_host = domain.and_then(|domain| outlets.by_host(domain));
    let without_place = |name: &str| name.split(" (").next().map(name_key);
    match (outlets.by_name(own), by_host) {
        // "The Standard" is a paper in several cities: the domain tells which.
        (Some(known), Some((host, _))) if known != host && without_place(host) == Some(name_key(own)) => {
            host.to_owned()
        }
        // The same on a domain the table does not know: likely none of them.
        (Some(known), None) if domain.is_some() && name_key(known) == name_key(own) => own.to_owned(),
        (Some(known), _) => known.to_owned(),
        // A page that names its section or its owner is still run by the publication of its domain, unless the domain
        // says the same: "Harbour Finance" of finance.harbour.example.
        (None, Some((host, labels))) => {
            let key = name_key(own);
            let is_label = |label: &str| label.len() >= 4 && key.len() > label.len() && key.contains(label);
            if labels.split('.').any(is_label) { own.to_owned() } else { host.to_owned() }
        }
        (None, None) => own.to_owned(),
    }
}

/// Names as exports give them: a list, or one text with `;` or `,` between, or "By …".
fn persons(values: &[String], outlet: Option<&str>, lexicon: &Lexicon) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for value in values {
        for name in byline::persons(&super::lines::single_spaced(value), outlet, lexicon) {
            if !names.iter().any(|known| line_hash(known) == line_hash(&name)) {
                names.push(name);
            }
        }
    }
    names
}

/// The two-letter code of a language tag, name or three-letter code.
fn language(tag: &str) -> Option<String> {
    let tag = tag.trim().to_lowercase();
    let main = tag.split(['-', '_']).next()?;
    let code = match main {
        "eng" | "english" => "en",
        "spa" | "spanish" => "es",
        "fra" | "fre" | "french" => "fr",
        "deu" | "ger" | "german" => "de",
        "por" | "portuguese" => "pt",
        "ita" | "italian" => "it",
        "nld" | "dut" | "dutch" => "nl",
        "rus" | "russian" => "ru",
        "ukr" => "uk",
        "pol" => "pl",
        "swe" => "sv",
        "dan" => "da",
        "nob" | "nno" => "no",
        "fin" => "fi",
        "ces" => "cs",
        "tur" => "tr",
        "ara" => "ar",
        "heb" => "he",
        "hin" => "hi",
        "cmn" | "zho" => "zh",
        "jpn" => "ja",
        "kor" => "ko",
        "vie" => "vi",
        "ind" => "id",
        "ron" => "ro",
        "hun" => "hu",
        "ell" => "el",
        "bul" => "bg",
        "srp" => "sr",
        "hrv" => "hr",
        "cat" => "ca",
        two if two.len() == 2 && two.bytes().all(|byte| byte.is_ascii_lowercase()) => two,
        _ => return None,
    };
    Some(code.to_owned())
}

/// The commonest English words make up a fifth of running English and almost nothing of any other language.
fn is_plainly_english(body: &str) -> bool {
    let (mut n_words, mut n_common) = (0_u32, 0_u32);
    let words = body.as_bytes().split(|byte| matches!(byte, b' ' | b'\n'));
    for word in words.filter(|word| !word.is_empty()).take(160) {
        n_words += 1;
        n_common += u32::from(
            word.len() <= "which".len()
                && matches!(
                    word,
                    b"the"
                        | b"The"
                        | b"of"
                        | b"and"
                        | b"to"
                        | b"that"
                        | b"with"
                        | b"was"
                        | b"for"
                        | b"is"
                        | b"said"
                        | b"it"
                        | b"has"
                        | b"have"
                        | b"his"
                        | b"her"
                        | b"are"
                        | b"from"
                        | b"this"
                        | b"not"
                        | b"they"
                        | b"who"
                        | b"would"
                        | b"were"
                        | b"be"
                        | b"by"
                        | b"at"
                        | b"but"
                        | b"which"
                        | b"their"
                ),
        );
    }
    n_words >= 40 && n_common * 100 >= n_words * 12
}

/// The headline without the publication's own name behind it.
fn without_outlet(headline: String, outlet: Option<&str>) -> String {
    let Some(outlet) = outlet.filter(|_| super::lines::may_hold_parting_mark(&headline)) else {
        return headline;
    };
    let wanted = name_key(outlet);
    for mark in [" | ", " - ", " – ", " — ", " · ", " :: "] {
        if let Some((before, last)) = headline.rsplit_once(mark)
            && !before.trim().is_empty()
            && name_key(last) == wanted
        {
            return before.trim().to_owned();
        }
    }
    headline
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Payload, SourceRef};

    fn raw(fields: GivenFields) -> RawArticle {
        let source = SourceRef { path: "clips/harbour.txt".to_owned(), record: Some(3) };
        RawArticle { source, payload: Payload::Body(String::new()), fields, notices: Vec::new() }
    }

    #[track_caller]
    fn check(fields: GivenFields, show: impl Fn(&Article) -> String, expected: &str) {
        let extracted = assemble(&raw(fields), Reading::default(), Lexicon::embedded());
        assert_eq!(show(&extracted.article), expected);
    }

    fn given(set: impl Fn(&mut GivenFields)) -> GivenFields {
        let mut fields = GivenFields::default();
        set(&mut fields);
        fields
    }

    #[test]
    fn identity_follows_the_record() {
        let of = |id: Option<&str>| identity(&raw(given(|fields| fields.source_id = id.map(str::to_owned))));
        assert_eq!(of(None), of(Some(" ")));
        assert_ne!(of(None), of(Some("7")));
        assert_eq!(of(None).len(), 16);
    }

    #[test]
    fn given_values_win() {
        let date = |value: &'static str| given(move |fields| fields.date = Some(value.to_owned()));
        let day = |article: &Article| article.date.map_or("none".to_owned(), |day| day.to_string());
        check(date("Sat, 03 May 2025 10:00:00 GMT"), day, "2025-05-03");
        check(date("2025-02-31"), day, "none");
        let outlet = |article: &Article| article.outlet.clone().unwrap_or_default();
        check(given(|fields| fields.outlet = Some("nytimes.com".to_owned())), outlet, "The New York Times");
        check(given(|fields| fields.outlet = Some("Ellery  Gazette ".to_owned())), outlet, "Ellery Gazette");
        check(given(|fields| fields.url = Some("https://www.reuters.com/a".to_owned())), outlet, "Reuters");
        let run_by = |own: &str, domain: &str| run_by(own, Some(domain), &Lexicon::embedded().outlets);
        assert_eq!(run_by("The Standard", "www.standardmedia.co.ke"), "The Standard (Kenya)");
        assert_eq!(run_by("Daily Star", "star.example.org"), "Daily Star");
        assert_eq!(run_by("Politics", "www.standardmedia.co.ke"), "The Standard (Kenya)");
        assert_eq!(run_by("Yahoo Cricket", "cricket.yahoo.com"), "Yahoo Cricket");
        assert_eq!(run_by("NYT", "www.nytimes.com"), "The New York Times");
        check(
            given(|fields| fields.url = Some("https://a.example/2025/05/03/x".to_owned())),
            day,
            "2025-05-03",
        );
        let authors = |article: &Article| article.authors.join("; ");
        let by = |value: &'static str| given(move |fields| fields.authors = vec![value.to_owned()]);
        check(by("By ANA DUARTE and Ivo Lang, Reuters"), authors, "Ana Duarte; Ivo Lang");
        check(by("Ana Duarte;Ivo Lang"), authors, "Ana Duarte; Ivo Lang");
        check(by("Newsroom Staff"), authors, "");
    }

    #[test]
    fn finds_hosts() {
        assert_eq!(host_of("https://user@www.a.example:80/x?y"), Some("www.a.example"));
        assert_eq!(host_of("no address"), None);
    }
}
