//! One hit for texts that say the same, and one for each record: a question with a long answer has several chunks, each under
//! the same question, and would fill the list alone.

use std::collections::HashSet;

use auskunft_model::{Hit, Kind, ProductId, SOLUTION_HEADINGS};

use crate::analysis::words;

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
    words: Vec<String>,
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
}

impl Found {
    fn join(&mut self, hit: Hit, words: Vec<String>, products: Vec<ProductId>) {
        for product in &products {
            if !self.products.contains(product) {
                self.products.push(product.clone());
            }
        }
        if solves(&hit) && !solves(&self.hit) && is_same_record(&self.hit, &hit) {
            self.words = words;
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
    for Candidate { hit, own, is_superseded } in hits {
        let words = words(&hit.text);
        let is_twin = |found: &Found| is_same_record(&found.hit, &hit) || says_same(&found.words, &words);
        match kept.iter().position(is_twin) {
            Some(twin) => kept[twin].join(hit, words, own),
            None if kept.len() == limit => break,
            None => kept.push(Found { products: own.clone(), own, hit, is_superseded, words }),
        }
    }
    kept
}

/// Whether both are pieces of one FAQ or dialog.
fn is_same_record(left: &Hit, right: &Hit) -> bool {
    left.anchor.is_some() && left.document_id == right.document_id
}

fn says_same(left: &[String], right: &[String]) -> bool {
    if left == right {
        return true;
    }
    numbers(left) == numbers(right) && overlap(left, right) >= SAME
}

fn numbers(words: &[String]) -> Vec<&String> {
    let mut numbers: Vec<&String> =
        words.iter().filter(|word| word.contains(|sign: char| sign.is_ascii_digit())).collect();
    numbers.sort();
    numbers
}

/// Share of common shingles among all of both (Jaccard).
fn overlap(left: &[String], right: &[String]) -> f64 {
    let (left, right): (HashSet<_>, HashSet<_>) =
        (left.windows(SHINGLE).collect(), right.windows(SHINGLE).collect());
    let all = left.union(&right).count();
    if all == 0 { 0.0 } else { left.intersection(&right).count() as f64 / all as f64 }
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
        Candidate { hit, own: product_id.into_iter().collect(), is_superseded: false }
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
