//! The one source of chance. Every part of the shop draws from a stream of its own, named by seed, part and index, so that a
//! change in one part never shifts another.

/// A stream of numbers (SplitMix64, public domain, <https://prng.di.unimi.it/splitmix64.c>), the same on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// The stream of one thing in one part of the shop.
    pub(crate) fn new(seed: u64, part: &str, index: usize) -> Self {
        // FNV-1a over the part's name keeps streams of different parts apart.
        let name = part.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut random = Self { state: seed ^ name };
        random.state = random.next() ^ (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        random.next();
        random
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 when `limit` is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the items, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// The index of one of the weights, drawn by weight.
    pub(crate) fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut left = self.below(weights.iter().sum());
        weights
            .iter()
            .position(|weight| {
                let is_it = left < *weight;
                left = left.saturating_sub(*weight);
                is_it
            })
            .unwrap_or(0)
    }

    /// Brings the items into a random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// `digits` decimal digits, the first not 0.
    pub(crate) fn digits(&mut self, digits: u32) -> u64 {
        let low = 10_u64.pow(digits - 1);
        low + self.next() % (low * 9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ_by_seed_part_and_index() {
        let first = |seed, part, index| Random::new(seed, part, index).next();
        assert_eq!(first(1, "orders", 7), first(1, "orders", 7));
        assert_ne!(first(1, "orders", 7), first(2, "orders", 7));
        assert_ne!(first(1, "orders", 7), first(1, "prices", 7));
        assert_ne!(first(1, "orders", 7), first(1, "orders", 8));
    }

    #[test]
    fn draws_stay_in_their_range() {
        let mut random = Random::new(1, "test", 0);
        assert!((0..1000).all(|_| (3..=5).contains(&random.between(3, 5))));
        assert!((0..1000).all(|_| random.weighted(&[0, 2, 0]) == 1));
    }
}
