//! Goldens of ranked answers on the sample corpus: what is wanted first must come first, and a summary may not fall.

use std::fmt::Write as _;

use crate::support::Home;

/// A query, and the beginning of the headline that should come first; several are equally right.
const WANTED: &[(&str, &[&str])] = &[
    ("water treaty annex", &["What the Tamber treaty says"]),
    (
        "tamber treaty signed",
        &["Velmora and Karsund Sign Tamber", "Velmora, Karsund sign", "Water treaty ends"],
    ),
    ("carbon levy trade panel", &["Karsund to challenge carbon levy"]),
    ("steel federation levy timetable", &["Marrowan Union Unveils", "Steel towns brace", "A levy on carbon"]),
    (
        "migration pact four votes",
        &["Parliament Backs Migration Pact", "Four votes", "Velmora narrowly adopts"],
    ),
    ("dockers", &["Port workers"]),
    ("nurse ratio law cost", &["Hospitals Must Meet", "Where will four thousand"]),
    ("diplomas Lirria nurses", &["Lirria nurses eye"]),
    (
        "joint troops border letter",
        &["Calderwick Rejects Karsund", "Calderwick turns down", "Why Calderwick said no"],
    ),
    ("patrol boat general", &["General Drost"]),
    ("blackout port marrow hospital", &["Power back in Port Marrow"]),
    ("law on critical networks", &["Cyberattack Darkens", "After the blackout"]),
    ("cod quota skell", &["Cod deal splits", "Nine people, four hundred", "Fish, quotas"]),
    ("drought cut release orrin", &["Drought: Steen orders", "The first cut"]),
    ("heat schools seven", &["HEAT: SCHOOLS"]),
    ("outdoor work 36 degrees", &["Outdoor work to stop", "Velmora minister wants outdoor"]),
    ("insulin cap", &["The insulin cap"]),
    (
        "\"a river does not ask for a passport\"",
        &["Velmora", "Water treaty", "What the Tamber", "Renn defends"],
    ),
    ("bridge music bands", &["(none)"]),
    ("interview certainty crop", &["Maren Oduya"]),
];

#[test]
fn what_is_wanted_comes_first() {
    let home = Home::new();
    let queries: String = WANTED.iter().fold(String::new(), |mut text, (query, _)| {
        text.push_str(query);
        text.push('\n');
        text
    });
    let file = home.write("queries.txt", queries);
    let answers =
        home.json(&["search", "--batch", file.to_str().unwrap(), "--corpus", "sample-corpus", "-q"]);
    let mut golden = String::new();
    let (mut reciprocal, mut first, mut in_five) = (0.0, 0, 0);
    for ((query, wanted), answer) in WANTED.iter().zip(&answers) {
        let hits = answer["hits"].as_array().unwrap();
        let headline = |hit: &serde_json::Value| hit["headline"].as_str().unwrap_or("(none)").to_owned();
        let rank = hits.iter().position(|hit| wanted.iter().any(|start| headline(hit).starts_with(start)));
        if let Some(rank) = rank {
            reciprocal += 1.0 / (rank + 1) as f64;
            first += usize::from(rank == 0);
            in_five += usize::from(rank < 5);
        }
        writeln!(
            golden,
            "{query}\n  total {}, wanted at {}",
            answer["total"],
            rank.map_or(0, |rank| rank + 1)
        )
        .unwrap();
        for hit in hits.iter().take(3) {
            writeln!(
                golden,
                "  {} | {} | {}",
                hit["match"].as_str().unwrap(),
                hit["outlet"].as_str().unwrap_or("-"),
                headline(hit)
            )
            .unwrap();
        }
    }
    let n = WANTED.len() as f64;
    let summary = format!(
        "queries {}\nMRR {:.3}\nrecall@1 {:.3}\nrecall@5 {:.3}\n\n",
        WANTED.len(),
        reciprocal / n,
        first as f64 / n,
        in_five as f64 / n
    );
    insta::assert_snapshot!("ranking", summary + &golden);
    assert!(reciprocal / n >= 0.9, "MRR fell to {:.3}", reciprocal / n);
}
