//! How the threads and the memory of a build are divided.

/// Threads that write at most: each makes segments of its own, which have to be merged.
const MOST_WRITERS: usize = 8;
/// Memory below which a writer's segments become so small that merging them costs more than another writer gains.
const LEAST_WRITER_MEMORY: usize = 30_000_000;

/// What a build's parts may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// Threads that write the index. All threads extract, too: whoever has nothing to do makes room for the others.
    pub(super) writers: usize,
    /// Bytes for the writers together.
    pub(super) writers_memory: usize,
    /// Bytes of records between reading and writing.
    pub(super) under_way: usize,
}

impl Share {
    /// Of `threads` and about `memory` bytes. A third of the memory is under way and a third is being written; the last is
    /// for what a flush, a merge and the tables of rules take. By measurement writing costs about as much as all that comes
    /// before, so half of the threads write.
    pub(super) fn of(threads: usize, memory: usize) -> Share {
        let third = memory / 3;
        let writers = threads.div_ceil(2).clamp(1, MOST_WRITERS);
        // Small segments or few writers: with many threads, a bit of both.
        let affordable = (third * 3 / 2 / LEAST_WRITER_MEMORY).max(1);
        let writers = writers.min(affordable);
        let writers_memory = third.max(writers * LEAST_WRITER_MEMORY);
        Share { writers, writers_memory, under_way: third }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_and_memory_are_divided() {
        let of = |threads| {
            let share = Share::of(threads, 300_000_000);
            (share.writers, share.writers_memory / 1_000_000, share.under_way / 1_000_000)
        };
        let found = [0, 1, 2, 4, 8, 16, 64].map(of);
        let expected = [
            (1, 100, 100),
            (1, 100, 100),
            (1, 100, 100),
            (2, 100, 100),
            (4, 120, 100),
            (5, 150, 100),
            (5, 150, 100),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn no_part_takes_more_than_there_is() {
        for threads in 0..200 {
            for memory in [100_000_000, 150_000_000, 300_000_000, 2_000_000_000] {
                let share = Share::of(threads, memory);
                assert!(share.writers >= 1 && share.writers <= threads.max(1));
                assert!(share.writers_memory + share.under_way <= memory, "{threads} {memory} {share:?}");
                assert!(share.writers_memory / share.writers >= LEAST_WRITER_MEMORY);
            }
        }
    }
}
