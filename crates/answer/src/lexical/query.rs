//! The question as a tantivy query, built from terms: no query language is ever parsed from a person's text.

use auskunft_model::{Filter, ProductId, Region};
use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

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
    /// Which texts are looked through where products are asked about.
    pub(crate) scope: Scope,
    /// The regions whose texts are looked through beside those for everywhere; `None` = all.
    pub(crate) regions: Option<Vec<Region>>,
}

/// Which texts are looked through where products are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Scope {
    /// Those about one of the products and those about none.
    #[default]
    Both,
    /// All about one of the products, those that hold no word of the question last.
    Own,
    /// Those about no product.
    General,
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

/// The query, or `None` when nothing can match. `is_common` tells terms by which hardly a text is told from another.
pub(super) fn build(
    fields: &Fields,
    query: &LexicalQuery,
    is_common: impl Fn(&Term) -> bool,
) -> Option<Box<dyn Query>> {
    let mut scored = scored(fields, query, is_common);
    if query.scope == Scope::Own {
        scored.push(Box::new(ConstScoreQuery::new(of_products(fields, query), 0.0)));
    }
    if scored.is_empty() {
        return None;
    }
    let mut clauses: Vec<(Occur, Box<dyn Query>)> =
        vec![(Occur::Must, Box::new(BooleanQuery::union(scored)))];
    for filter in filters(fields, query) {
        clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(filter, 0.0))));
    }
    Some(Box::new(BooleanQuery::new(clauses)))
}

/// Reading the texts of a common term takes longest and tells least: such terms count only where there are no others.
fn scored(fields: &Fields, query: &LexicalQuery, is_common: impl Fn(&Term) -> bool) -> Vec<Box<dyn Query>> {
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
    let (common, telling): (Vec<_>, Vec<_>) =
        terms.weighted.into_iter().partition(|(term, _)| is_common(term));
    let chosen = if telling.is_empty() { common } else { telling };
    let query = |(term, weight): (Term, f32)| -> Box<dyn Query> {
        let query = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
        Box::new(BoostQuery::new(query, weight))
    };
    chosen.into_iter().map(query).collect()
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

fn filters(fields: &Fields, query: &LexicalQuery) -> Vec<Box<dyn Query>> {
    let filter = &query.filter;
    let mut found: Vec<Box<dyn Query>> = Vec::new();
    let mut any_of = |field: Field, values: Vec<&str>| found.push(one_of(field, values));
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
    if !query.about.is_empty() {
        found.push(of_products(fields, query));
    }
    found
}

/// What is about one of the products, about none, or both.
fn of_products(fields: &Fields, query: &LexicalQuery) -> Box<dyn Query> {
    let own = query.about.iter().map(ProductId::as_str).filter(|_| query.scope != Scope::General);
    one_of(fields.product, own.chain((query.scope != Scope::Own).then_some(NONE)))
}

/// What has one of the values. (tantivy's `TermSetQuery` builds an automaton of them, for which it allocates a table of half a megabyte: that
/// is for thousands.)
fn one_of<'v>(field: Field, values: impl IntoIterator<Item = &'v str>) -> Box<dyn Query> {
    let term = |value| -> Box<dyn Query> {
        Box::new(TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic))
    };
    Box::new(BooleanQuery::union(values.into_iter().map(term).collect()))
}
