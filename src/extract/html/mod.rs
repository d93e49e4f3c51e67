//! HTML pages: the article's blocks, its metadata with how each was found, and what was cut.
//!
//! In: the decoded text of one page. Out: an [`HtmlPage`], or why there is none. No input panics or runs away: size,
//! nesting and number of elements are bounded first. Does no I/O; normalises nothing that depends on the outlet table.
//!
//! * `guard`: bounds, and a lean copy of the page that is safe to parse
//! * `scan`: one walk over the page that collects facts
//! * `jsonld`: JSON-LD as pages really write it
//! * `headline`, `published`, `outlet`, `authors`: one cascade each
//! * `prepare`: drops what names itself furniture before the body is looked for
//! * `content`: the body's blocks, each traced back to where it stood on the page
//! * `filter`: cuts what is not the article's after all

mod authors;
mod content;
mod filter;
mod guard;
mod headline;
mod jsonld;
mod outlet;
mod prepare;
mod published;
mod scan;

use jiff::civil::Date;

use crate::lexicon::{Lexicon, html as rules};
use crate::model::GivenFields;
use rules::HtmlRules;

/// One line of what the extractor took for the article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HtmlLine {
    /// Its text on one line.
    pub text: String,
    /// The rule that cut it; `None` when it stands in the body.
    pub cut: Option<String>,
}

/// A value and the step of its cascade that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// The value.
    pub value: T,
    /// The step, e.g. `json-ld headline`.
    pub method: String,
}

impl<T> Found<T> {
    /// `value`, given by `method`.
    pub fn new(value: T, method: impl Into<String>) -> Self {
        Found { value, method: method.into() }
    }
}

/// A date that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundDate {
    /// As the page writes it.
    pub text: String,
    /// The day in it.
    pub day: Date,
    /// The step of the cascade.
    pub method: String,
    /// Metadata or the page itself says so; otherwise inferred from the address.
    pub stated: bool,
}

/// What the page says about its article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageFields {
    /// Headline.
    pub headline: Option<Found<String>>,
    /// Deck or summary.
    pub standfirst: Option<Found<String>>,
    /// The outlet as the page names itself, not yet canonical.
    pub outlet: Option<Found<String>>,
    /// Domain of the page.
    pub domain: Option<String>,
    /// Day of first publication.
    pub date: Option<FoundDate>,
    /// Persons who wrote it.
    pub authors: Option<Found<Vec<String>>>,
    /// Canonical address.
    pub url: Option<Found<String>>,
    /// Section.
    pub section: Option<Found<String>>,
    /// Language tag as declared.
    pub lang: Option<Found<String>>,
}

/// What a page holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HtmlPage {
    /// The article's text and what was cut from it, in page order.
    pub lines: Vec<HtmlLine>,
    /// Its metadata.
    pub fields: PageFields,
}

/// Why a page gives no article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HtmlError {
    /// Nothing to read.
    #[error("the page is empty")]
    Empty,
    /// Not text.
    #[error("the page is not text")]
    NotText,
    /// Too long to be an article.
    #[error("the page is {len_bytes} bytes long, the limit is {limit}")]
    TooLarge {
        /// Its length.
        len_bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// There is no running text on it.
    #[error("no running text on the page")]
    NoText,
}

/// Reads one page. `given` is what the record says beside the page (its address above all).
///
/// # Errors
/// See [`HtmlError`].
pub fn page(html: &str, given: &GivenFields, lexicon: &Lexicon) -> Result<HtmlPage, HtmlError> {
    let rules = HtmlRules::embedded();
    let lean = guard::lean(html)?;
    let mut doc = trafilatura::dom::Document::parse(&lean.html);
    let scan = scan::scan(&doc, rules);
    let title = scan.meta("og:title").or(scan.title.as_deref());
    let ld = jsonld::read(&scan.json_ld, |kind| rules.is_article_type(kind), title);
    let fields = fields(&scan, &ld, given, rules, lexicon);
    let headline = fields.headline.as_ref().map(|found| found.value.as_str());
    prepare::prepare(&mut doc, &scan, headline);
    let known = content::Known {
        headline,
        authors: fields.authors.as_ref().map(|found| found.value.as_slice()).unwrap_or_default(),
        json_ld_body: ld.article.as_ref().and_then(|article| article.body.as_deref()),
    };
    let pieces = content::pieces(doc, &lean, &scan, &known, rules);
    let lines = filter::filter(pieces, &scan, &fields, rules);
    if lines.iter().all(|line| line.cut.is_some()) {
        return Err(HtmlError::NoText);
    }
    Ok(HtmlPage { lines, fields })
}

fn fields(
    scan: &scan::Scan,
    ld: &jsonld::LdPage,
    given: &GivenFields,
    rules: &HtmlRules,
    lexicon: &Lexicon,
) -> PageFields {
    let article = ld.article.as_ref();
    let url = address(scan, article, given);
    let domain = url.as_ref().and_then(|url| outlet::domain_of(&url.value)).or_else(|| given.domain.clone());
    let outlet = outlet::outlet(scan, ld, domain.as_deref(), rules);
    let outlet_name = outlet.as_ref().map(|found| found.value.as_str());
    let first_meta = |names: &[String]| {
        names
            .iter()
            .find_map(|name| Some(Found::new(jsonld::plain(scan.meta(name)?)?, format!("meta {name}"))))
    };
    let authors = authors::authors(scan, article, outlet_name, rules, lexicon);
    PageFields {
        headline: headline::headline(scan, article, outlet_name, rules),
        standfirst: first_meta(&rules.standfirst_metas).or_else(|| {
            article.and_then(|article| Some(Found::new(article.description.clone()?, "json-ld description")))
        }),
        date: published::published(scan, article, url.as_ref().map(|url| url.value.as_str()), rules),
        authors: (!authors.value.is_empty()).then_some(authors),
        section: first_meta(&rules.section_metas).or_else(|| {
            article.and_then(|article| Some(Found::new(article.section.clone()?, "json-ld articleSection")))
        }),
        lang: scan.lang.clone().map(|lang| Found::new(lang, "html lang")).or_else(|| {
            article.and_then(|article| Some(Found::new(article.lang.clone()?, "json-ld inLanguage")))
        }),
        outlet,
        domain,
        url,
    }
}

fn address(
    scan: &scan::Scan,
    article: Option<&jsonld::LdArticle>,
    given: &GivenFields,
) -> Option<Found<String>> {
    let absolute = |url: &str| url.starts_with("http://") || url.starts_with("https://");
    if let Some(url) = given.url.as_deref().filter(|url| absolute(url)) {
        return Some(Found::new(url.to_owned(), "given"));
    }
    if let Some(url) = scan.canonical.as_deref().filter(|url| absolute(url)) {
        return Some(Found::new(url.to_owned(), "link canonical"));
    }
    for name in ["og:url", "twitter:url", "parsely-link"] {
        if let Some(url) = scan.meta(name).map(str::trim).filter(|url| absolute(url)) {
            return Some(Found::new(url.to_owned(), format!("meta {name}")));
        }
    }
    let url = article.and_then(|article| article.url.as_deref()).filter(|url| absolute(url))?;
    Some(Found::new(url.to_owned(), "json-ld url"))
}

/// The words of a text, folded, for comparing titles.
pub(crate) fn words_of(text: &str) -> Vec<String> {
    let folded = crate::text::fold(text).replace('\'', "");
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
