//! Many articles: an update costs what changed, no query costs more than a second, and the law holds.

use std::path::Path;
use std::time::{Duration, Instant};

use onrecord::engine::local;
use onrecord::engine::{EngineError, SearchBackend};
use onrecord::model::search::{DocKind, SearchRequest};

use super::{Dice, Port, Shelf, scale};

/// Words that look like words, some much more frequent than others.
fn word(dice: &mut Dice) -> String {
    const SYLLABLES: [&str; 24] = [
        "ba", "co", "der", "en", "fi", "gal", "ho", "in", "jor", "ka", "lem", "mi", "nor", "o", "pel", "qua",
        "ri", "sta", "tor", "ul", "ven", "wa", "xi", "yor",
    ];
    // The product of two numbers: small ones come often.
    let number = dice.below(200) * dice.below(200);
    let mut word = String::new();
    let mut rest = number;
    for _ in 0..3 {
        word.push_str(SYLLABLES[rest % SYLLABLES.len()]);
        rest /= SYLLABLES.len();
    }
    word
}

fn write_page(port: &Port, id: usize, version: usize) {
    let mut dice = Dice::new((id * 1_000 + version) as u64);
    let mut text = format!(
        "Page {id} of version {version}\nBy Rae Stone, Daily Ledger\nMarch {}, 2031\n\n",
        id % 28 + 1
    );
    for paragraph in 0..4 {
        let words: Vec<String> = (0..40).map(|_| word(&mut dice)).collect();
        let words = words.join(" ");
        text.push_str(&match paragraph {
            1 => format!("“We know of {words},” said Ada Moreau, the harbour master.\n\n"),
            _ => format!("The harbour {words}.\n\n"),
        });
    }
    port.home.write(&format!("news/{}/page{id}.txt", id % 100), text);
}

/// Four thousand bytes of what a query can be made of, each kind alone and all together.
fn nasty() -> Vec<(&'static str, String)> {
    let fill = |piece: &dyn Fn(usize) -> String, joint: &str| {
        let mut query = String::new();
        for no in 0.. {
            let next = piece(no);
            if query.len() + joint.len() + next.len() > 4_000 {
                break;
            }
            if no > 0 {
                query.push_str(joint);
            }
            query.push_str(&next);
        }
        query
    };
    let words: Vec<String> = {
        let mut dice = Dice::new(99);
        (0..600).map(|_| word(&mut dice)).collect()
    };
    let pick = |no: usize| words[no % words.len()].clone();
    vec![
        ("words", fill(&pick, " ")),
        ("any of many words", fill(&pick, " OR ")),
        ("prefixes", fill(&|no| format!("{}*", &pick(no)[..2]), " ")),
        ("any of many prefixes", fill(&|no| format!("{}*", &pick(no)[..1]), " OR ")),
        ("stars in the middle", fill(&|no| format!("{}*{}", &pick(no)[..1], &pick(no + 1)[..1]), " OR ")),
        ("stars in front", fill(&|no| format!("*{}", &pick(no)[..2]), " OR ")),
        ("misspelt", fill(&|no| format!("{}~2", pick(no)), " OR ")),
        ("a phrase", format!("\"{}\"", fill(&pick, " "))),
        ("phrases", fill(&|no| format!("\"the harbour {}\"", pick(no)), " OR ")),
        ("loose phrases", fill(&|no| format!("\"harbour {} {}\"~50", pick(no), pick(no + 1)), " OR ")),
        ("near", fill(&|no| format!("harbour w/50 {}", pick(no)), " OR ")),
        ("near in a row", fill(&pick, " w/99 ")),
        ("near of groups", {
            let group = |from: usize| fill(&|no| format!("{}*", &pick(no + from)[..1]), " OR ");
            format!(
                "({}) w/50 ({})",
                &group(0)[..1_900].trim_end_matches(|c| c != '*'),
                &group(7)[..1_900].trim_end_matches(|c| c != '*')
            )
        }),
        ("same sentence", fill(&|no| format!("(harbour w/s {})", pick(no)), " OR ")),
        ("nested", format!("{}harbour{}", "(".repeat(1_900), ")".repeat(1_900))),
        ("nested and not", fill(&|no| format!("NOT ({} OR {})", pick(no), pick(no + 2)), " AND ")),
        ("excluded", format!("harbour {}", fill(&|no| format!("-{}", pick(no)), " "))),
        ("within quotes", fill(&|no| format!("said({} AND harbour)", pick(no)), " OR ")),
        ("so many of", format!("atleast9({})", fill(&pick, " "))),
        ("fields", fill(&|no| format!("headline:{} speaker:{}", pick(no), pick(no)), " OR ")),
        ("dates", fill(&|no| format!("date:2031-{:02}", no % 12 + 1), " OR ")),
        ("one letter", fill(&|_| "a*".to_owned(), " OR ")),
        (
            "all",
            fill(
                &|no| {
                    format!(
                        "({}* w/9 \"{} {}\"~3) -{}~1",
                        &pick(no)[..2],
                        pick(no),
                        pick(no + 1),
                        pick(no + 5)
                    )
                },
                " OR ",
            ),
        ),
    ]
}

/// Time the processors gave this process: what the machine does beside does not count. Where the system does not tell, the
/// time that went by.
fn processor_time() -> Duration {
    static BEGUN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name in parentheses, the 12th and 13th number, in hundredths of a second.
    let numbers = stat.rsplit_once(") ").map_or("", |(_, numbers)| numbers).split(' ').skip(11).take(2);
    let ticks: Vec<u64> = numbers.filter_map(|number| number.parse().ok()).collect();
    match ticks[..] {
        [user, system] => Duration::from_millis((user + system) * 10),
        _ => BEGUN.elapsed(),
    }
}

#[test]
fn an_update_and_a_query_cost_what_they_should() {
    let is_long = scale() >= 20;
    let n_articles = if is_long { 1_000 * scale() } else { 120 };
    let n_changed = n_articles / 1_000 + 1;
    let port = Port::new();
    for id in 0..n_articles {
        write_page(&port, id, 1);
    }
    let timed = |args: &[&str]| {
        let begun = Instant::now();
        let mut command = port.home.command();
        command.args(["index", &port.corpus, "--index", &port.index, "-q"]).args(args);
        assert!(command.status().expect("run onrecord").success());
        begun.elapsed()
    };
    let full = timed(&[]);
    // Files are trusted by their time when that is two seconds old.
    std::thread::sleep(Duration::from_secs(if is_long { 3 } else { 0 }));
    let nothing = timed(&[]);
    for id in 0..n_changed {
        write_page(&port, id * 977 % n_articles, 2);
    }
    let some = timed(&[]);
    println!(
        "updates: {n_articles} articles in {:.1} s; nothing changed {:.2} s; {n_changed} changed {:.2} s, 1/{:.0} of it",
        full.as_secs_f64(),
        nothing.as_secs_f64(),
        some.as_secs_f64(),
        full.as_secs_f64() / some.as_secs_f64()
    );
    assert!(!is_long || some * 20 < full, "an update of {n_changed} took {some:?}, all of it {full:?}");

    let index = local::open(Path::new(&port.index)).expect("an index");
    let today = jiff::civil::date(2031, 5, 1);
    let (mut slowest, mut n_refused) = ((Duration::ZERO, ""), 0);
    let all = nasty();
    for (name, query) in &all {
        assert!(query.len() <= 4_096, "{name}: {}", query.len());
        for kind in [DocKind::Article, DocKind::Quote] {
            let begun = processor_time();
            let answer = match onrecord::query::parse(query, today) {
                Ok(parsed) => index.search(&SearchRequest::new(kind, parsed.query)).map(|found| found.total),
                Err(errors) => Err(EngineError::Limit(errors.to_string())),
            };
            let took = processor_time().saturating_sub(begun);
            n_refused += usize::from(matches!(answer, Err(EngineError::Limit(_))));
            assert!(matches!(answer, Ok(_) | Err(EngineError::Limit(_))), "{name}: {answer:?}");
            if is_long {
                println!(
                    "  {took:>10.1?}  {kind:?} {name}: {:?}",
                    answer.map_err(|error| error.to_string().chars().take(70).collect::<String>())
                );
            }
            if took > slowest.0 {
                slowest = (took, name);
            }
        }
    }
    println!(
        "queries: {} of 4,000 bytes, {n_refused} refused, the slowest took {:.0?} ({})",
        2 * all.len(),
        slowest.0,
        slowest.1
    );
    let patience = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 1 });
    assert!(slowest.0 < patience, "{} took {:?}", slowest.1, slowest.0);
}

#[test]
fn the_law_holds_for_many_articles() {
    let (pages, rows) = if scale() >= 20 { (4_000, 6_000) } else { (40, 60) };
    let mut dice = Dice::new(53);
    let port = Port::new();
    let mut shelf = Shelf::of(pages, rows);
    shelf.write(&port.home, &Shelf::default());
    port.update(&[]);
    let n_rounds = if scale() >= 20 { 12 } else { 2 };
    for round in 0..n_rounds {
        let before = shelf.clone();
        shelf.shake(&mut dice, [3, pages / 50, pages / 5][round % 3]);
        shelf.write(&port.home, &before);
        // Some runs are killed on their way, once or twice.
        for _ in 0..dice.below(3) {
            let mut child = port.indexing(&[]).spawn().expect("run onrecord");
            std::thread::sleep(Duration::from_millis(30 + dice.below(500) as u64));
            let _ = child.kill();
            let _ = child.wait();
        }
        port.update(&[]);
        if round % 4 == 3 || round + 1 == n_rounds {
            port.is_as_rebuilt();
        }
    }
    println!(
        "law: {n_rounds} rounds of changes and kills on {} articles; all answers as of a fresh build",
        pages + rows
    );
}
