//! Articles that nobody wrote: made from a seed, with the proportions of news.
//!
//! Words follow Zipf's law for the first eight thousand ranks and fall twice as fast behind, so that the vocabulary grows
//! with about the square root of the text. Outlets and speakers follow it too. Every article has quotes as news has them:
//! direct, interrupted, reported, with full names, surnames and pronouns. The same number gives the same article on every
//! machine.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

/// Raise it when an article with the same number reads differently.
const VERSION: u32 = 1;
/// Articles of one file.
const FILE_ARTICLES: usize = 5_000;
/// Ranks that follow Zipf's law; behind them frequency falls with the square of the rank.
const HEAD_RANKS: f64 = 8_000.0;
const OUTLETS: f64 = 60.0;
const SPEAKERS: f64 = 20_000.0;
const WRITERS: f64 = 2_000.0;
/// Days that articles spread over.
const DAYS: u64 = 1_826;

/// A corpus on disk.
pub struct Corpus {
    /// The folder of its files.
    pub dir: PathBuf,
    /// Articles.
    pub articles: usize,
    /// Bytes of headlines and bodies.
    pub text_bytes: u64,
}

impl Corpus {
    /// The corpus of `articles` articles under `root`; written unless it is there.
    pub fn of(root: &Path, articles: usize) -> Corpus {
        let dir = root.join(format!("corpus-{articles}"));
        let note = root.join(format!("corpus-{articles}.note"));
        let known = fs::read_to_string(&note).ok();
        let known = known.as_deref().and_then(|text| text.split_once(' '));
        if let Some((version, bytes)) = known
            && version == VERSION.to_string()
        {
            return Corpus { dir, articles, text_bytes: bytes.trim().parse().expect("bytes of text") };
        }
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).expect("make the folder of the corpus");
        let mut text_bytes = 0;
        for (number, first) in (0..articles).step_by(FILE_ARTICLES).enumerate() {
            let file = fs::File::create(dir.join(file_name(number))).expect("make a file of the corpus");
            let mut out = BufWriter::new(file);
            for article in first..articles.min(first + FILE_ARTICLES) {
                let article = Article::new(article as u64, 0);
                text_bytes += article.text_bytes();
                article.write(&mut out);
            }
            out.flush().expect("write the corpus");
        }
        fs::write(note, format!("{VERSION} {text_bytes}")).expect("write the note of the corpus");
        Corpus { dir, articles, text_bytes }
    }

    /// Writes `changed` articles, evenly spread, with other words; `edition` tells one change from another. The files
    /// they stand in are written anew.
    pub fn change(&self, changed: usize, edition: u64) {
        let every = (self.articles / changed.max(1)).max(1);
        for (number, first) in (0..self.articles).step_by(FILE_ARTICLES).enumerate() {
            let path = self.dir.join(file_name(number));
            let mut out = BufWriter::new(fs::File::create(path).expect("open a file of the corpus"));
            for article in first..self.articles.min(first + FILE_ARTICLES) {
                let is_changed = changed > 0 && article % every == 0 && article / every < changed;
                Article::new(article as u64, if is_changed { edition } else { 0 }).write(&mut out);
            }
            out.flush().expect("write the corpus");
        }
    }
}

fn file_name(number: usize) -> String {
    format!("articles-{number:04}.jsonl")
}

/// One article.
pub struct Article {
    pub number: u64,
    pub headline: String,
    pub body: String,
    pub outlet: String,
    pub author: String,
    pub date: String,
}

impl Article {
    /// The article with this number; another `edition` has another body.
    pub fn new(number: u64, edition: u64) -> Article {
        let mut dice = Dice::new(number);
        let outlet = outlet(dice.zipf(OUTLETS));
        let author = name(dice.zipf(WRITERS) + 7_000_000);
        let day = dice.below(DAYS);
        let date = jiff::civil::date(2020, 1, 1).checked_add(jiff::Span::new().days(day as i64));
        let mut headline = capital(&words(&mut dice, 5, 9, 40));
        headline.truncate(headline.trim_end().len());
        let mut dice = Dice::new(number ^ (edition << 40));
        let body = body(&mut dice);
        Article { number, headline, body, outlet, author, date: date.expect("a date").to_string() }
    }

    fn text_bytes(&self) -> u64 {
        (self.headline.len() + self.body.len()) as u64
    }

    fn write(&self, out: &mut impl Write) {
        let record = json!({
            "id": format!("a{}", self.number),
            "headline": self.headline,
            "body": self.body,
            "outlet": self.outlet,
            "author": self.author,
            "date": self.date,
            "url": format!("https://news.example/{}/story-{}", self.date, self.number),
        });
        serde_json::to_writer(&mut *out, &record).expect("write an article");
        out.write_all(b"\n").expect("write an article");
    }
}

fn body(dice: &mut Dice) -> String {
    let mut out = String::with_capacity(4_000);
    let people: Vec<u64> = (0..1 + dice.below(3)).map(|_| dice.zipf(SPEAKERS)).collect();
    let mut introduced = vec![false; people.len()];
    let paragraphs = 6 + dice.below(12);
    for paragraph in 0..paragraphs {
        if paragraph > 0 {
            out.push_str("\n\n");
        }
        if paragraph > 0 && dice.below(100) < 40 {
            let who = dice.below(people.len() as u64) as usize;
            let is_new = !std::mem::replace(&mut introduced[who], true);
            said(dice, people[who], is_new, &mut out);
        } else {
            for sentence in 0..1 + dice.below(3) {
                if sentence > 0 {
                    out.push(' ');
                }
                out.push_str(&capital(&words(dice, 8, 28, 0)));
                out.push('.');
            }
        }
    }
    out
}

/// A paragraph in which somebody speaks.
fn said(dice: &mut Dice, person: u64, is_new: bool, out: &mut String) {
    const CUES: [&str; 8] = ["said", "said", "said", "said", "told reporters", "added", "warned", "argued"];
    const ROLES: [&str; 6] = [
        "the finance minister",
        "a spokesman for the ministry",
        "the mayor",
        "an economist at the central bank",
        "the union leader",
        "a professor of law",
    ];
    let cue = CUES[dice.below(CUES.len() as u64) as usize];
    let full = name(person);
    let surname = full.split_once(' ').map_or(full.as_str(), |(_, last)| last).to_owned();
    let who = match is_new {
        true => format!("{full}, {},", ROLES[(person % ROLES.len() as u64) as usize]),
        false if dice.below(3) == 0 => (if is_woman(person) { "she" } else { "he" }).to_owned(),
        false => surname,
    };
    let first = capital(&words(dice, 6, 20, 0));
    let bare = who.trim_end_matches(',');
    match dice.below(6) {
        0 | 1 => out.push_str(&format!("“{first},” {cue} {bare}.")),
        2 => out.push_str(&format!("{} {cue}: “{first}.”", capital(&who))),
        3 => {
            let second = capital(&words(dice, 6, 20, 0));
            out.push_str(&format!("“{first},” {bare} said. “{second}.”"));
        }
        4 => {
            let rest = words(dice, 3, 8, 0);
            let part = words(dice, 2, 6, 0);
            out.push_str(&format!("{} {cue} that {rest} was “{part}”.", capital(&who)));
        }
        _ => out.push_str(&format!("{} said that {}.", capital(&who), words(dice, 8, 20, 0))),
    }
    if dice.below(2) == 0 {
        out.push(' ');
        out.push_str(&capital(&words(dice, 8, 24, 0)));
        out.push('.');
    }
}

/// `least` to `most` words in a row, the `skip` commonest left out.
fn words(dice: &mut Dice, least: u64, most: u64, skip: u64) -> String {
    let mut out = String::new();
    for at in 0..least + dice.below(most - least + 1) {
        if at > 0 {
            let comma = dice.below(14) == 0;
            out.push_str(if comma { ", " } else { " " });
        }
        out.push_str(&word(dice.word().max(skip)));
    }
    out
}

/// The word of a rank, from 0.
pub fn word(rank: u64) -> String {
    const COMMON: [&str; 48] = [
        "the", "of", "to", "and", "in", "a", "for", "that", "on", "is", "was", "with", "as", "it", "at",
        "by", "be", "from", "has", "have", "are", "an", "not", "this", "will", "which", "been", "but",
        "were", "or", "had", "they", "their", "more", "would", "about", "who", "its", "after", "new", "up",
        "also", "one", "than", "over", "when", "could", "if",
    ];
    const SYLLABLES: [&str; 40] = [
        "ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu", "wa", "ze",
        "bri", "cho", "dra", "fle", "gri", "plo", "sta", "tre", "sha", "the", "kno", "qua", "lan", "mer",
        "con", "per", "vin", "sol", "tur", "nal", "bor", "ren", "dis",
    ];
    const ENDS: [&str; 12] = ["", "", "", "s", "ed", "ing", "tion", "ment", "er", "ly", "al", "ty"];
    if let Some(common) = COMMON.get(rank as usize) {
        return (*common).to_owned();
    }
    // Words with neighbouring ranks look unlike each other, and forms of one stem lie far apart.
    let mut number = rank - COMMON.len() as u64;
    let end = ENDS[(number % ENDS.len() as u64) as usize];
    let mut out = String::new();
    number += SYLLABLES.len() as u64;
    while number > 0 {
        out.push_str(SYLLABLES[(number % SYLLABLES.len() as u64) as usize]);
        number /= SYLLABLES.len() as u64;
    }
    out.push_str(end);
    out
}

const GIVEN: [(&str, bool); 24] = [
    ("Anna", true),
    ("Peter", false),
    ("Maria", true),
    ("James", false),
    ("Laura", true),
    ("Thomas", false),
    ("Helen", true),
    ("Robert", false),
    ("Julia", true),
    ("Daniel", false),
    ("Emma", true),
    ("Martin", false),
    ("Sarah", true),
    ("David", false),
    ("Clara", true),
    ("Andrew", false),
    ("Nina", true),
    ("Simon", false),
    ("Alice", true),
    ("Victor", false),
    ("Diana", true),
    ("George", false),
    ("Susan", true),
    ("Michael", false),
];

/// A person's name.
pub fn name(person: u64) -> String {
    const STARTS: [&str; 16] = [
        "Hal", "Bren", "Lind", "Mor", "Kess", "Var", "Tol", "Ost", "Quin", "Rav", "Sel", "Dor", "Fen", "Gar",
        "Nor", "Wex",
    ];
    const MIDDLES: [&str; 12] = ["", "a", "er", "i", "o", "el", "an", "or", "is", "en", "u", "ar"];
    const ENDS: [&str; 14] = [
        "man", "sen", "ford", "berg", "ley", "ton", "ska", "ovic", "dez", "wood", "strom", "well", "ides",
        "oye",
    ];
    let mixed = mix(person);
    let pick = |from: &[&'static str], shift: u32| from[(mixed >> shift) as usize % from.len()];
    let given = GIVEN[(mixed >> 40) as usize % GIVEN.len()].0;
    format!("{given} {}{}{}", pick(&STARTS, 0), pick(&MIDDLES, 8), pick(&ENDS, 16))
}

fn is_woman(person: u64) -> bool {
    GIVEN[(mix(person) >> 40) as usize % GIVEN.len()].1
}

/// The name of an outlet by rank, from 0.
pub fn outlet(rank: u64) -> String {
    const KINDS: [&str; 6] = ["Post", "Courier", "Herald", "Chronicle", "Gazette", "Tribune"];
    format!("{} {}", capital(&word(500 + rank * 7)), KINDS[(rank % 6) as usize])
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Chance from a seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(mix(seed))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// 0 to `end`, `end` not included.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// 0 to 1, 0 not included.
    fn share(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 1.0) / (1u64 << 53) as f64
    }

    /// A rank from 0 to `ranks` by Zipf's law.
    fn zipf(&mut self, ranks: f64) -> u64 {
        (self.share() * ranks.ln()).exp() as u64 - 1
    }

    /// The rank of a word.
    fn word(&mut self) -> u64 {
        let head = HEAD_RANKS.ln();
        let at = self.share() * (head + 1.0);
        let rank = if at < head { at.exp() } else { (HEAD_RANKS / self.share()).min(1e12) };
        rank as u64 - 1
    }
}
