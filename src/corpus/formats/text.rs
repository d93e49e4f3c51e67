//! Files that are one article: scraped text and HTML pages.

use super::super::decode;
use super::super::input::Input;
use super::super::tidy::tidy;
use super::{One, Origin, sniff};
use crate::model::{GivenFields, Notice, Payload, RawArticle, Rejection, RejectionReason};

/// Reads a page as scraped.
///
/// # Errors
/// Too large, unreadable, or bytes that are no text.
pub(crate) fn read_page(input: Input, origin: &Origin) -> Result<One, Rejection> {
    let (text, notices) = whole(input, origin, false)?;
    Ok(One::new(article(origin, Payload::Page(text), notices)))
}

/// Reads an HTML page.
///
/// # Errors
/// As [`read_page`].
pub(crate) fn read_html(input: Input, origin: &Origin) -> Result<One, Rejection> {
    let (text, notices) = whole(input, origin, true)?;
    Ok(One::new(article(origin, Payload::Html(text), notices)))
}

/// The whole file as text made plain, with what was repaired.
pub(super) fn whole(
    input: Input,
    origin: &Origin,
    is_html: bool,
) -> Result<(String, Vec<Notice>), Rejection> {
    // The page was UTF-16 and says so; it is UTF-8 by now.
    let declared = if is_html && !input.was_utf16 { decode::declared_in(&input.sample) } else { None };
    let bytes = match input.read_all(origin.options.max_record_bytes) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Err(origin.too_large(None)),
        Err(error) => return Err(origin.unreadable(None, &error)),
    };
    if sniff::is_binary(&bytes) {
        return Err(origin.reject(None, RejectionReason::NotText, "the bytes are not text"));
    }
    let mut notices = Vec::new();
    let text = decode::decode(bytes, declared, &mut notices);
    let text = tidy(text, &mut notices);
    Ok((text, notices))
}

fn article(origin: &Origin, payload: Payload, notices: Vec<Notice>) -> Result<RawArticle, Rejection> {
    let text = match &payload {
        Payload::Html(text) | Payload::Page(text) | Payload::Body(text) => text,
    };
    if text.trim().is_empty() {
        return Err(origin.reject(None, RejectionReason::NoText, "the file holds white space only"));
    }
    Ok(RawArticle { source: origin.at(None), payload, fields: GivenFields::default(), notices })
}
