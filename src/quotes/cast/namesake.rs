//! Which entities bear one name: lists that share one store, so that a name costs no list of its own.
//!
//! In: keys with entities, as they are met. Out: the entities of a key, latest first. Judges nobody.

use super::entity::ByKey;

/// Entities by the key of a name.
#[derive(Default)]
pub(super) struct Namesakes {
    /// Place of the latest link of each key, counted from 1.
    latest: ByKey<u32>,
    links: Vec<Link>,
}

#[derive(Clone, Copy)]
struct Link {
    entity: u32,
    /// Place of the link before, counted from 1; 0: none.
    before: u32,
}

impl Namesakes {
    /// Room for `n` entities.
    pub(super) fn for_entities(n: usize) -> Self {
        Namesakes {
            latest: ByKey::with_capacity_and_hasher(n, Default::default()),
            links: Vec::with_capacity(n),
        }
    }

    /// Notes that `entity` bears the name of `key`.
    pub(super) fn add(&mut self, key: u64, entity: usize) {
        let latest = self.latest.entry(key).or_insert(0);
        self.links.push(Link { entity: entity as u32, before: *latest });
        *latest = self.links.len() as u32;
    }

    /// Who bears the name, latest first.
    pub(super) fn of(&self, key: u64) -> impl Iterator<Item = usize> + Clone {
        let mut next = self.latest.get(&key).copied().unwrap_or(0);
        std::iter::from_fn(move || {
            let link = self.links[(next as usize).checked_sub(1)?];
            next = link.before;
            Some(link.entity as usize)
        })
    }

    /// Whether anybody bears the name.
    pub(super) fn knows(&self, key: u64) -> bool {
        self.latest.contains_key(&key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_the_latest_first() {
        let mut namesakes = Namesakes::for_entities(2);
        for (key, entity) in [(7, 0), (8, 1), (7, 2), (7, 5)] {
            namesakes.add(key, entity);
        }
        assert_eq!(namesakes.of(7).collect::<Vec<_>>(), [5, 2, 0]);
        assert_eq!(namesakes.of(9).count(), 0);
        assert!(namesakes.knows(8) && !namesakes.knows(9));
    }
}
