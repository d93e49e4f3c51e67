//! HTTP responses as web archives keep them: status line, headers, and a body that may be chunked and compressed.
//!
//! In: the bytes of one response. Out: status and type from the [`head`], charset and decoded body from the [`response`]. Archives often store bodies already
//! decoded under their old headers; what the bytes are decides.

use std::io::{self, Read};

use encoding_rs::Encoding;

use super::super::decode;

/// A response with its body decoded.
pub(crate) struct Response {
    /// Charset of the header.
    pub(crate) charset: Option<&'static Encoding>,
    /// Body.
    pub(crate) body: Vec<u8>,
}

/// Why a response cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum HttpError {
    /// Status line or headers are broken.
    BadHead,
    /// The body is compressed in a way that cannot be undone here.
    UnknownCoding(String),
    /// The body is damaged or cut off before anything could be decoded.
    Damaged,
    /// The body is above the limit once decoded.
    TooLarge,
}

const MAX_HEADERS: usize = 256;

/// Status and media type of a response, without its body.
pub(crate) struct Head {
    /// Status code.
    pub(crate) status: u16,
    /// Media type, lower case, without parameters; empty when not given.
    pub(crate) media_type: String,
    charset: Option<&'static Encoding>,
    is_chunked: bool,
    codings: Vec<String>,
    len: usize,
}

/// Reads the head of a response.
///
/// # Errors
/// `BadHead`.
pub(crate) fn head(bytes: &[u8]) -> Result<Head, HttpError> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut config = httparse::ParserConfig::default();
    config.allow_spaces_after_header_name_in_responses(true);
    config.allow_obsolete_multiline_headers_in_responses(true);
    config.ignore_invalid_headers_in_responses(true);
    let mut response = httparse::Response::new(&mut headers);
    // HTTP/2 is written with a version that the parser does not know.
    let skipped = [b"HTTP/2.0".as_slice(), b"HTTP/2"]
        .into_iter()
        .find(|version| bytes.starts_with(version))
        .map_or(0, <[u8]>::len);
    let known;
    let (text, added) = match skipped {
        0 => (bytes, 0),
        _ => {
            known = [KNOWN_VERSION, &bytes[skipped..bytes.len().min(MAX_HEAD)]].concat();
            (known.as_slice(), KNOWN_VERSION.len())
        }
    };
    let len = match config.parse_response(&mut response, text) {
        Ok(httparse::Status::Complete(len)) => len + skipped - added,
        _ => return Err(HttpError::BadHead),
    };
    let mut head = Head {
        status: response.code.unwrap_or(0),
        media_type: String::new(),
        charset: None,
        is_chunked: false,
        codings: Vec::new(),
        len,
    };
    for header in response.headers.iter() {
        let value = String::from_utf8_lossy(header.value).to_lowercase();
        if header.name.eq_ignore_ascii_case("content-type") {
            let mut parts = value.split(';').map(str::trim);
            head.media_type = parts.next().unwrap_or("").to_owned();
            let charset = parts.find_map(|part| part.strip_prefix("charset"));
            let label =
                charset.map(|rest| rest.trim_start_matches([' ', '=']).trim_matches(['"', '\'', ' ']));
            head.charset = label.and_then(|label| decode::by_label(label.as_bytes()));
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            head.is_chunked |= value.contains("chunked");
        } else if header.name.eq_ignore_ascii_case("content-encoding") {
            head.codings.extend(value.split(',').map(|coding| coding.trim().to_owned()));
        }
    }
    Ok(head)
}

const KNOWN_VERSION: &[u8] = b"HTTP/1.1";

const MAX_HEAD: usize = 256 * 1024;

/// Decodes a response whose body may have at most `limit` bytes.
///
/// # Errors
/// See [`HttpError`].
pub(crate) fn response(bytes: &[u8], limit: usize) -> Result<Response, HttpError> {
    let head = head(bytes)?;
    let mut body = bytes[head.len.min(bytes.len())..].to_vec();
    if let Some(whole) = head.is_chunked.then(|| dechunked(&body)).flatten() {
        body = whole;
    }
    for coding in head.codings.iter().rev() {
        body = decoded(body, coding, limit)?;
    }
    if body.len() > limit {
        return Err(HttpError::TooLarge);
    }
    Ok(Response { charset: head.charset, body })
}

/// The body out of its chunks; `None` when it is not chunked. A body that is cut off gives what is there.
fn dechunked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut is_first = true;
    loop {
        let line_end = rest.iter().take(MAX_SIZE_LINE).position(|byte| *byte == b'\n');
        let size = line_end.and_then(|end| {
            let line = std::str::from_utf8(&rest[..end]).ok()?;
            let digits = line.split(';').next().unwrap_or(line).trim();
            usize::from_str_radix(digits, 16).ok()
        });
        let (Some(end), Some(size)) = (line_end, size) else {
            return if is_first { None } else { Some(whole) };
        };
        is_first = false;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(whole);
        }
        let n = size.min(rest.len());
        whole.extend_from_slice(&rest[..n]);
        rest = &rest[n..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
}

const MAX_SIZE_LINE: usize = 1024;

fn decoded(body: Vec<u8>, coding: &str, limit: usize) -> Result<Vec<u8>, HttpError> {
    match coding {
        "" | "identity" | "none" | "utf-8" => Ok(body),
        "gzip" | "x-gzip" => match body.starts_with(&[0x1F, 0x8B]) {
            true => inflated(flate2::read::MultiGzDecoder::new(&body[..]), limit),
            false => Ok(body),
        },
        "deflate" => {
            // Some servers send raw deflate, some with the zlib head; an archive may hold neither.
            let is_zlib = body.len() > 2
                && body[0] & 0x0F == 8
                && (u16::from(body[0]) << 8 | u16::from(body[1])) % 31 == 0;
            if is_zlib {
                return inflated(flate2::read::ZlibDecoder::new(&body[..]), limit);
            }
            match inflated(flate2::read::DeflateDecoder::new(&body[..]), limit) {
                Err(HttpError::Damaged) => Ok(body),
                other => other,
            }
        }
        "zstd" => match body.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
            true => {
                let mut decoder =
                    zstd::stream::read::Decoder::new(&body[..]).map_err(|_| HttpError::Damaged)?;
                decoder.window_log_max(27).map_err(|_| HttpError::Damaged)?;
                inflated(decoder, limit)
            }
            false => Ok(body),
        },
        // Undone already, or a coding there is no decoder for.
        _ if body.trim_ascii_start().starts_with(b"<") => Ok(body),
        other => Err(HttpError::UnknownCoding(other.to_owned())),
    }
}

fn inflated(reader: impl Read, limit: usize) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    let result: io::Result<usize> = reader.take(limit as u64 + 1).read_to_end(&mut body);
    match result {
        _ if body.len() > limit => Err(HttpError::TooLarge),
        Err(_) if body.is_empty() => Err(HttpError::Damaged),
        _ => Ok(body),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[track_caller]
    fn check(head: &str, body: &[u8], expected: &[u8]) {
        let bytes = [head.as_bytes(), b"\r\n\r\n", body].concat();
        assert_eq!(response(&bytes, 1000).map(|response| response.body).unwrap(), expected);
    }

    #[test]
    fn decodes_bodies() {
        check("HTTP/1.1 200 OK\r\nContent-Type: text/html", b"<p>x", b"<p>x");
        check(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked",
            b"3\r\n<p>\r\n2;a=b\r\nab\r\n0\r\n\r\n",
            b"<p>ab",
        );
        check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", b"<p>already whole", b"<p>already whole");
        check("HTTP/1.1 200 OK\r\nContent-Encoding: gzip", &gzip(b"<p>packed"), b"<p>packed");
        check("HTTP/1.1 200 OK\r\nContent-Encoding: gzip", b"<p>unpacked before", b"<p>unpacked before");
        check("HTTP/1.1 200 OK\r\nContent-Encoding: br", b"<p>unpacked before", b"<p>unpacked before");
        check("HTTP/2 200\r\nContent-Type: text/html", b"<p>x", b"<p>x");
        check("HTTP/2.0 200 \r\nX: y\r\nContent-Type: text/html", b"<p>x", b"<p>x");
        check("HTTP/1.1 200\r\nBad Header : é\r\nContent-Type: text/html", b"<p>x", b"<p>x");
    }

    #[test]
    fn reads_the_head() {
        let bytes = b"HTTP/1.0 404 Not Found\r\nContent-type: Text/HTML; Charset=\"ISO-8859-2\"\r\n\r\n";
        let head = head(bytes).unwrap();
        assert_eq!((head.status, head.media_type.as_str()), (404, "text/html"));
        assert_eq!(head.charset.map(Encoding::name), Some("ISO-8859-2"));
    }

    #[test]
    fn says_what_it_cannot_read() {
        let of = |bytes: &[u8]| response(bytes, 1000).err();
        assert_eq!(of(b"nonsense"), Some(HttpError::BadHead));
        assert_eq!(
            of(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\x0b\x02"),
            Some(HttpError::UnknownCoding("br".into()))
        );
        let bomb =
            [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".to_vec(), gzip(&vec![b' '; 100_000])]
                .concat();
        assert_eq!(of(&bomb), Some(HttpError::TooLarge));
    }
}
