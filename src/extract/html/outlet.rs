//! The outlet as the page names itself.

use super::Found;
use super::jsonld::{LdPage, plain};
use super::rules::HtmlRules;
use super::scan::Scan;

/// The outlet's name and how it was found. A name that fits the page's domain beats one that does not ("U.S." of a section,
/// the owner's company); a name that is only the bare domain loses to any better one.
pub fn outlet(scan: &Scan, ld: &LdPage, domain: Option<&str>, rules: &HtmlRules) -> Option<Found<String>> {
    let mut candidates: Vec<Found<String>> = Vec::new();
    let mut add = |value: Option<String>, method: &str| {
        candidates.extend(
            value.and_then(|value| clean(&value, domain, rules)).map(|name| Found::new(name, method)),
        );
    };
    let meta = |name: &str| scan.meta(name).and_then(plain);
    add(meta("og:site_name"), "og:site_name");
    if let Some(title) = scan.title.as_deref() {
        let exact = title_parts(title).find(|part| fit(part, domain) == Fit::Exact);
        add(exact.map(str::to_owned), "title");
    }
    add(ld.article.as_ref().and_then(|article| article.publisher.clone()), "json-ld publisher");
    for name in rules.outlet_metas.iter().filter(|name| *name != "og:site_name") {
        add(meta(name), &format!("meta {name}"));
    }
    add(ld.site.clone(), "json-ld website");
    add(ld.organization.clone(), "json-ld organization");
    for title in [scan.title.as_deref(), scan.meta("og:title")].into_iter().flatten() {
        let part = title_parts(title)
            .find(|part| fit(part, domain) >= Fit::Part && part.split_whitespace().count() <= 5);
        add(part.map(str::to_owned), "title");
    }
    for found in candidates.iter_mut().filter(|found| found.method != "og:site_name") {
        if let Some(short) = without_company(&found.value, domain) {
            found.value = short;
        }
    }
    if candidates.is_empty() {
        let rest = scan.title.as_deref().and_then(|title| beside_heading(title, scan));
        candidates
            .extend(rest.and_then(|name| clean(name, domain, rules)).map(|name| Found::new(name, "title")));
    }
    let is_bare = |found: &&Found<String>| is_bare_domain(&found.value, domain);
    let fitting = candidates.iter().find(|found| fit(&found.value, domain) >= Fit::Part && !is_bare(found));
    let named = fitting
        .or_else(|| candidates.iter().find(|found| !is_bare(found) && !is_section(found)))
        .or(candidates.first());
    named.cloned()
}

/// "Ellery Gazette" of "Harbour fees rise again - Ellery Gazette" over the heading "Harbour fees rise again": what the title
/// says more than a heading of the page, set off by a mark, is the site's name.
fn beside_heading<'s>(title: &'s str, scan: &Scan) -> Option<&'s str> {
    const MARKS: [char; 8] = ['|', '-', '–', '—', '»', '•', '·', ':'];
    let headings = scan.titles().filter(|text| text.split_whitespace().count() >= 4);
    let is_named = |name: &&str| {
        (1..=5).contains(&name.split_whitespace().count()) && name.starts_with(char::is_uppercase)
    };
    headings
        .filter_map(|heading| {
            let behind =
                title.strip_prefix(heading).map(str::trim_start).filter(|rest| rest.starts_with(MARKS));
            let before = title.strip_suffix(heading).map(str::trim_end).filter(|rest| rest.ends_with(MARKS));
            behind.or(before).map(|name| name.trim_matches(|c| c == ' ' || MARKS.contains(&c)))
        })
        .find(is_named)
}

/// "Harbour Publishing Group UK" of harbour.example, "Harbour West Bay" of its local edition: two words or more behind what
/// is the domain already name the company or the section. A single one may be the name's own ("Harbour News").
fn without_company(name: &str, domain: Option<&str>) -> Option<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let short = (1..words.len().saturating_sub(1)).map(|n| words[..n].join(" "));
    short.filter(|_| fit(name, domain) == Fit::Part).find(|short| fit(short, domain) == Fit::Exact)
}

/// How well a name fits a domain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    None,
    /// One holds the other, or the name's initials are the domain.
    Part,
    /// The same letters.
    Exact,
}

fn fit(name: &str, domain: Option<&str>) -> Fit {
    let Some(domain) = domain else { return Fit::None };
    let key = key(name);
    if key.chars().count() < 2 {
        return Fit::None;
    }
    let mut best = Fit::None;
    let labels: Vec<&str> = domain.split('.').collect();
    for label in labels.iter().take(labels.len().saturating_sub(1)) {
        let label: String = label
            .strip_prefix("the")
            .filter(|rest| rest.len() > 3)
            .unwrap_or(label)
            .chars()
            .filter(|c| *c != '-')
            .collect();
        let initials: String =
            name.split_whitespace().filter_map(|word| word.chars().next()).collect::<String>().to_lowercase();
        let own = if key == label || key == domain.replace(['.', '-'], "") {
            Fit::Exact
        } else if label.len() >= 3
            && (key.contains(&label) || (key.len() >= 4 && label.contains(&key)) || initials == label)
        {
            Fit::Part
        } else {
            Fit::None
        };
        best = best.max(own);
    }
    best
}

/// The parts of a title, the last first: the outlet's name stands at its end, seldom at its beginning.
fn title_parts(title: &str) -> impl Iterator<Item = &str> {
    let parts = title
        .split(['|', '»', '•', '·'])
        .flat_map(|part| part.split(" - "))
        .flat_map(|part| part.split(" – "))
        .flat_map(|part| part.split(" — "));
    let parts: Vec<&str> =
        parts.flat_map(|part| part.split(": ")).map(str::trim).filter(|part| !part.is_empty()).collect();
    let n = parts.len();
    parts.into_iter().rev().take(if n > 1 { n } else { 0 })
}

/// "U.S.", "World": a name of three letters or less with points in it is a section's.
fn is_section(found: &&Found<String>) -> bool {
    found.value.contains('.') && found.value.chars().filter(|c| c.is_alphabetic()).count() <= 3
}

/// Whether two texts name the same outlet: case, spaces, "the" and marks do not count.
pub fn same(a: &str, b: &str) -> bool {
    let (a, b) = (key(a), key(b));
    !a.is_empty() && a == b
}

fn key(text: &str) -> String {
    let folded = crate::text::fold(text);
    let folded = folded.strip_prefix("the ").unwrap_or(&folded);
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The host of an address without `www.`, lower case.
pub fn domain_of(url: &str) -> Option<String> {
    let rest = url.split_once("://").map(|(_, rest)| rest).or_else(|| url.strip_prefix("//"))?;
    let host = rest.split(['/', '?', '#', ':']).next()?.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    host.contains('.').then(|| host.to_owned())
}

fn clean(value: &str, domain: Option<&str>, rules: &HtmlRules) -> Option<String> {
    let value = value.trim();
    // A handle is no name, unless it is what the domain says too.
    let handle = value.strip_prefix('@').filter(|handle| fit(handle, domain) == Fit::Exact);
    let value = handle.unwrap_or(value);
    let is_address = value.contains("://")
        || value.starts_with('@')
        || value.starts_with("www.")
        || value.contains('/') && !value.contains(' ');
    if is_address
        || value.chars().count() > 80
        || value.chars().count() < 2
        || !value.chars().any(char::is_alphabetic)
    {
        return None;
    }
    let mut name = value;
    for separator in [" | ", " - ", " – ", " — ", " :: ", ": "] {
        if let Some((head, _)) = name.split_once(separator)
            && head.trim().chars().count() >= 2
        {
            name = head.trim();
        }
    }
    let folded = crate::text::fold(name);
    (!rules.not_outlets.iter().any(|bad| *bad == folded.as_ref())).then(|| name.to_owned())
}

/// "nj" of nj.com: written small and nothing but the first part of the domain.
fn is_bare_domain(name: &str, domain: Option<&str>) -> bool {
    let Some(domain) = domain else { return false };
    let is_small = !name.chars().any(char::is_uppercase) && !name.contains([' ', '.']);
    is_small && domain.split('.').any(|label| label == name)
}
