//! One file as a stream of plain bytes: opened, decompressed, UTF-16 made UTF-8, its beginning at hand for recognition.
//!
//! In: a path or any reader. Out: [`Input`]. Bounds what a small file can expand to. Knows nothing of formats beyond
//! compression and byte order marks.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE};

/// A stream of bytes ready for a format's reader.
pub(crate) struct Input {
    /// The first bytes, at most [`SAMPLE`]; they are still to be read from `reader`.
    pub(crate) sample: Vec<u8>,
    /// Whether the sample is the whole.
    pub(crate) is_whole: bool,
    /// The bytes from the beginning, without a byte order mark.
    pub(crate) reader: Source,
    /// Whether the text was UTF-16 and is now UTF-8.
    pub(crate) was_utf16: bool,
    /// The name without a compression ending, lower case, for recognition.
    pub(crate) name: String,
}

/// What formats read from.
pub(crate) type Source = BufReader<Box<dyn Read + Send>>;

/// Enough to see the first record of nearly every file.
pub(crate) const SAMPLE: usize = 64 * 1024;

const BUFFER: usize = 256 * 1024;

/// A stream may become this many times larger when decompressed; news compresses 3 to 10 times, logs of equal lines 100.
const MAX_EXPANSION: u64 = 300;

/// Below this size nobody cares about expansion.
const FREE_EXPANSION: u64 = 64 * 1024 * 1024;

/// Largest zstd window, as the `zstd` program allows without being told otherwise: 128 MiB.
const MAX_ZSTD_WINDOW_LOG: u32 = 27;

/// Message of the error that ends a stream which expands too much.
pub(crate) const EXPANDS: &str = "it expands too much when decompressed";

impl Input {
    /// Opens the file at `path`, called `name`.
    pub(crate) fn open(path: &Path, name: &str) -> io::Result<Input> {
        let file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        Input::from_reader(Box::new(file), name)
    }

    /// Makes an input of any reader.
    pub(crate) fn from_reader(reader: Box<dyn Read + Send>, name: &str) -> io::Result<Input> {
        let mut name = name.to_lowercase();
        let (mut sample, mut reader, mut is_whole) = peek(reader)?;
        if let Some(compression) = Compression::of(&sample) {
            for ending in compression.endings() {
                if let Some(stem) = name.strip_suffix(ending) {
                    name.truncate(stem.len());
                    break;
                }
            }
            (sample, reader, is_whole) = peek(compression.decoder(reader)?)?;
        }
        let mut was_utf16 = false;
        if let Some((encoding, bom_len)) = wide_encoding(&sample) {
            was_utf16 = true;
            (sample, reader, is_whole) = peek(Box::new(Wide::new(encoding, reader, bom_len)))?;
        }
        let bom = if sample.starts_with(UTF8_BOM) { UTF8_BOM.len() } else { 0 };
        sample.drain(..bom);
        let capacity = if is_whole { sample.len().max(64) } else { BUFFER };
        let mut reader: Source = BufReader::with_capacity(capacity, reader);
        if bom > 0 {
            io::copy(&mut (&mut reader).take(bom as u64), &mut io::sink())?;
        }
        Ok(Input { sample, is_whole, reader, was_utf16, name })
    }

    /// All bytes, when they are at most `limit`; `None` when there are more.
    pub(crate) fn read_all(mut self, limit: usize) -> io::Result<Option<Vec<u8>>> {
        if self.is_whole {
            return Ok(Some(self.sample).filter(|sample| sample.len() <= limit));
        }
        let mut bytes = Vec::with_capacity(2 * SAMPLE);
        (&mut self.reader).take(limit as u64 + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes).filter(|bytes| bytes.len() <= limit))
    }
}

const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// The beginning of a stream, the stream from its beginning, and whether the beginning is all.
type Peeked = (Vec<u8>, Box<dyn Read + Send>, bool);

fn peek(mut reader: Box<dyn Read + Send>) -> io::Result<Peeked> {
    let mut sample = Vec::with_capacity(4 * 1024);
    // A damaged stream still gives what came before the damage; reading on meets the error again.
    match (&mut reader).take(SAMPLE as u64).read_to_end(&mut sample) {
        Ok(_) if sample.len() < SAMPLE => Ok((sample.clone(), Box::new(Cursor::new(sample)), true)),
        Ok(_) => Ok((sample.clone(), Box::new(Cursor::new(sample).chain(reader)), false)),
        Err(error) if sample.is_empty() => Err(error),
        Err(error) => Ok((sample.clone(), Box::new(Cursor::new(sample).chain(Failed(Some(error)))), false)),
    }
}

/// Gives the error of a stream that failed while its beginning was read.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[derive(Clone, Copy)]
enum Compression {
    Gzip,
    Zstd,
}

impl Compression {
    fn of(sample: &[u8]) -> Option<Self> {
        match sample {
            [0x1F, 0x8B, 8, ..] => Some(Compression::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Compression::Zstd),
            // A frame to be skipped comes first in seekable archives.
            [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Compression::Zstd),
            _ => None,
        }
    }

    const fn endings(self) -> [&'static str; 3] {
        match self {
            Compression::Gzip => [".gz", ".gzip", ".z"],
            Compression::Zstd => [".zst", ".zstd", ".zz"],
        }
    }

    fn decoder(self, reader: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
        let counted = Counted { reader, bytes: 0 };
        Ok(match self {
            Compression::Gzip => {
                // `MultiGzDecoder`: a WARC file is one gzip member per record, and `GzDecoder` stops after the first.
                let decoder =
                    flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(BUFFER / 4, counted));
                Box::new(Bounded {
                    reader: decoder,
                    bytes: 0,
                    taken: |decoder| decoder.get_ref().get_ref().bytes,
                })
            }
            Compression::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::new(counted)?;
                decoder.window_log_max(MAX_ZSTD_WINDOW_LOG)?;
                Box::new(Bounded {
                    reader: decoder,
                    bytes: 0,
                    taken: |decoder| decoder.get_ref().get_ref().bytes,
                })
            }
        })
    }
}

struct Counted {
    reader: Box<dyn Read + Send>,
    bytes: u64,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.bytes += n as u64;
        Ok(n)
    }
}

/// A decoder that gives up when what comes out is out of proportion to what went in.
struct Bounded<R> {
    reader: R,
    bytes: u64,
    taken: fn(&R) -> u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.bytes += n as u64;
        if self.bytes > FREE_EXPANSION && self.bytes / MAX_EXPANSION > (self.taken)(&self.reader) {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, EXPANDS));
        }
        Ok(n)
    }
}

/// UTF-16 by its byte order mark, or by the zero bytes of Western text without one.
fn wide_encoding(sample: &[u8]) -> Option<(&'static Encoding, usize)> {
    match sample {
        [0xFF, 0xFE, 0, 0, ..] => return None,
        [0xFF, 0xFE, ..] => return Some((UTF_16LE, 2)),
        [0xFE, 0xFF, ..] => return Some((UTF_16BE, 2)),
        _ => {}
    }
    let head = &sample[..sample.len().min(1024) & !1];
    if head.len() < 16 {
        return None;
    }
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    match (even * 10 > half * 9, odd * 10 > half * 9) {
        (false, true) if even == 0 => Some((UTF_16LE, 0)),
        (true, false) if odd == 0 => Some((UTF_16BE, 0)),
        _ => None,
    }
}

/// Reads UTF-16 as UTF-8.
struct Wide {
    decoder: Decoder,
    reader: Box<dyn Read + Send>,
    raw: Vec<u8>,
    raw_from: usize,
    out: Vec<u8>,
    out_from: usize,
    skip: usize,
    is_done: bool,
}

impl Wide {
    fn new(encoding: &'static Encoding, reader: Box<dyn Read + Send>, bom_len: usize) -> Self {
        Wide {
            decoder: encoding.new_decoder_without_bom_handling(),
            reader,
            raw: Vec::new(),
            raw_from: 0,
            out: vec![0; SAMPLE],
            out_from: SAMPLE,
            skip: bom_len,
            is_done: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        if self.raw_from == self.raw.len() {
            self.raw.resize(SAMPLE, 0);
            let n = self.reader.read(&mut self.raw)?;
            self.raw.truncate(n);
            // The mark is two bytes; a reader that gives one at a time is met with `min`.
            self.raw_from = self.skip.min(n);
            self.skip -= self.raw_from;
            self.is_done = n == 0;
        }
        self.out.resize(SAMPLE, 0);
        let (result, read, written, _) =
            self.decoder.decode_to_utf8(&self.raw[self.raw_from..], &mut self.out, self.is_done);
        self.raw_from += read;
        self.out.truncate(written);
        self.out_from = 0;
        if result == CoderResult::OutputFull {
            self.is_done = false;
        }
        Ok(())
    }
}

impl Read for Wide {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.out_from >= self.out.len() {
            if self.is_done {
                return Ok(0);
            }
            self.refill()?;
        }
        let n = buffer.len().min(self.out.len() - self.out_from);
        buffer[..n].copy_from_slice(&self.out[self.out_from..self.out_from + n]);
        self.out_from += n;
        Ok(n)
    }
}

/// How reading a bounded stretch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stretch {
    /// It is in the buffer.
    Whole,
    /// It was longer than the limit and was read past without being kept.
    TooLong,
    /// There is no more.
    End,
}

/// Reads a line into `line`, without its end (`\n` or, for `\r` files, `\r`). A line longer than `limit` is passed over in
/// constant memory.
pub(crate) fn read_line(
    mut reader: &mut dyn BufRead,
    end: u8,
    limit: usize,
    line: &mut Vec<u8>,
) -> io::Result<Stretch> {
    line.clear();
    let n = (&mut reader).take(limit as u64 + 1).read_until(end, line)?;
    if line.last() == Some(&end) {
        line.pop();
        return Ok(Stretch::Whole);
    }
    if n <= limit {
        return Ok(if n == 0 { Stretch::End } else { Stretch::Whole });
    }
    reader.skip_until(end)?;
    line.clear();
    line.shrink_to(BUFFER);
    Ok(Stretch::TooLong)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn all(bytes: &[u8]) -> io::Result<(Vec<u8>, bool)> {
        let mut input = Input::from_reader(Box::new(Cursor::new(bytes.to_vec())), "x.jsonl.gz")?;
        let mut read = Vec::new();
        input.reader.read_to_end(&mut read)?;
        Ok((read, input.was_utf16))
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn opens_every_layer() {
        assert_eq!(all(b"plain").unwrap().0, b"plain");
        assert_eq!(all(b"\xEF\xBB\xBFmarked").unwrap().0, b"marked");
        assert_eq!(all(&[gzip(b"one "), gzip(b"two")].concat()).unwrap().0, b"one two");
        assert_eq!(all(&zstd::encode_all(&b"frame"[..], 3).unwrap()).unwrap().0, b"frame");
        let wide: Vec<u8> = "\u{feff}wíde “text”".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(all(&wide).unwrap(), ("wíde “text”".as_bytes().to_vec(), true));
        let long = "é".repeat(200_000);
        let wide: Vec<u8> = format!("\u{feff}{long}").encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(all(&gzip(&wide)).unwrap().0, long.as_bytes());
        let bare: Vec<u8> = "no mark at all here".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(all(&bare).unwrap().0, b"no mark at all here");
    }

    #[test]
    fn a_cut_gzip_gives_what_it_has_then_fails() {
        let packed = gzip("line of text\n".repeat(1000).as_bytes());
        let mut input =
            Input::from_reader(Box::new(Cursor::new(packed[..packed.len() - 20].to_vec())), "x").unwrap();
        assert!(!input.sample.is_empty());
        let mut read = Vec::new();
        assert!(input.reader.read_to_end(&mut read).is_err());
        assert!(!read.is_empty());
    }

    #[test]
    fn a_bomb_is_stopped() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let zeros = vec![b' '; 1 << 20];
        for _ in 0..200 {
            encoder.write_all(&zeros).unwrap();
        }
        let mut input = Input::from_reader(Box::new(Cursor::new(encoder.finish().unwrap())), "x").unwrap();
        let error = io::copy(&mut input.reader, &mut io::sink()).unwrap_err();
        assert_eq!(error.to_string(), EXPANDS);
    }

    #[test]
    fn long_lines_are_passed_over() {
        let text = [b"a\n".to_vec(), vec![b'x'; 5000], b"\n\nb".to_vec()].concat();
        let mut reader = BufReader::with_capacity(64, Cursor::new(text));
        let mut line = Vec::new();
        let mut seen = Vec::new();
        loop {
            let stretch = read_line(&mut reader, b'\n', 100, &mut line).unwrap();
            seen.push((stretch, line.len()));
            if stretch == Stretch::End {
                break;
            }
        }
        use Stretch::{End, TooLong, Whole};
        assert_eq!(seen, [(Whole, 1), (TooLong, 0), (Whole, 0), (Whole, 1), (End, 0)]);
    }
}
