//! A structured record (JSON, CSV, front matter) becomes a [`RawArticle`].
//!
//! In: keys with their meaning ([`FieldMap`]) and values. Out: the article, or why it is none. The readers of the formats
//! offer each key as they meet it; [`Found`] keeps the best value of each field, [`Found::into_article`] judges them.

use std::borrow::Cow;

use crate::model::{
    GivenFields, Notice, NoticeKind, Payload, RawArticle, Rejection, RejectionReason, SourceRef,
};

use super::keys::{Field, FieldMap, KeyUse, Role};
use super::markup::{self, Markup};
use super::tidy::tidy;
use super::value::Value;

/// The best value seen for each field of one record.
#[derive(Default)]
pub(crate) struct Found<'a> {
    slots: [Option<Slot<'a>>; Field::ALL.len()],
    doubled: Vec<String>,
}

struct Slot<'a> {
    rank: u8,
    key: u64,
    value: Value<'a>,
}

/// Values below the keys of a wrapper object rank after the record's own.
const WRAPPER_RANKS: u8 = 12;

/// Objects inside objects are looked into this deep.
const MAX_NESTING: usize = 4;

/// A field longer than this is no field but a mistake; the body has the record's own limit.
const fn longest(field: Field) -> usize {
    match field {
        Field::Id => 512,
        Field::Body => usize::MAX,
        Field::Headline | Field::Standfirst => 16 * 1024,
        Field::Url | Field::Author => 4 * 1024,
        Field::Outlet | Field::Domain | Field::Date | Field::Section | Field::Lang => 1024,
    }
}

impl<'a> Found<'a> {
    /// Takes the value of a key that means `key_use`. `name` is the key as written.
    pub(crate) fn offer(&mut self, map: &FieldMap, key_use: KeyUse, name: &str, value: Value<'a>) {
        self.offer_at(map, key_use, name, value, 0, 0);
    }

    /// Whether a text was found.
    pub(crate) fn has_body(&self) -> bool {
        self.slots[Field::Body as usize].is_some()
    }

    /// The text of `field` as it stands now, for readers that need to look before judging.
    pub(crate) fn peek(&self, field: Field) -> Option<String> {
        let slot = self.slots[field as usize].as_ref()?;
        slot.value.clone().into_text().map(Cow::into_owned)
    }

    /// Sets `field` unless the record gave it.
    pub(crate) fn set_default(&mut self, field: Field, text: String) {
        let slot = &mut self.slots[field as usize];
        if slot.is_none() && !text.trim().is_empty() {
            *slot = Some(Slot { rank: u8::MAX, key: 0, value: Value::Text(Cow::Owned(text)) });
        }
    }

    fn offer_at(
        &mut self,
        map: &FieldMap,
        key_use: KeyUse,
        name: &str,
        value: Value<'a>,
        extra: u8,
        depth: usize,
    ) {
        if depth > MAX_NESTING {
            return;
        }
        if let (true, Value::Object(members)) = (key_use.is_stem, &value) {
            for (inner, member) in members {
                if let Some(inner_use) = map.inner_key(name, inner) {
                    let dotted = format!("{name}.{inner}");
                    self.offer_at(map, inner_use, &dotted, member.clone(), extra, depth + 1);
                }
            }
        }
        match (key_use.role, value) {
            (Role::Stem, _) => {}
            (Role::Wrapper, Value::Object(members)) => {
                self.unwrap_object(map, members, extra, key_use.rank, depth)
            }
            (Role::Wrapper, _) => {}
            (Role::Field(Field::Body), Value::Object(members)) => match markup::text_member(members) {
                Ok(text) => self.put(Field::Body, key_use.rank.saturating_add(extra), name, text),
                Err(members) => self.unwrap_object(map, members, extra, key_use.rank, depth),
            },
            (Role::Field(field), value) => self.put(field, key_use.rank.saturating_add(extra), name, value),
        }
    }

    fn unwrap_object(
        &mut self,
        map: &FieldMap,
        members: Vec<(Cow<'a, str>, Value<'a>)>,
        extra: u8,
        rank: u8,
        depth: usize,
    ) {
        let extra = extra.saturating_add(rank.max(1).saturating_mul(WRAPPER_RANKS));
        for (name, member) in members {
            if let Some(key_use) = map.key(&name) {
                self.offer_at(map, key_use, &name, member, extra, depth + 1);
            }
        }
    }

    fn put(&mut self, field: Field, rank: u8, name: &str, value: Value<'a>) {
        if value.is_blank() {
            return;
        }
        let key = ahash::RandomState::with_seeds(1, 2, 3, 4).hash_one(name);
        let slot = &mut self.slots[field as usize];
        match slot {
            Some(held) if held.rank == rank && held.key == key => {
                self.doubled.push(name.to_owned());
                held.value = value;
            }
            Some(held) if held.rank <= rank => {}
            _ => *slot = Some(Slot { rank, key, value }),
        }
    }

    fn take(&mut self, field: Field) -> Option<Value<'a>> {
        self.slots[field as usize].take().map(|slot| slot.value)
    }

    fn text(&mut self, field: Field, notices: &mut Vec<Notice>) -> Option<String> {
        let value = self.take(field)?;
        let is_odd = matches!(value, Value::Bool(_) | Value::Object(_));
        let Some(text) = value.into_text() else {
            if is_odd {
                notices.push(bad_field(field, "holds no text"));
            }
            return None;
        };
        if text.len() > longest(field) {
            notices.push(bad_field(field, &format!("is {} bytes long and was left out", text.len())));
            return None;
        }
        let text = markup::one_line(&tidy(text.into_owned(), notices));
        if text.is_empty() || is_placeholder(&text) { None } else { Some(text) }
    }

    /// The article these values make.
    ///
    /// # Errors
    /// `NoText` when neither a body nor a summary has words. (A record without any key for a text is for the caller to
    /// reject: it knows the keys.)
    pub(crate) fn into_article(
        mut self,
        source: SourceRef,
        mut notices: Vec<Notice>,
    ) -> Result<RawArticle, Rejection> {
        for name in std::mem::take(&mut self.doubled) {
            let message = format!("key `{name}` stands twice; the last one counts");
            notices.push(Notice::new(NoticeKind::BadField, message));
        }
        let body = self.take(Field::Body);
        let mut fields = self.fields(&mut notices);
        let body = body.and_then(|value| match value {
            Value::Bool(_) | Value::Number(_) => {
                notices.push(bad_field(Field::Body, "holds no text"));
                None
            }
            value => value.into_running_text(),
        });
        let mut payload = body.and_then(|body| payload(body, &mut notices));
        if let Some(summary) = fields.standfirst.take_if(|_| payload.is_none()) {
            let message = "only a summary of the article was given";
            notices.push(Notice::new(NoticeKind::SummaryOnly, message));
            payload = Some(Payload::Body(summary));
        }
        let Some(payload) = payload else {
            let message = "the record has no text".to_owned();
            return Err(Rejection { source_ref: source, reason: RejectionReason::NoText, message });
        };
        Ok(RawArticle { source, payload, fields, notices })
    }

    fn fields(&mut self, notices: &mut Vec<Notice>) -> GivenFields {
        let mut fields = GivenFields {
            source_id: self.text(Field::Id, notices),
            headline: self.text(Field::Headline, notices),
            standfirst: self.text(Field::Standfirst, notices),
            outlet: self.text(Field::Outlet, notices),
            domain: self.text(Field::Domain, notices).map(|domain| bare_host(&domain).to_owned()),
            date: self.text(Field::Date, notices),
            authors: Vec::new(),
            url: self.text(Field::Url, notices),
            section: self.text(Field::Section, notices),
            lang: self.text(Field::Lang, notices),
        };
        if let Some(value) = self.take(Field::Author) {
            for name in value.into_names() {
                if name.len() > longest(Field::Author) {
                    notices.push(bad_field(
                        Field::Author,
                        &format!("is {} bytes long and was left out", name.len()),
                    ));
                    continue;
                }
                let name = markup::one_line(&tidy(name, notices));
                if !name.is_empty() && !is_placeholder(&name) && !fields.authors.contains(&name) {
                    fields.authors.push(name);
                }
            }
        }
        // `source` and `site` hold a name, a domain or an address.
        if let Some(outlet) = fields.outlet.take_if(|outlet| is_address(outlet) || is_bare_domain(outlet)) {
            fields.domain.get_or_insert_with(|| bare_host(&outlet).to_owned());
        }
        if fields.url.is_none() {
            fields.url = fields.source_id.clone().filter(|id| is_address(id));
        }
        fields
    }
}

fn payload(body: Cow<'_, str>, notices: &mut Vec<Notice>) -> Option<Payload> {
    let text = tidy(body.into_owned(), notices);
    let payload = match markup::judge(text) {
        Markup::Page(html) => Payload::Html(html),
        Markup::Text(text) => {
            let (text, is_cut) = without_cut_mark(text);
            if is_cut {
                notices.push(Notice::new(NoticeKind::Truncated, "the export cut the text off"));
            }
            Payload::Body(text)
        }
    };
    let text = match &payload {
        Payload::Html(text) | Payload::Page(text) | Payload::Body(text) => text,
    };
    if text.trim().is_empty() || is_placeholder(text.trim()) { None } else { Some(payload) }
}

/// The text without the mark that NewsAPI puts where it cuts (`… [+1234 chars]`), and whether it was there or the text is
/// exactly as long as Media Cloud's store allows.
fn without_cut_mark(mut text: String) -> (String, bool) {
    let trimmed = text.trim_end();
    if trimmed.len() == MEDIA_CLOUD_LIMIT {
        return (text, true);
    }
    let mark =
        trimmed.strip_suffix(" chars]").map(|head| head.trim_end_matches(|c: char| c.is_ascii_digit()));
    let Some(head) = mark.and_then(|head| head.strip_suffix("[+")) else { return (text, false) };
    let end = head.trim_end().len();
    text.truncate(end);
    (text, true)
}

/// Longest text of a story in Media Cloud's index, in bytes.
const MEDIA_CLOUD_LIMIT: usize = 32_766;

fn bad_field(field: Field, what: &str) -> Notice {
    Notice::new(NoticeKind::BadField, format!("{} {what}", field.name()))
}

/// What programs write where they have nothing.
fn is_placeholder(text: &str) -> bool {
    text.len() <= 9
        && ["null", "none", "nan", "n/a", "na", "undefined", "nat", "<na>", "-", "[removed]"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
}

fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn is_bare_domain(text: &str) -> bool {
    let is_host =
        text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte));
    let ending = text.rsplit_once('.').map(|(_, ending)| ending);
    is_host
        && ending
            .is_some_and(|ending| ending.len() >= 2 && ending.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

fn bare_host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or(rest);
    host.strip_prefix("www.").unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<RawArticle, Rejection> {
        let map = FieldMap::default();
        let mut found = Found::default();
        let Value::Object(members) = serde_json::from_str(json).unwrap() else { panic!("an object") };
        for (name, value) in members {
            if let Some(key_use) = map.key(&name) {
                found.offer(&map, key_use, &name, value);
            }
        }
        found.into_article(SourceRef::default(), Vec::new())
    }

    #[track_caller]
    fn check(json: &str, see: impl FnOnce(&RawArticle) -> bool) {
        let article = read(json).unwrap();
        assert!(see(&article), "{article:#?}");
    }

    fn body(article: &RawArticle) -> &str {
        match &article.payload {
            Payload::Body(text) => text,
            _ => panic!("a body"),
        }
    }

    #[test]
    fn reads_the_shapes_people_have() {
        check(
            r#"{"title":"Levee vote","text":"The council met.","publish_date":"2025-03-01","authors":["Ana Duarte"],"meta_site_name":"Harbour Post","meta_lang":"en"}"#,
            |a| {
                a.fields.headline.as_deref() == Some("Levee vote")
                    && a.fields.outlet.as_deref() == Some("Harbour Post")
                    && a.fields.authors == ["Ana Duarte"]
                    && a.fields.lang.as_deref() == Some("en")
            },
        );
        check(
            r#"{"title":"Levee vote","author":"Ana Duarte; Ivo Lang","hostname":"harbourpost.example","sitename":"Harbour Post","date":"2025-03-01","filedate":"2025-04-09","raw_text":"The council met.","text":"The council met.","url":"https://harbourpost.example/1","fingerprint":"f1"}"#,
            |a| {
                body(a) == "The council met."
                    && a.fields.outlet.as_deref() == Some("Harbour Post")
                    && a.fields.date.as_deref() == Some("2025-03-01")
                    && a.fields.url.as_deref() == Some("https://harbourpost.example/1")
            },
        );
        check(
            r#"{"maintext":"The council met.","title":"Levee vote","source_domain":"www.harbourpost.example","date_download":"2025-04-09","date_publish":"2025-03-01 10:00:00","filename":"x.json"}"#,
            |a| {
                a.fields.domain.as_deref() == Some("harbourpost.example")
                    && a.fields.date.as_deref() == Some("2025-03-01 10:00:00")
                    && a.fields.source_id.as_deref() == Some("x.json")
            },
        );
        check(
            r#"{"source":{"id":null,"name":"Harbour Post"},"author":null,"title":"Levee vote","description":"d","content":"The council met and… [+1412 chars]","publishedAt":"2025-03-01T10:00:00Z","urlToImage":"x"}"#,
            |a| {
                body(a) == "The council met and…"
                    && a.notices[0].kind == NoticeKind::Truncated
                    && a.fields.outlet.as_deref() == Some("Harbour Post")
                    && a.fields.authors.is_empty()
            },
        );
        check(
            r#"{"uuid":"u1","thread":{"site_full":"www.harbourpost.example","title_full":"Levee vote today","url":"https://harbourpost.example/1","section_title":"City"},"title":"","text":"The council met.","published":"2025-03-01","crawled":"2025-04-02"}"#,
            |a| {
                a.fields.domain.as_deref() == Some("harbourpost.example")
                    && a.fields.headline.as_deref() == Some("Levee vote today")
                    && a.fields.url.is_some()
                    && a.fields.section.as_deref() == Some("City")
            },
        );
        check(
            r#"{"uri":"123","date":"2025-04-04","dateTime":"2025-04-05","dateTimePub":"2025-03-01T10:00:00Z","body":"The council met.","title":"Levee vote","source":{"uri":"harbourpost.example","title":"Harbour Post"},"authors":[{"uri":"a@x","name":"Ana Duarte","type":"author"}]}"#,
            |a| {
                a.fields.date.as_deref() == Some("2025-03-01T10:00:00Z")
                    && a.fields.outlet.as_deref() == Some("Harbour Post")
                    && a.fields.domain.as_deref() == Some("harbourpost.example")
                    && a.fields.authors == ["Ana Duarte"]
            },
        );
        check(
            r#"{"parsed_date":"2025-09-09","indexed_date":"2025-09-09","publication_date":null,"article_title":"Levee vote","text_content":"The council met.","canonical_domain":"harbourpost.example","original_url":"https://harbourpost.example/1","language":"en"}"#,
            |a| {
                a.fields.date.is_none()
                    && a.fields.headline.as_deref() == Some("Levee vote")
                    && a.fields.url.is_some()
            },
        );
        check(
            r#"{"@context":"https://schema.org","@type":"NewsArticle","headline":"Levee vote","articleBody":"The council met.","author":{"@type":"Person","name":"Ana Duarte"},"publisher":{"@type":"Organization","name":"Harbour Post"},"datePublished":"2025-03-01","mainEntityOfPage":{"@id":"https://harbourpost.example/1"}}"#,
            |a| {
                a.fields.authors == ["Ana Duarte"]
                    && a.fields.outlet.as_deref() == Some("Harbour Post")
                    && a.fields.url.as_deref() == Some("https://harbourpost.example/1")
            },
        );
        check(
            r#"{"_id":"e1","_source":{"title":"Levee vote","content":"The council met.","source":"https://www.harbourpost.example/feed"}}"#,
            |a| {
                a.fields.source_id.as_deref() == Some("e1")
                    && a.fields.domain.as_deref() == Some("harbourpost.example")
                    && a.fields.outlet.is_none()
            },
        );
        check(
            r#"{"webTitle":"Levee vote","webPublicationDate":"2025-03-01","fields":{"bodyText":"The council met.","byline":"Ana Duarte"}}"#,
            |a| a.fields.headline.as_deref() == Some("Levee vote") && a.fields.authors == ["Ana Duarte"],
        );
        check(
            r#"{"id":7,"date":"2025-03-01","title":{"rendered":"Levee &amp; vote"},"content":{"rendered":"<p>The council met.</p>"},"link":"https://harbourpost.example/1"}"#,
            |a| {
                matches!(&a.payload, Payload::Html(_))
                    && a.fields.headline.as_deref() == Some("Levee & vote")
                    && a.fields.source_id.as_deref() == Some("7")
            },
        );
    }

    #[test]
    fn tolerates_wrong_types_and_says_so() {
        check(
            r#"{"title":{"odd":1},"text":"The council met.","date":20250301,"author":true,"id":12}"#,
            |a| {
                a.fields.headline.is_none()
                    && a.fields.date.as_deref() == Some("20250301")
                    && a.notices.iter().any(|n| n.kind == NoticeKind::BadField)
            },
        );
        check(&format!(r#"{{"id":"{}","text":"The council met."}}"#, "x".repeat(70_000)), |a| {
            a.fields.source_id.is_none() && a.notices[0].kind == NoticeKind::BadField
        });
        check(r#"{"title":"First","title":"Second","text":"The council met."}"#, |a| {
            a.fields.headline.as_deref() == Some("Second") && a.notices[0].message.contains("twice")
        });
        check(r#"{"text":["One.","Two."],"author":"nan","title":"null"}"#, |a| {
            body(a) == "One.\n\nTwo." && a.fields.authors.is_empty() && a.fields.headline.is_none()
        });
    }

    #[test]
    fn summary_stands_in_for_a_missing_text() {
        check(r#"{"title":"Levee vote","content":null,"description":"The council met."}"#, |a| {
            body(a) == "The council met."
                && a.notices[0].kind == NoticeKind::SummaryOnly
                && a.fields.standfirst.is_none()
        });
        assert_eq!(read(r#"{"title":"Levee vote","text":""}"#).unwrap_err().reason, RejectionReason::NoText);
    }
}
