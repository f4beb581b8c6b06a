//! Sorting texts into batches of like length: a batch is padded to its longest text, and what is padded is computed as well.

use std::ops::Range;

/// The places of texts, longest first, cut into batches: none with more texts than `most_texts`, nor with more tokens, padding included,
/// than `most_tokens`, unless one text alone has them.
pub(super) fn batches(lengths: &[usize], most_texts: usize, most_tokens: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&place| std::cmp::Reverse(lengths[place]));
    let mut found = Vec::new();
    let mut rest = 0..order.len();
    while let Some(&longest) = order.get(rest.start) {
        let fitting = most_tokens / lengths[longest].max(1);
        let taken: Range<usize> = rest.start..rest.end.min(rest.start + fitting.clamp(1, most_texts.max(1)));
        rest.start = taken.end;
        found.push(order[taken].to_vec());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_like_length_stand_together_and_none_is_lost() {
        assert_eq!(batches(&[3, 90, 5, 100, 4], 64, 200), [vec![3, 1], vec![2, 4, 0]]);
        assert!(batches(&[], 64, 200).is_empty());
    }

    #[test]
    fn a_batch_holds_no_more_texts_and_tokens_than_it_may() {
        let lengths: Vec<usize> = (0..500).map(|index| index * 7 % 255 + 2).collect();
        let batches = batches(&lengths, 16, 1_000);
        for batch in &batches {
            let longest = batch.iter().map(|&place| lengths[place]).max().unwrap();
            assert!(batch.len() <= 16 && longest * batch.len() <= 1_000, "{batch:?}");
        }
        let mut places = batches.concat();
        places.sort_unstable();
        assert_eq!(places, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn a_text_that_is_too_long_for_any_batch_has_one_of_its_own() {
        assert_eq!(batches(&[9, 500, 0], 64, 100), [vec![1], vec![0, 2]]);
    }
}
