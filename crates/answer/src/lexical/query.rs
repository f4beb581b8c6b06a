//! The question as terms of the index: no query language is ever parsed from a person's text.

use auskunft_model::{Filter, ProductId, Region};
use tantivy::Term;
use tantivy::schema::Field;

use super::schema::{Fields, NONE, kind_term};
use crate::analysis::{Stemming, concepts_of, grams, stems};
use crate::concepts;
use crate::function_words;

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct LexicalQuery {
    /// Folded words of the question.
    pub(crate) words: Vec<String>,
    /// Folded words of it that name products. They count in headings alone, where every text about a product has them; a text
    /// that happens to repeat them tells no more for it. (Small catalog, 264 questions, MRR@10: .769 everywhere, .810 in headings alone.)
    pub(crate) naming: Vec<String>,
    /// Folded words that catalogs use for what was asked (`schwer`: `gewicht`).
    pub(crate) related: Vec<String>,
    /// The words of the index that compounds of the question are put together from.
    pub(crate) parts: Vec<String>,
    /// Normal forms of possible model numbers, EANs and part numbers.
    pub(crate) numbers: Vec<String>,
    /// What hits are narrowed to; validity is left to the join with Postgres.
    pub(crate) filter: Filter,
    /// The products that are asked about; empty when any will do.
    pub(crate) about: Vec<ProductId>,
    /// The regions whose texts are looked through beside those for everywhere; `None` = all.
    pub(crate) regions: Option<Vec<Region>>,
}

/// Weights of the fields. On the German FAQ set (MRR@10 / success@10): grams alone with head 1.5 .713/.909, stems added at
/// .5 .703/.909, at 2 .692/.909; grams without marks .674/.922; stems alone .609/.753. Stems stay in at .5 because they
/// win on inflected English and long texts.
const HEAD: f32 = 1.5;
const BODY: f32 = 1.0;
const STEMS: f32 = 0.5;
const NUMBERS: f32 = 4.0;
/// Related words count less than the asker's own.
const RELATED: f32 = 0.6;
/// Parts of compounds count little: the grams hold them already. On the German FAQ set (MRR@10 / success@10 cross-validated): 0
/// .691/.922, .3 .692/.922, 1 .691/.922; on the small catalog, lexical and dense together: 0 .770, .2 .772, .6 .768.
const PARTS: f32 = 0.3;
/// What words stand for.
const CONCEPTS: f32 = 1.0;

/// What has one of these terms.
pub(super) type AnyOf = Vec<Term>;

/// What texts are scored by: terms with their weights.
pub(super) fn scored(fields: &Fields, query: &LexicalQuery) -> Vec<(Term, f32)> {
    let mut terms = Terms::default();
    terms.add_words(fields, &query.words, (1.0, 1.0));
    terms.add_words(fields, &query.related, (RELATED, RELATED));
    terms.add_words(fields, &query.naming, (1.0, 0.0));
    terms.add_words(fields, &query.parts, (PARTS, PARTS));
    for concept in concepts_of(&query.words).into_iter().map(concepts::term) {
        terms.add(fields.head_concepts, &concept, CONCEPTS * HEAD);
        terms.add(fields.body_concepts, &concept, CONCEPTS);
    }
    for number in &query.numbers {
        terms.add(fields.numbers, number, NUMBERS);
    }
    terms.weighted
}

/// Distinct terms with their weights.
#[derive(Default)]
struct Terms {
    seen: std::collections::HashSet<(Field, String)>,
    weighted: Vec<(Term, f32)>,
}

impl Terms {
    fn add(&mut self, field: Field, text: &str, weight: f32) {
        if weight > 0.0 && self.seen.insert((field, text.to_owned())) {
            self.weighted.push((Term::from_field_text(field, text), weight));
        }
    }

    /// Words with their weights in headings and in texts.
    fn add_words(&mut self, fields: &Fields, words: &[String], (in_head, in_body): (f32, f32)) {
        for gram in words.iter().flat_map(|word| grams(word)) {
            self.add(fields.head_grams, &gram, in_head * HEAD);
            self.add(fields.body_grams, &gram, in_body * BODY);
        }
        let content: Vec<String> =
            words.iter().filter(|word| !function_words::holds(word)).cloned().collect();
        for (stemming, head, body) in [
            (Stemming::German, fields.head_german, fields.body_german),
            (Stemming::English, fields.head_english, fields.body_english),
        ] {
            for stem in stems(&content, stemming) {
                self.add(head, &stem, in_head * STEMS * HEAD);
                self.add(body, &stem, in_body * STEMS * BODY);
            }
        }
    }
}

/// What texts must have: something of each.
pub(super) fn filters(fields: &Fields, query: &LexicalQuery) -> Vec<AnyOf> {
    let filter = &query.filter;
    let mut found: Vec<AnyOf> = Vec::new();
    let mut any_of = |field: Field, values: Vec<&str>| found.push(terms_of(field, values));
    if !filter.kinds.is_empty() {
        any_of(fields.kind, filter.kinds.iter().map(|kind| kind_term(*kind)).collect());
    }
    let equal = [
        (fields.product, filter.product_id.as_ref().map(ProductId::as_str)),
        (fields.category, filter.category.as_deref()),
        (fields.family, filter.product_family.as_deref()),
        (fields.maker, filter.maker.as_deref()),
        (fields.version, filter.version.as_deref()),
        (fields.language, filter.language.as_ref().map(auskunft_model::Language::as_str)),
    ];
    for (field, value) in equal {
        if let Some(value) = value {
            any_of(field, vec![value]);
        }
    }
    for tag in &filter.tags {
        any_of(fields.tag, vec![tag]);
    }
    if let Some(region) = &filter.region {
        any_of(fields.region, vec![region.as_str(), NONE]);
    }
    if let Some(regions) = &query.regions {
        any_of(fields.region, regions.iter().map(Region::as_str).chain([NONE]).collect());
    }
    found
}

/// Which texts are looked through, and how many of them are wanted.
pub(super) struct Selection {
    /// `None`: all that pass the filters.
    pub(super) among: Option<AnyOf>,
    /// At most so many.
    pub(super) limit: usize,
    /// Those without a term of the question come last; else they don't come.
    pub(super) without_terms: bool,
}

/// The best `limit` of all; of products that are asked about every text, up to that limit, since none of them may be missed among general
/// ones, of which there are `general`.
pub(super) fn selections(
    fields: &Fields,
    query: &LexicalQuery,
    limit: usize,
    general: usize,
) -> Vec<Selection> {
    if query.about.is_empty() {
        return vec![Selection { among: None, limit, without_terms: false }];
    }
    let own = terms_of(fields.product, query.about.iter().map(ProductId::as_str));
    vec![
        Selection { among: Some(own), limit, without_terms: true },
        Selection { among: Some(terms_of(fields.product, [NONE])), limit: general, without_terms: false },
    ]
}

fn terms_of<'v>(field: Field, values: impl IntoIterator<Item = &'v str>) -> AnyOf {
    values.into_iter().map(|value| Term::from_field_text(field, value)).collect()
}
