//! Sharing texts out among threads.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Tokens that one thread computes at a time: enough to keep the products efficient, few enough for the cache and for
/// memory (16 kB a token).
const BIN_TOKENS: usize = 1024;

/// Places of the texts, in bins of nearly equal token counts: a multiple of `threads` bins, of at most about
/// [`BIN_TOKENS`] each. Longest text first, each into the bin that is lightest so far.
pub(super) fn bins(lengths: &[usize], threads: usize) -> Vec<Vec<usize>> {
    let total: usize = lengths.iter().sum();
    let rounds = total.div_ceil(BIN_TOKENS * threads).max(1);
    let count = (rounds * threads).min(lengths.len());
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&place| Reverse(lengths[place]));
    let mut bins = vec![Vec::new(); count];
    let mut lightest: BinaryHeap<Reverse<(usize, usize)>> = (0..count).map(|bin| Reverse((0, bin))).collect();
    for place in order {
        if let Some(Reverse((tokens, bin))) = lightest.pop() {
            bins[bin].push(place);
            lightest.push(Reverse((tokens + lengths[place], bin)));
        }
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(lengths: &[usize], bins: &[Vec<usize>]) -> Vec<usize> {
        bins.iter().map(|bin| bin.iter().map(|&place| lengths[place]).sum()).collect()
    }

    #[test]
    fn every_text_is_in_exactly_one_bin() {
        let lengths: Vec<usize> = (0..500).map(|index| index * 7 % 255 + 2).collect();
        let mut places: Vec<usize> = bins(&lengths, 2).concat();
        places.sort_unstable();
        assert_eq!(places, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn bins_weigh_the_same_and_little() {
        let lengths: Vec<usize> = (0..500).map(|index| index * 7 % 255 + 2).collect();
        let bins = bins(&lengths, 2);
        let weights = weights(&lengths, &bins);
        assert_eq!(bins.len() % 2, 0);
        assert!(weights.iter().all(|&tokens| tokens <= BIN_TOKENS + 16), "{weights:?}");
        assert!(weights.iter().max().unwrap() - weights.iter().min().unwrap() <= 16, "{weights:?}");
    }

    #[test]
    fn there_are_no_more_bins_than_texts() {
        assert_eq!(bins(&[250], 4), [[0]]);
        assert_eq!(bins(&[], 4), Vec::<Vec<usize>>::new());
        assert_eq!(bins(&[2, 9, 4], 2), [vec![1], vec![2, 0]]);
    }
}
