use std::collections::HashMap;

use super::*;
use crate::analysis::words;
use auskunft_model::{DocumentId, Filter, Kind, Labels, Language, ProductId, Region};
use auskunft_store::search::ChunkRow;

const GENERATION: Generation = Generation(1);

fn entry(id: &str, title: &str, text: &str) -> Entry {
    let row = ChunkRow {
        chunk_id: ChunkId::parse(id).unwrap(),
        document_id: DocumentId::derive(id, None),
        ordinal: 0,
        kind: Kind::Faq,
        language: Language::german(),
        heading_path: Vec::new(),
        page: None,
        labels: Labels::default(),
        title: title.to_owned(),
        source: "faqs/a.jsonl".to_owned(),
        anchor: None,
    };
    Entry { row, text: text.to_owned() }
}

fn about(mut entry: Entry, product: &str) -> Entry {
    entry.row.labels.product_id = Some(ProductId::parse(product).unwrap());
    entry
}

fn filled(root: &Path, entries: Vec<Entry>) -> LexicalIndex {
    let (index, _) = LexicalIndex::open(root, GENERATION).unwrap();
    index.apply(&Changes { removed: Vec::new(), entries }).unwrap();
    index.commit(Revision(3)).unwrap();
    index
}

fn find(index: &LexicalIndex, query: LexicalQuery) -> Vec<String> {
    let found = index.view(Revision(3)).search(&query, 10, 10).unwrap();
    found.into_iter().map(|(id, _)| id.to_string()).collect()
}

fn asks(text: &str) -> LexicalQuery {
    LexicalQuery { words: words(text), ..LexicalQuery::default() }
}

#[test]
fn spellings_inflections_and_parts_of_compounds_meet() {
    let folder = tempfile::tempdir().unwrap();
    let index = filled(
        folder.path(),
        vec![
            entry("groesse", "Größe", "Die Größen fallen klein aus."),
            entry("filter", "Zubehör", "Die Filterkartusche wird alle zwei Monate gewechselt."),
            entry("porto", "Versand", "Der Versand ist ab 50 Euro frei."),
        ],
    );
    assert_eq!(find(&index, asks("groessen"))[0], "groesse");
    assert_eq!(find(&index, asks("Gro\u{308}ße"))[0], "groesse");
    assert_eq!(find(&index, asks("Kartuschen"))[0], "filter");
    assert_eq!(find(&index, asks("versnad"))[0], "porto");
    assert!(find(&index, asks("\" *:* ~ ( ^2")).is_empty(), "signs of query languages mean nothing");
}

#[test]
fn a_number_is_found_however_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let entries = vec![
        entry("a", "Filter", "Passt zum KM-2400 S und zur ganzen Reihe."),
        about(entry("b", "Filter", "Passt."), "KM-2600"),
    ];
    let index = filled(folder.path(), entries);
    let number = |text: &str| LexicalQuery { numbers: vec![text.to_owned()], ..LexicalQuery::default() };
    assert_eq!(find(&index, number("km2400s")), ["a"]);
    assert_eq!(find(&index, number("km2600")), ["b"]);
}

#[test]
fn texts_of_other_regions_are_not_looked_through() {
    let bound = |id: &str, region: &str| {
        let mut entry = entry(id, "Rückgabe", "Sie haben 14 Tage Zeit.");
        entry.row.labels.region = Region::parse(region);
        entry
    };
    let folder = tempfile::tempdir().unwrap();
    let index =
        filled(folder.path(), vec![bound("eu", "EU"), bound("us", "US"), entry("all", "Rückgabe", "Gern.")]);
    let found = |regions: Option<&[&str]>| {
        let regions = regions.map(|names| names.iter().filter_map(|name| Region::parse(name)).collect());
        let mut found = find(&index, LexicalQuery { regions, ..asks("Rückgabe") });
        found.sort();
        found
    };
    assert_eq!(found(None), ["all", "eu", "us"]);
    assert_eq!(found(Some(&["EU", "CH"])), ["all", "eu"]);
    assert_eq!(found(Some(&[])), ["all"]);
}

#[test]
fn the_name_of_a_product_counts_in_headings_only() {
    let folder = tempfile::tempdir().unwrap();
    let entries = vec![
        entry("named", "Tank", "Brise, Brise und noch einmal Brise mit Tank."),
        entry("headed", "Brise", "Der Tank fasst einen Liter und wird oben eingesetzt."),
    ];
    let index = filled(folder.path(), entries);
    let naming = LexicalQuery { naming: words("Brise"), ..LexicalQuery::default() };
    assert_eq!(find(&index, naming), ["headed"]);
    assert_eq!(find(&index, asks("Brise")).len(), 2);
}

#[test]
fn filters_narrow_inside_the_index() {
    let folder = tempfile::tempdir().unwrap();
    let entries = vec![
        about(entry("s", "Tank", "Der Tank"), "KM-S"),
        about(entry("m", "Tank", "Der Tank"), "KM-M"),
        entry("all", "Tank", "Der Tank"),
    ];
    let index = filled(folder.path(), entries);
    let product = |id: &str| ProductId::parse(id).unwrap();
    let only = Filter { product_id: Some(product("KM-S")), ..Filter::default() };
    assert_eq!(find(&index, LexicalQuery { filter: only, ..asks("Tank") }), ["s"]);
    let mut found = find(&index, LexicalQuery { about: vec![product("KM-M")], ..asks("Tank") });
    found.sort();
    assert_eq!(found, ["all", "m"]);
    let policies = Filter { kinds: vec![Kind::Policy], ..Filter::default() };
    assert!(find(&index, LexicalQuery { filter: policies, ..asks("Tank") }).is_empty());
}

#[test]
fn of_products_that_are_asked_about_every_text_comes_and_the_best_of_general_ones() {
    let folder = tempfile::tempdir().unwrap();
    let entries = vec![
        about(entry("silent", "Maße", "Die Höhe ist zwanzig Zentimeter."), "KM-M"),
        about(entry("own", "Reinigung", "Der Tank wird einmal in der Woche gespült."), "KM-M"),
        about(entry("other", "Tank", "Der Tank"), "KM-S"),
        entry("best", "Tank", "Der Tank"),
        entry("good", "Wasser", "Welches Wasser in den Tank darf, steht auf dem Deckel."),
        entry("unfit", "Versand", "Der Versand ist frei."),
    ];
    let index = filled(folder.path(), entries);
    let query = LexicalQuery { about: vec![ProductId::parse("KM-M").unwrap()], ..asks("Tank") };
    let found = |limit, general| -> Vec<String> {
        let found = index.view(Revision(3)).search(&query, limit, general).unwrap();
        found.into_iter().map(|(id, _)| id.to_string()).collect()
    };
    assert_eq!(found(10, 1), ["best", "own", "silent"]);
    let all = found(10, 10);
    assert_eq!((all.len(), all.last().unwrap().as_str()), (4, "silent"));
    assert_eq!(found(1, 10).len(), 3, "of the product one alone");
}

/// The product that a text of the test below is about: few are about the first one, most about the other.
fn product_of(number: usize) -> Option<&'static str> {
    match number % 24 {
        0 => Some("KM-M"),
        1 => None,
        _ => Some("KM-S"),
    }
}

/// Whether the test below leaves a text in the index.
fn is_there(number: usize) -> bool {
    number >= 24 || !number.is_multiple_of(3)
}

fn assert_same_for_products(view: &LexicalView, query: &LexicalQuery, texts: usize) {
    // Where a product with few texts is asked about few are looked at, of one with many all; their scores are the same.
    let all: HashMap<ChunkId, f64> = view.search(query, 1_000, 0).unwrap().into_iter().collect();
    for product in ["KM-M", "KM-S"] {
        let asked = vec![ProductId::parse(product).unwrap()];
        let query = LexicalQuery { about: asked, ..query.clone() };
        let found = view.search(&query, 1_000, 1_000).unwrap();
        assert!(found.iter().all(|(id, score)| *score == all.get(id).copied().unwrap_or(0.0)), "{query:?}");
        let number = |id: &ChunkId| id.as_str()[1..].parse::<usize>().unwrap();
        let is_own = |number: usize| product_of(number) == Some(product);
        let is_wanted = |id: &&ChunkId| is_own(number(id)) || product_of(number(id)).is_none();
        assert!(found.iter().all(|(id, _)| is_wanted(&id)), "{query:?}");
        let mut wanted = all.keys().filter(is_wanted);
        assert!(wanted.all(|id| found.iter().any(|(one, _)| one == id)), "{query:?}");
        let own = (0..texts).filter(|number| is_own(*number) && is_there(*number)).count();
        assert_eq!(own, found.iter().filter(|(id, _)| is_own(number(id))).count(), "{query:?}");
        let of_kind = |kind| {
            let filter = Filter { kinds: vec![kind], ..Filter::default() };
            view.search(&LexicalQuery { filter, ..query.clone() }, 1_000, 1_000).unwrap()
        };
        assert_eq!(of_kind(Kind::Faq), found, "{query:?}");
        assert!(of_kind(Kind::Policy).is_empty(), "{query:?}");
    }
}

/// A German manual.
const MANUAL: &str = include_str!("../../../extract/tests/goldens/picocosmo--Anleitung.pdf.pdfium.txt");

#[test]
fn scores_are_those_that_tantivy_gives() {
    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, BoostQuery, Query, TermQuery};
    use tantivy::schema::IndexRecordOption;

    let folder = tempfile::tempdir().unwrap();
    let sentences: Vec<&str> = MANUAL.lines().filter(|line| line.len() > 40).take(200).collect();
    assert!(sentences.len() > 60, "{}", sentences.len());
    let named = |number: usize| format!("s{number:03}");
    let entry = |number: usize| {
        let entry = entry(&named(number), "Text", sentences[number]);
        match product_of(number) {
            Some(product) => about(entry, product),
            None => entry,
        }
    };
    let (index, _) = LexicalIndex::open(folder.path(), GENERATION).unwrap();
    // Two segments, and some texts that are deleted.
    let half = sentences.len() / 2;
    for entries in [(0..half).map(entry).collect(), (half..sentences.len()).map(entry).collect()] {
        index.apply(&Changes { removed: Vec::new(), entries }).unwrap();
        index.commit(Revision(3)).unwrap();
    }
    let removed = (0..8).map(|number| ChunkId::parse(&named(number * 3)).unwrap()).collect();
    index.apply(&Changes { removed, entries: Vec::new() }).unwrap();
    index.commit(Revision(4)).unwrap();
    let view = index.view(Revision(4));
    for sentence in &sentences {
        let query = asks(sentence);
        let terms = query::scored(&view.fields, &query);
        let boosted = |(term, weight): (Term, f32)| -> Box<dyn Query> {
            Box::new(BoostQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)), weight))
        };
        let union = BooleanQuery::union(terms.into_iter().map(boosted).collect());
        let theirs = view.searcher.search(&union, &TopDocs::with_limit(12).order_by_score()).unwrap();
        let ours = view.search(&query, 12, 0).unwrap();
        assert_eq!(ours.len(), theirs.len());
        for ((_, score), (expected, _)) in ours.iter().zip(&theirs) {
            assert!((score - f64::from(*expected)).abs() < 1e-3, "{sentence}: {score} for {expected}");
        }
        assert_same_for_products(&view, &query, sentences.len());
    }
}

#[test]
fn common_words_count_only_where_there_are_no_others() {
    let folder = tempfile::tempdir().unwrap();
    // Stems are of a text's language: both have more than few.
    let common = (0..2_400).map(|number| {
        let mut entry = entry(&format!("tank-{number}"), "Tank", "Tank");
        if number % 2 == 0 {
            entry.row.language = Language::english();
        }
        entry
    });
    let rare = entry("rare", "Dichtung", "Die Dichtung am Tank");
    let index = filled(folder.path(), common.chain([rare]).collect());
    assert_eq!(find(&index, asks("Tank")).len(), 10);
    assert_eq!(find(&index, asks("Dichtung im Tank")), ["rare"]);
    assert!(find(&index, asks("Tank qqqq")).is_empty(), "something else is asked");
}

#[test]
fn an_index_keeps_its_revision_and_takes_changes() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path(), vec![entry("a", "Tank", "alt"), entry("b", "Tank", "bleibt")]));
    let (index, revision) = LexicalIndex::open(folder.path(), GENERATION).unwrap();
    assert_eq!((revision, index.is_in_memory()), (Revision(3), false));
    let changes = Changes {
        removed: vec![ChunkId::parse("a").unwrap()],
        entries: vec![entry("b", "Tank", "neuer Wortlaut")],
    };
    index.apply(&changes).unwrap();
    index.commit(Revision(4)).unwrap();
    assert_eq!(find(&index, asks("Tank")), ["b"]);
    assert!(find(&index, asks("bleibt")).is_empty());
}

#[test]
fn an_index_that_was_filled_from_nothing_is_one_segment() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = LexicalIndex::open(folder.path(), GENERATION).unwrap();
    index.begin_filling();
    let names: Vec<String> = (0..2 * MOST_ALIKE).map(|number| format!("t{number}")).collect();
    for name in &names {
        index.apply(&Changes { removed: Vec::new(), entries: vec![entry(name, "Tank", "voll")] }).unwrap();
        index.commit(Revision(4)).unwrap();
    }
    let segments = |index: &LexicalIndex| index.view(Revision(5)).searcher.segment_readers().len();
    assert_eq!(segments(&index), names.len());
    index.apply(&Changes { removed: vec![ChunkId::parse("t0").unwrap()], entries: Vec::new() }).unwrap();
    index.commit_filled(Revision(5)).unwrap();
    assert_eq!((segments(&index), find(&index, asks("Tank")).len()), (1, names.len() - 1));
    drop(index);
    let (index, revision) = LexicalIndex::open(folder.path(), GENERATION).unwrap();
    assert_eq!((segments(&index), revision), (1, Revision(5)));
}

#[test]
fn segments_are_merged_by_the_same_rule_after_a_filling_and_after_what_was_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = LexicalIndex::open(folder.path(), GENERATION).unwrap();
    let rule = || format!("{:?}", index.writer.lock().unwrap().get_merge_policy());
    let ours = format!("{:?}", merging());
    assert_eq!(rule(), ours);
    index.begin_filling();
    assert_ne!(rule(), ours);
    index.commit_filled(Revision(1)).unwrap();
    assert_eq!(rule(), ours);
    index.begin_filling();
    index.roll_back().unwrap();
    assert_eq!(rule(), ours);
}

#[test]
fn a_damaged_index_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path(), vec![entry("a", "Tank", "Text")]));
    let files = std::fs::read_dir(folder.path().join("1")).unwrap().flatten();
    let segment = files.map(|file| file.path()).find(|path| path.extension().is_some_and(|end| end == "idx"));
    let path = segment.unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 0xff;
    std::fs::write(&path, bytes).unwrap();
    let (index, revision) = LexicalIndex::open(folder.path(), GENERATION).unwrap();
    assert_eq!((revision, index.view(revision).chunks()), (Revision(0), 0));
    drop(index);
    std::fs::write(folder.path().join("1").join("meta.json"), "{").unwrap();
    assert_eq!(LexicalIndex::open(folder.path(), GENERATION).unwrap().1, Revision(0));
}

#[test]
fn a_folder_in_use_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let first = filled(folder.path(), vec![entry("a", "Tank", "Text")]);
    let (second, revision) = LexicalIndex::open(folder.path(), GENERATION).unwrap();
    assert!(second.is_in_memory() && revision == Revision(0));
    assert_eq!(find(&first, asks("Tank")), ["a"]);
}
