//! The order of the first hits: what BM25 found is weighed again with the places of the words.
//!
//! Counted anew: where a word stands (headline, opening, body under one saturation), how close the words of the query
//! stand to one another, and how much of the query one sentence holds. Each part was kept because it helped on queries
//! with known answers, and each is small: an article is found by its words.

use super::cursor::K1;
use super::evidence::Evidence;
use super::plan::Plan;
use super::scan::Candidate;
use crate::model::search::DocKind;
use crate::query::Place;
use crate::schema::{BODY_START, HEADLINE_WEIGHT, STANDFIRST_START};

/// First hits that are weighed again; all others keep their place behind them.
pub(super) const WINDOW: usize = 50;

/// How the parts of a score are weighed. Chosen on the ranking queries; a change of less than a fifth does not matter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weights {
    /// A word in the headline counts so often.
    pub(super) headline: f32,
    /// A word in the standfirst or the opening counts so often.
    pub(super) opening: f32,
    /// Words of the body that are its opening.
    pub(super) opening_words: u32,
    /// Two neighbours of the query side by side, as share of the rarer one's idf.
    pub(super) pair: f32,
    /// Best sentence, as share of the idf of the words it holds.
    pub(super) sentence: f32,
}

const ARTICLE: Weights = Weights { headline: 5.0, opening: 1.5, opening_words: 60, pair: 0.7, sentence: 0.3 };
const QUOTE: Weights = Weights { headline: 1.0, opening: 1.0, opening_words: 0, pair: 0.7, sentence: 0.0 };

/// Share of a substitute's weight that counts where the word itself stands, too.
const BESIDE: f32 = 0.2;

/// Scores of `candidates` by their evidence, and their order by it.
pub(super) fn again(plan: &Plan, candidates: &mut [Candidate], evidence: &mut Vec<Evidence>) {
    for (candidate, evidence) in candidates.iter_mut().zip(evidence.iter()) {
        let more: f32 = parts(plan, evidence).iter().map(|part| part.score).sum();
        candidate.score += more * candidate.trust;
    }
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_unstable_by(|a, b| candidates[*a].cmp(&candidates[*b]));
    let sorted: Vec<Candidate> = order.iter().map(|idx| candidates[*idx]).collect();
    candidates.copy_from_slice(&sorted);
    let mut old: Vec<Option<Evidence>> = std::mem::take(evidence).into_iter().map(Some).collect();
    evidence.extend(order.iter().filter_map(|idx| old[*idx].take()));
}

/// One part of a score, with its reason.
pub(super) struct Part {
    pub(super) score: f32,
    pub(super) reason: String,
}

/// What is added to BM25.
pub(super) fn parts(plan: &Plan, evidence: &Evidence) -> Vec<Part> {
    let weights = match plan.kind {
        DocKind::Article => ARTICLE,
        DocKind::Quote => QUOTE,
    };
    let mut parts = Vec::new();
    let add = |parts: &mut Vec<Part>, score: f32, reason: String| {
        if score != 0.0 {
            parts.push(Part { score, reason });
        }
    };
    let words: Vec<Word<'_>> = plan.wanted.iter().map(|leaf| Word::new(plan, evidence, *leaf)).collect();
    for word in &words {
        add(&mut parts, word.opening(&weights, evidence.norm), format!("{} in the opening", word.shown));
        add(&mut parts, word.stand_in(), format!("{} (stands in)", word.label));
    }
    for pair in words.windows(2) {
        let [left, right] = pair else {
            continue;
        };
        let closeness = closeness(&left.places, &right.places);
        let score = weights.pair * closeness * left.idf.min(right.idf);
        add(&mut parts, score, format!("{} close to {}", left.shown, right.shown));
    }
    if words.len() > 1 {
        let score = weights.sentence * best_sentence(&words, &evidence.bounds);
        add(&mut parts, score, "most of the words in one sentence".to_owned());
    }
    parts
}

struct Word<'e> {
    shown: &'e str,
    label: &'e str,
    idf: f32,
    own: &'e [Place],
    /// Own places, or else those of the best substitute.
    places: Vec<Place>,
    best: f32,
}

impl<'e> Word<'e> {
    fn new(plan: &'e Plan, evidence: &'e Evidence, leaf: usize) -> Self {
        let word = &plan.leaves[leaf];
        let own = &evidence.own[leaf][..];
        let mut found =
            Word { shown: &word.word, label: "", idf: word.idf, own, places: own.to_vec(), best: 0.0 };
        for (substitute, places) in word.substitutes.iter().zip(&evidence.substitutes[leaf]) {
            let weight = substitute.weight * substitute.idf;
            if !places.is_empty() && weight > found.best {
                found.best = weight;
                found.label = &substitute.label;
                if own.is_empty() {
                    found.places.clone_from(places);
                    found.idf = weight;
                }
            }
        }
        found
    }

    /// What counting the opening more than once adds under the same saturation.
    fn opening(&self, weights: &Weights, norm: f32) -> f32 {
        let (mut base, mut more) = (0.0f32, 0.0f32);
        for place in self.own {
            let (indexed, counted) = if place.start < STANDFIRST_START {
                (HEADLINE_WEIGHT as f32, weights.headline)
            } else if place.start < BODY_START + weights.opening_words {
                (1.0, weights.opening)
            } else {
                (1.0, 1.0)
            };
            base += indexed;
            more += counted;
        }
        let saturated = |freq: f32| if freq > 0.0 { freq * (K1 + 1.0) / (freq + norm) } else { 0.0 };
        self.idf * (saturated(more) - saturated(base))
    }

    /// Substitutes are in the score of a document without the word; beside the word they add a little.
    fn stand_in(&self) -> f32 {
        if self.own.is_empty() { 0.0 } else { BESIDE * self.best }
    }
}

/// 1 for neighbours in order, less for words further apart, 0 beyond a dozen words.
fn closeness(left: &[Place], right: &[Place]) -> f32 {
    let mut best = 0.0f32;
    for place in left {
        let at = right.partition_point(|other| other.start < place.end);
        if let Some(next) = right.get(at) {
            best = best.max(by_distance(next.start - place.end + 1));
        }
        if let Some(before) = at.checked_sub(1).and_then(|at| right.get(at))
            && before.end <= place.start
        {
            best = best.max(0.8 * by_distance(place.start - before.end + 1));
        }
        if best >= 1.0 {
            break;
        }
    }
    best
}

fn by_distance(distance: u32) -> f32 {
    match distance {
        1 => 1.0,
        2..=12 => 1.0 / (distance as f32).sqrt(),
        _ => 0.0,
    }
}

/// The greatest sum of idf of different words in one sentence, beyond that of one word.
fn best_sentence(words: &[Word<'_>], bounds: &[u64]) -> f32 {
    let sentence = |place: &Place| match place.start {
        0..STANDFIRST_START => 0,
        STANDFIRST_START..BODY_START => 1,
        start => 2 + bounds.partition_point(|bound| *bound / 2 <= u64::from(start)),
    };
    let mut held: Vec<(usize, usize)> = Vec::new();
    for (idx, word) in words.iter().enumerate() {
        held.extend(word.places.iter().map(|place| (sentence(place), idx)));
    }
    held.sort_unstable();
    held.dedup();
    let mut best = 0.0f32;
    for sentence in held.chunk_by(|a, b| a.0 == b.0) {
        let idfs = sentence.iter().map(|(_, idx)| words[*idx].idf);
        let greatest = idfs.clone().fold(0.0f32, f32::max);
        best = best.max(idfs.sum::<f32>() - greatest);
    }
    best
}
