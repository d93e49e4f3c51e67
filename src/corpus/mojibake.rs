//! Repairs text that was decoded with the wrong table: UTF-8 read as Windows-1252 (`â€™`), once or several times over.
//!
//! In: text. Out: the repaired text, or nothing when there is nothing certain to repair. Only sequences that no language
//! writes are touched; curly marks stay curly. One pass is linear; three passes at most undo threefold damage.

/// `text` with certain mojibake undone, and how many places were repaired. `None` when there is none.
pub(crate) fn repair(text: &str) -> Option<(String, usize)> {
    let composed = composed(text);
    let (mut repaired, mut total) = pass(composed.as_deref().unwrap_or(text))?;
    for _ in 1..MAX_PASSES {
        let Some((better, count)) = pass(&repaired) else { break };
        repaired = better;
        total += count;
    }
    Some((repaired, total))
}

/// Texts damaged three times over have been seen, four times not.
const MAX_PASSES: usize = 3;

/// Two-byte scripts (Greek, Cyrillic, Arabic) look like two legitimate signs; one such pair proves nothing.
const MIN_SCRIPT_PAIRS: usize = 4;

/// The damage's first signs in one character where a program had taken them apart into letter and accent.
fn composed(text: &str) -> Option<String> {
    if !text.as_bytes().contains(&0xCC) {
        return None;
    }
    let pairs = [("A\u{303}", "Ã"), ("A\u{302}", "Â"), ("a\u{302}", "â")];
    let is_damage = |pair: &str| {
        let mut rest = text.match_indices(pair).map(|(at, _)| &text[at + pair.len()..]);
        rest.any(|rest| rest.chars().next().is_some_and(|next| continuation(next).is_some()))
    };
    if !pairs.iter().any(|(pair, _)| is_damage(pair)) {
        return None;
    }
    Some(pairs.iter().fold(text.to_owned(), |text, (pair, whole)| text.replace(pair, whole)))
}

fn pass(text: &str) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut copied = 0;
    let mut count = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut scripts = None;
    // Every lead character of the damage (Â Ã Ä Å Ð Ñ Ø Ù Î Ï â ï ð) is itself C3 xx in UTF-8.
    while let Some(step) = memchr_c3(&bytes[at..]) {
        let start = at + step;
        at = start + 2;
        let Some(found) =
            damage_at(text, start, || *scripts.get_or_insert_with(|| script_pairs(text) >= MIN_SCRIPT_PAIRS))
        else {
            continue;
        };
        out.push_str(&text[copied..found.start]);
        out.push_str(found.meant.as_str());
        copied = found.end;
        at = found.end;
        count += 1;
    }
    if count == 0 {
        return None;
    }
    out.push_str(&text[copied..]);
    Some((out, count))
}

fn memchr_c3(bytes: &[u8]) -> Option<usize> {
    // `position` over bytes is vectorised by the compiler well enough; most English text has no C3 at all.
    bytes.iter().position(|byte| *byte == 0xC3)
}

struct Damage {
    start: usize,
    end: usize,
    meant: Meant,
}

enum Meant {
    Char([u8; 4], usize),
    Text(&'static str),
}

impl Meant {
    fn of(c: char) -> Self {
        let mut buffer = [0; 4];
        let len = c.encode_utf8(&mut buffer).len();
        Meant::Char(buffer, len)
    }

    fn as_str(&self) -> &str {
        match self {
            Meant::Char(buffer, len) => std::str::from_utf8(&buffer[..*len]).unwrap_or(""),
            Meant::Text(text) => text,
        }
    }
}

fn damage_at(text: &str, start: usize, has_scripts: impl FnOnce() -> bool) -> Option<Damage> {
    let mut chars = text[start..].char_indices();
    let (_, lead) = chars.next()?;
    let (second_at, second) = chars.next()?;
    let third = chars.next();
    let before = text[..start].chars().next_back();
    let end_of = |at: usize, c: char| start + at + c.len_utf8();
    let damage = |end: usize, meant: Meant| Some(Damage { start, end, meant });
    match lead {
        'â' if is_third_lost(second, third) => {
            // Between two letters it may have been a dash or an apostrophe.
            if third.is_some_and(|(_, c)| c.is_alphanumeric()) && before.is_some_and(char::is_alphanumeric) {
                return None;
            }
            // The closing mark is E2 80 9D, and 9D is no character of Windows-1252: it was dropped or replaced.
            match third {
                Some((_, '"')) => damage(end_of(third?.0, '"'), Meant::Text("—")),
                Some((at, c @ ('\u{fffd}' | '?'))) => damage(end_of(at, c), Meant::Text("”")),
                _ => damage(end_of(second_at, second), Meant::Text("”")),
            }
        }
        'â' => {
            let (third_at, third) = third?;
            if !matches!(byte_of(second)?, 0x80..=0x9F) {
                return None;
            }
            let meant = decoded(&[0xE2, byte_of(second)?, continuation(third)?])?;
            damage(end_of(third_at, third), Meant::of(meant))
        }
        'ï' => match (second, third) {
            ('»', Some((at, c @ '¿'))) => damage(end_of(at, c), Meant::Text("")),
            ('¿', Some((at, c @ '½'))) => damage(end_of(at, c), Meant::Text("\u{fffd}")),
            ('¬', Some((at, c))) => {
                let meant = decoded(&[0xEF, 0xAC, continuation(c)?])?;
                damage(end_of(at, c), Meant::of(meant))
            }
            _ => None,
        },
        'ð' if matches!(second, 'Ÿ' | '\u{9f}') => {
            let (_, third) = third?;
            let (fourth_at, fourth) = chars.next()?;
            let meant = decoded(&[0xF0, 0x9F, continuation(third)?, continuation(fourth)?])?;
            damage(end_of(fourth_at, fourth), Meant::of(meant))
        }
        'Ä' if start >= 3 && text[..start].ends_with('‚') => {
            // The same damage by the Macintosh table: E2 80 99 reads ‚Äô.
            let meant = match second {
                'ô' => "’",
                'ò' => "‘",
                'ú' => "“",
                'ù' => "”",
                'ì' => "–",
                'î' => "—",
                '¶' => "…",
                _ => return None,
            };
            Some(Damage {
                start: start - '‚'.len_utf8(),
                end: end_of(second_at, second),
                meant: Meant::Text(meant),
            })
        }
        'Â' => match second {
            // Not yet a plain space: after twofold damage it is the second half of a letter.
            '\u{a0}' => damage(end_of(second_at, second), Meant::Text("\u{a0}")),
            // In capitals "LÂ " could be a word; elsewhere a space that was not to be broken stood here.
            ' ' if !before.is_some_and(char::is_uppercase) => {
                damage(end_of(second_at, second), Meant::Text(" "))
            }
            '\u{a1}'..='\u{bf}' => damage(end_of(second_at, second), Meant::of(second)),
            '\u{80}'..='\u{9f}' => damage(end_of(second_at, second), Meant::of(second)),
            _ => None,
        },
        'Ã' if matches!(second, ' ' | '\u{a0}') => {
            // A sign such as ¯ or ¨ was taken apart into a space and an accent: naÃ ̄ve.
            if let Some((at, byte)) = third.and_then(|(at, c)| Some((at + c.len_utf8(), spacing(c)?))) {
                return damage(start + at, Meant::of(decoded(&[0xC3, byte])?));
            }
            let is_word_end = before.is_some_and(char::is_lowercase);
            if !is_word_end && second == ' ' {
                return None;
            }
            // The second half of "à" was a space that was not to be broken; the space after the word may be gone with it.
            let follows_letter = third.is_some_and(|(_, c)| c.is_alphanumeric());
            damage(end_of(second_at, second), Meant::Text(if follows_letter { "à " } else { "à" }))
        }
        'Ã' | 'Ä' | 'Å' => {
            let meant = decoded(&[byte_of(lead)?, continuation(second)?])?;
            let next = third.map(|(_, c)| c);
            let inside_word = next.is_some_and(char::is_alphabetic);
            // „Ä“ and MANHÃ”: a capital before a closing mark is legitimate.
            if is_mark(second) && !inside_word {
                return None;
            }
            damage(end_of(second_at, second), Meant::of(meant))
        }
        'Ð' | 'Ñ' | 'Î' | 'Ï' | 'Ø' | 'Ù' => {
            let meant = decoded(&[byte_of(lead)?, continuation(second)?])?;
            if !has_scripts() {
                return None;
            }
            damage(end_of(second_at, second), Meant::of(meant))
        }
        _ => None,
    }
}

fn is_third_lost(second: char, third: Option<(usize, char)>) -> bool {
    // E2 80 A0 is a dagger; in news the closing mark and a space are far likelier.
    second == '€' && third.is_none_or(|(_, c)| c == '\u{a0}' || continuation(c).is_none())
}

fn is_mark(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '„' | '‚' | '–' | '—' | '…' | '»' | '«' | '›' | '‹')
}

fn script_pairs(text: &str) -> usize {
    let mut chars = text.chars().peekable();
    let mut pairs = 0;
    while let Some(c) = chars.next() {
        let is_pair = matches!(c, 'Ð' | 'Ñ' | 'Î' | 'Ï' | 'Ø' | 'Ù')
            && chars.peek().is_some_and(|next| continuation(*next).is_some());
        pairs += usize::from(is_pair);
        if pairs >= MIN_SCRIPT_PAIRS {
            break;
        }
    }
    pairs
}

/// The byte of the sign whose accent `c` is.
const fn spacing(c: char) -> Option<u8> {
    match c {
        '\u{304}' => Some(0xAF),
        '\u{308}' => Some(0xA8),
        '\u{301}' => Some(0xB4),
        '\u{327}' => Some(0xB8),
        _ => None,
    }
}

fn decoded(bytes: &[u8]) -> Option<char> {
    std::str::from_utf8(bytes).ok()?.chars().next()
}

fn continuation(c: char) -> Option<u8> {
    byte_of(c).filter(|byte| (0x80..0xC0).contains(byte))
}

/// The byte that Windows-1252 (or Latin-1, for the bytes Windows leaves free) shows as `c`.
fn byte_of(c: char) -> Option<u8> {
    Some(match c {
        '\u{80}'..='\u{ff}' => c as u8,
        '€' => 0x80,
        '‚' => 0x82,
        'ƒ' => 0x83,
        '„' => 0x84,
        '…' => 0x85,
        '†' => 0x86,
        '‡' => 0x87,
        'ˆ' => 0x88,
        '‰' => 0x89,
        'Š' => 0x8A,
        '‹' => 0x8B,
        'Œ' => 0x8C,
        'Ž' => 0x8E,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        '˜' => 0x98,
        '™' => 0x99,
        'š' => 0x9A,
        '›' => 0x9B,
        'œ' => 0x9C,
        'ž' => 0x9E,
        'Ÿ' => 0x9F,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(damaged: &str, expected: &str) {
        assert_eq!(repair(damaged).map(|(text, _)| text).as_deref(), Some(expected), "{damaged}");
    }

    #[track_caller]
    fn check_untouched(text: &str) {
        assert_eq!(repair(text), None, "{text}");
    }

    fn damage(text: &str) -> String {
        text.bytes().map(|byte| encoding_rs::WINDOWS_1252.decode(&[byte]).0.into_owned()).collect()
    }

    #[test]
    fn undoes_utf8_read_as_windows_1252() {
        for text in [
            "“We won’t,” she said – “not now…”",
            "São Tomé, Kraków, Łódź, Škoda, Nuño",
            "£5 · 20° © ½ ®",
            "à la carte",
            "🙂 ok",
        ] {
            check(&damage(text), text);
            check(&damage(&damage(text)), text);
        }
    }

    #[test]
    fn undoes_it_where_a_byte_was_lost() {
        check("he saidâ€ and left", "he said” and left");
        check("he saidâ€", "he said”");
        check("he saidâ€\u{fffd} and", "he said” and");
        check("MayorÂ Duarte", "Mayor Duarte");
        check("20Â\u{a0}percent", "20\u{a0}percent");
        check("voilÃ  tout", "voilà tout");
        check("donâ\u{80}\u{99}t", "don’t");
        check("It‚Äôs", "It’s");
        check("naÃ \u{304}ve, SolÃ \u{308}ne", "naïve, Solène");
        check("FranA\u{303}\u{83}A\u{302}§ois", "François");
    }

    #[test]
    fn leaves_what_people_write() {
        for text in [
            "plain ascii",
            "“Don’t”, café, Ångström, Ämter, À bientôt",
            "Die Note „Ä“ fehlt",
            "DE MANHÃ À NOITE",
            "naïve Zoë, Łódź",
            "Ñandú, ÑÑ",
            "MANHÃ” disse",
            "Ð and Ñ“ alone",
            "â and ï and ð",
            "realâ€world",
            "BA\u{303}O and A\u{302}ne",
        ] {
            check_untouched(text);
        }
    }

    #[test]
    fn repairs_other_scripts_only_on_evidence() {
        check(&damage("Москва и Киев"), "Москва и Киев");
    }

    #[test]
    fn is_linear_on_endless_damage() {
        let text = "â€".repeat(200_000);
        assert!(repair(&text).is_some());
        let text = "Ð".repeat(500_000);
        check_untouched(&text);
    }
}
