//! German compounds: the words that a long word is put together from.
//!
//! There is no dictionary but the index itself: a part is a word that some text or heading holds. (tantivy's
//! `SplitCompoundWords` wants its whole dictionary when the index is made, and knows no joints.)

/// Shortest part, in letters; shorter ones are endings and syllables.
const SHORTEST: usize = 4;
/// Shortest word that is looked at.
const SHORTEST_COMPOUND: usize = 9;
/// More parts than this are nonsense.
const MOST_PARTS: usize = 3;
/// What joins parts ("Fugenelemente"), `Bedienung-s-anleitung`, `Maschine-n-entkalker`.
const JOINTS: &[&str] = &["", "s", "n", "en", "es", "e", "er"];

/// The parts of a folded word, in order; empty when it is none. The fewest parts are taken, the longest first of them.
pub(crate) fn parts(word: &str, is_word: &impl Fn(&str) -> bool) -> Vec<String> {
    let is_plain = word.chars().all(|letter| letter.is_ascii_lowercase());
    if word.len() < SHORTEST_COMPOUND || !is_plain {
        return Vec::new();
    }
    (2..=MOST_PARTS).find_map(|count| split(word, count, is_word)).unwrap_or_default()
}

/// The word in exactly so many parts.
fn split(word: &str, count: usize, is_word: &impl Fn(&str) -> bool) -> Option<Vec<String>> {
    if count == 1 {
        return is_word(word).then(|| vec![word.to_owned()]);
    }
    let ends = (SHORTEST..=word.len().saturating_sub(SHORTEST * (count - 1))).rev();
    ends.filter(|end| is_word(&word[..*end])).find_map(|end| {
        let (first, rest) = word.split_at(end);
        let rests = JOINTS.iter().filter_map(|joint| rest.strip_prefix(joint));
        let mut rests = rests.filter(|rest| rest.len() >= SHORTEST * (count - 1));
        let others = rests.find_map(|rest| split(rest, count - 1, is_word))?;
        Some(std::iter::once(first.to_owned()).chain(others).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split_by(word: &str, known: &[&str]) -> Vec<String> {
        parts(word, &|part: &str| known.contains(&part))
    }

    #[test]
    fn a_compound_falls_into_words_of_the_index() {
        let known = ["kaffeemaschine", "kaffee", "maschine", "entkalker", "bedienung", "anleitung", "filter"];
        assert_eq!(split_by("kaffeemaschinenentkalker", &known), ["kaffeemaschine", "entkalker"]);
        assert_eq!(split_by("bedienungsanleitung", &known), ["bedienung", "anleitung"]);
        assert_eq!(split_by("kaffeemaschinenfilter", &["kaffee", "maschine", "filter"]).len(), 3);
    }

    #[test]
    fn other_words_stay_whole() {
        assert!(split_by("entkalker", &["kalk", "ent"]).is_empty());
        assert!(split_by("kaffeemuehle", &["kaffee"]).is_empty(), "every part must be known");
        assert!(split_by("km2400filter", &["km2400", "filter"]).is_empty());
    }
}
