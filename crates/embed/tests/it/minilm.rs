//! all-MiniLM-L6-v2, where it is installed: the numbers of the reference, alone and in company.

use std::env;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use auskunft_embed::{Embedder, EmbedderSettings, TextKind, probe};

use crate::reference::{cosine, difference, native, references};

const TOO_FAR: f64 = 0.99999;

static MODEL: LazyLock<Option<Arc<dyn Embedder>>> = LazyLock::new(|| {
    let folder = folder();
    if folder.join("model.safetensors").is_file() {
        return Some(native(&folder, 2).unwrap());
    }
    let required = env::var("AUSKUNFT_REQUIRE_ASSETS").is_ok_and(|value| value == "1");
    assert!(!required, "no model in {}, and AUSKUNFT_REQUIRE_ASSETS=1", folder.display());
    None
});

/// Where it is looked for.
pub(crate) fn folder() -> PathBuf {
    env::var_os("AUSKUNFT_MODEL_DIR").map_or_else(
        || env::home_dir().unwrap_or_default().join(".cache/auskunft/models/all-minilm-l6-v2"),
        PathBuf::from,
    )
}

pub(crate) fn model() -> Option<&'static dyn Embedder> {
    if MODEL.is_none() {
        println!("skipped: the model all-minilm-l6-v2 is not installed (scripts/fetch-assets.py fetches it)");
    }
    MODEL.as_deref()
}

/// Draws numbers below `bound` from a fixed seed (xorshift, Marsaglia 2003).
fn draw(seed: &mut u64, bound: usize) -> usize {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    (*seed % bound as u64) as usize
}

#[test]
fn each_text_alone_has_the_vector_of_the_reference() {
    let Some(model) = model() else { return };
    for reference in references("minilm-reference.json") {
        let vector = model.embed(TextKind::Passage, &[&reference.text]).unwrap().remove(0);
        assert!(cosine(&vector, &reference.mean) >= TOO_FAR, "{}", reference.text);
        assert!(difference(&vector, &reference.mean) < 2e-6, "{}", reference.text);
    }
}

#[test]
fn all_texts_in_one_batch_have_the_vectors_of_the_reference() {
    let Some(model) = model() else { return };
    let references = references("minilm-reference.json");
    let texts: Vec<&str> = references.iter().map(|reference| reference.text.as_str()).collect();
    let vectors = model.embed(TextKind::Passage, &texts).unwrap();
    assert_eq!(vectors.len(), references.len());
    for (vector, reference) in vectors.iter().zip(&references) {
        assert!(cosine(vector, &reference.mean) >= TOO_FAR, "{}", reference.text);
    }
}

#[test]
fn neighbours_in_the_batch_do_not_move_a_vector() {
    let Some(model) = model() else { return };
    let references = references("minilm-reference.json");
    let mut seed = 42;
    for reference in &references {
        let alone = model.embed(TextKind::Passage, &[&reference.text]).unwrap().remove(0);
        let mut texts: Vec<&str> =
            (0..31).map(|_| references[draw(&mut seed, references.len())].text.as_str()).collect();
        let place = draw(&mut seed, 32);
        texts.insert(place, &reference.text);
        let vector = model.embed(TextKind::Passage, &texts).unwrap().remove(place);
        assert!(cosine(&vector, &reference.mean) >= TOO_FAR, "{}", reference.text);
        assert!(difference(&vector, &alone) < 1e-6, "{}: {}", reference.text, difference(&vector, &alone));
    }
}

#[test]
fn tokens_are_counted_as_the_reference_counts_them() {
    let Some(model) = model() else { return };
    assert_eq!((model.dimensions(), model.max_tokens(), model.is_lexical()), (384, 256, false));
    for reference in references("minilm-reference.json") {
        assert_eq!(model.count_tokens(&reference.text).min(256), reference.tokens, "{}", reference.text);
    }
}

#[test]
fn it_says_that_it_is_weak_in_german() {
    let Some(model) = model() else { return };
    assert!(model.notes().iter().any(|note| note.contains("weak in German")), "{:?}", model.notes());
}

#[test]
fn meanings_are_told_apart_by_a_model_and_not_by_words() {
    let Some(model) = model() else { return };
    let choices = probe::choices(model).unwrap();
    assert!(probe::is_enough(&choices), "{choices:?}");
    let [german, english] = choices;
    assert!(english.right >= 20, "{choices:?}");
    assert!(german.right < german.asked / 2, "it is an English model: {choices:?}");
    let hashed = auskunft_embed::open(&EmbedderSettings::hashed()).unwrap();
    let choices = probe::choices(hashed.as_ref()).unwrap();
    assert!(!probe::is_enough(&choices), "{choices:?}");
}
