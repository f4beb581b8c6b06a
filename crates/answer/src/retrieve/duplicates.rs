//! One hit for texts that say the same, and one for each record: a question with a long answer has several chunks, each under
//! the same question, and would fill the list alone.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use auskunft_model::{Hit, Kind, ProductId, SOLUTION_HEADINGS};

use crate::parts::Text;

/// Words of a shingle.
const SHINGLE: usize = 4;
/// From this share of common shingles on, two texts say the same.
const SAME: f64 = 0.9;

/// A hit with the products of the hits that said the same.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// The best of them.
    pub(crate) hit: Hit,
    /// The products that it is about itself.
    pub(crate) own: Vec<ProductId>,
    /// Products of all of them, its own first.
    pub(crate) products: Vec<ProductId>,
    /// Whether there is a newer version for every product that is asked about.
    pub(crate) is_superseded: bool,
    /// The hit's text, taken apart.
    pub(crate) text: Arc<Text>,
}

/// A hit before it is folded, with what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    /// The hit.
    pub(crate) hit: Hit,
    /// The products that it is about.
    pub(crate) own: Vec<ProductId>,
    /// Whether there is a newer version for every product that is asked about.
    pub(crate) is_superseded: bool,
    /// The hit's text.
    pub(crate) text: Arc<Text>,
}

impl Found {
    fn join(&mut self, hit: Hit, text: Arc<Text>, products: Vec<ProductId>) {
        for product in &products {
            if !self.products.contains(product) {
                self.products.push(product.clone());
            }
        }
        if solves(&hit) && !solves(&self.hit) && is_same_record(&self.hit, &hit) {
            self.text = text;
            self.own = products;
            self.hit = Hit { score: self.hit.score, ..hit };
        }
    }
}

/// Whether a piece of a dialog says what to do: a question is most like the problem, the answer stands in the solution.
fn solves(hit: &Hit) -> bool {
    let is_solution = |heading: &String| SOLUTION_HEADINGS.contains(&heading.as_str());
    hit.kind == Kind::Dialog && hit.section.first().is_some_and(is_solution)
}

/// Keeps the best of hits that say the same, at most `limit`. Texts with different numbers never say the same: variants of
/// a product differ in nothing else.
pub(crate) fn fold(hits: impl IntoIterator<Item = Candidate>, limit: usize) -> Vec<Found> {
    let mut kept: Vec<Found> = Vec::new();
    for Candidate { hit, own, is_superseded, text } in hits {
        let own_print = &text.parts().fingerprint;
        let is_twin = |found: &Found| {
            is_same_record(&found.hit, &hit) || found.text.parts().fingerprint.says_same(own_print)
        };
        match kept.iter().position(is_twin) {
            Some(twin) => kept[twin].join(hit, text, own),
            None if kept.len() == limit => break,
            None => kept.push(Found { products: own.clone(), own, hit, is_superseded, text }),
        }
    }
    kept
}

/// Whether both are pieces of one FAQ or dialog.
fn is_same_record(left: &Hit, right: &Hit) -> bool {
    left.anchor.is_some() && left.document_id == right.document_id
}

/// What a text says, in hashes of 64 bits.
#[derive(Debug)]
pub(crate) struct Fingerprint {
    /// All words.
    whole: u64,
    /// The words with digits, in order of the alphabet.
    numbers: u64,
    /// Runs of words, sorted, each once.
    shingles: Vec<u64>,
}

impl Fingerprint {
    /// That of folded words.
    pub(crate) fn of(words: &[String]) -> Self {
        let has_digit = |word: &&String| word.contains(|sign: char| sign.is_ascii_digit());
        let mut numbers: Vec<&String> = words.iter().filter(has_digit).collect();
        numbers.sort();
        let mut shingles: Vec<u64> = words.windows(SHINGLE).map(|shingle| hash(&shingle)).collect();
        shingles.sort_unstable();
        shingles.dedup();
        Self { whole: hash(&words), numbers: hash(&numbers), shingles }
    }

    fn says_same(&self, other: &Self) -> bool {
        self.whole == other.whole || (self.numbers == other.numbers && self.overlap(other) >= SAME)
    }

    /// Share of common shingles among all of both (Jaccard).
    fn overlap(&self, other: &Self) -> f64 {
        let common = self.shingles.iter().filter(|one| other.shingles.binary_search(one).is_ok()).count();
        let all = self.shingles.len() + other.shingles.len() - common;
        if all == 0 { 0.0 } else { common as f64 / all as f64 }
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use auskunft_model::{ChunkId, DocumentId, Language};

    fn hit(id: &str, text: &str, product: Option<&str>) -> Candidate {
        let product_id = product.map(|id| ProductId::parse(id).unwrap());
        let hit = Hit {
            chunk_id: ChunkId::parse(id).unwrap(),
            document_id: DocumentId::derive(id, None),
            source: id.to_owned(),
            anchor: None,
            kind: Kind::Manual,
            language: Language::german(),
            title: String::new(),
            section: Vec::new(),
            page: None,
            product_id: product_id.clone(),
            score: 1.0,
            dense: None,
            lexical: None,
            text: text.to_owned(),
        };
        let text = Text::new(text.to_owned());
        Candidate { hit, own: product_id.into_iter().collect(), is_superseded: false, text }
    }

    #[test]
    fn equal_texts_are_one_hit_that_knows_all_its_products() {
        let text = "Füllen Sie den Wassertank und schalten Sie das Gerät ein.";
        let found = fold([hit("a", text, Some("S")), hit("b", &text.replace("ü", "ue"), Some("M"))], 10);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].products.len(), 2);
    }

    #[test]
    fn texts_that_differ_in_a_number_stay_apart() {
        let text = |volume: &str| {
            format!(
                "Der Wassertank der Maschine fasst bis zur oberen Marke genau {volume} Liter frisches Wasser ohne Zusatz"
            )
        };
        let found = fold([hit("a", &text("2"), Some("S")), hit("b", &text("3"), Some("M"))], 10);
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn pieces_of_one_record_are_one_hit_and_pieces_of_one_manual_are_not() {
        let piece = |id: &str, anchor: Option<&str>| {
            let plain = hit(id, &format!("Teil {id}"), None);
            let document_id = DocumentId::derive("source", anchor);
            Candidate { hit: Hit { document_id, anchor: anchor.map(str::to_owned), ..plain.hit }, ..plain }
        };
        assert_eq!(
            fold([piece("a", Some("faq-1")), piece("b", Some("faq-1")), piece("c", Some("faq-2"))], 10).len(),
            2
        );
        assert_eq!(fold([piece("a", None), piece("b", None)], 10).len(), 2);
    }

    #[test]
    fn of_a_dialog_the_solution_is_shown_with_the_score_of_its_best_piece() {
        let piece = |id: &str, section: &str, score: f64| {
            let plain = hit(id, &format!("Teil {id}"), None);
            let piece = Hit {
                document_id: DocumentId::derive("dialogs", Some("d-1")),
                anchor: Some("d-1".to_owned()),
                kind: Kind::Dialog,
                section: vec![section.to_owned()],
                score,
                ..plain.hit
            };
            Candidate { hit: piece, ..plain }
        };
        let found =
            fold([piece("a", "Problem", 0.9), piece("b", "Lösung", 0.5), piece("c", "Ergebnis", 0.4)], 10);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].hit.text.as_str(), found[0].hit.score), ("Teil b", 0.9));
    }

    #[test]
    fn no_more_than_asked_for() {
        let hits = (0..9).map(|number| hit(&format!("c{number}"), &format!("Text {number}"), None));
        assert_eq!(fold(hits, 4).len(), 4);
    }
}
