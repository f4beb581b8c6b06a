//! The encoder over the committed tiny model: numbers, limits, and what is said about a folder that is not in order.

use std::fs;

use auskunft_embed::TextKind;

use crate::folder::Folder;
use crate::reference::{data, difference, native, references};

fn error(folder: &Folder) -> String {
    native(folder.path(), 1).err().expect("the folder was accepted").to_string()
}

#[test]
fn vectors_equal_the_reference() {
    let embedder = native(&data("tiny-bert"), 2).unwrap();
    for reference in references("tiny-reference.json") {
        let vectors = embedder.embed(TextKind::Passage, &[&reference.text]).unwrap();
        assert!(difference(&vectors[0], &reference.mean) < 2e-6, "{}", reference.text);
    }
}

#[test]
fn cls_pooling_takes_the_first_token() {
    let folder = Folder::new();
    folder.replace(
        "1_Pooling/config.json",
        "\"pooling_mode_cls_token\": false",
        "\"pooling_mode_cls_token\": true",
    );
    folder.replace(
        "1_Pooling/config.json",
        "\"pooling_mode_mean_tokens\": true",
        "\"pooling_mode_mean_tokens\": false",
    );
    let embedder = native(folder.path(), 2).unwrap();
    for reference in references("tiny-reference.json") {
        let vectors = embedder.embed(TextKind::Passage, &[&reference.text]).unwrap();
        assert!(difference(&vectors[0], &reference.cls) < 2e-6, "{}", reference.text);
        assert!(difference(&vectors[0], &reference.mean) > 1e-3, "{}", reference.text);
    }
}

#[test]
fn texts_are_cut_at_the_models_limit_but_counted_whole() {
    let embedder = native(&data("tiny-bert"), 1).unwrap();
    let (fits, long) = (["paket"; 10].join(" "), ["paket"; 500].join(" "));
    let vectors = embedder.embed(TextKind::Query, &[&fits, &long]).unwrap();
    assert_eq!(embedder.max_tokens(), 12);
    assert_eq!([embedder.count_tokens(&fits), embedder.count_tokens(&long)], [12, 502]);
    assert!(difference(&vectors[0], &vectors[1]) < 1e-6);
}

#[test]
fn no_text_gives_no_vector() {
    assert!(native(&data("tiny-bert"), 2).unwrap().embed(TextKind::Query, &[]).unwrap().is_empty());
}

#[test]
fn prefixes_are_applied_by_kind_and_change_the_space() {
    let plain = native(&data("tiny-bert"), 1).unwrap();
    let folder = Folder::new();
    folder
        .write("config_sentence_transformers.json", r#"{"prompts": {"query": "wie ", "document": "die "}}"#);
    let prefixed = native(folder.path(), 1).unwrap();
    let expected = plain.embed(TextKind::Query, &["wie paket", "die paket"]).unwrap();
    assert_eq!(prefixed.embed(TextKind::Query, &["paket"]).unwrap()[0], expected[0]);
    assert_eq!(prefixed.embed(TextKind::Passage, &["paket"]).unwrap()[0], expected[1]);
    assert_eq!(prefixed.count_tokens("paket"), plain.count_tokens("die paket"));
    assert_ne!(prefixed.space(), plain.space());
}

#[test]
fn the_space_follows_whatever_moves_vectors_and_nothing_else() {
    let space = |folder: &Folder, threads| native(folder.path(), threads).unwrap().space().clone();
    let same = Folder::new();
    let original = space(&same, 1);
    assert!(original.as_str().starts_with("native-bert-24-"), "{original}");
    same.replace("config.json", "\"hidden_act\"", "\"comment\": \"x\", \"hidden_act\"");
    assert_eq!(space(&same, 3), original);

    let shorter = Folder::new();
    shorter.replace("sentence_bert_config.json", "12", "11");
    let other_words = Folder::new();
    other_words.replace("tokenizer.json", "\"lowercase\": true", "\"lowercase\": false");
    let other_weights = Folder::new();
    let mut bytes = fs::read(other_weights.path().join("model.safetensors")).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    other_weights.write("model.safetensors", bytes);
    for folder in [shorter, other_words, other_weights] {
        assert_ne!(space(&folder, 1), original);
    }
}

#[test]
fn a_missing_folder_or_file_is_named() {
    let folder = Folder::new();
    let absent = folder.path().join("absent");
    let text = native(&absent, 1).err().unwrap().to_string();
    assert!(text.contains(&format!("{} does not exist", absent.display())), "{text}");
    for file in ["config.json", "tokenizer.json", "model.safetensors", "1_Pooling/config.json"] {
        let folder = Folder::new();
        fs::remove_file(folder.path().join(file)).unwrap();
        let text = error(&folder);
        assert!(text.contains(&format!("{file} is missing: fetch the model again")), "{text}");
    }
}

#[test]
fn a_damaged_file_is_named() {
    for file in ["config.json", "tokenizer.json", "model.safetensors", "1_Pooling/config.json"] {
        let folder = Folder::new();
        let path = folder.path().join(file);
        let mut bytes = fs::read(&path).unwrap();
        bytes.truncate(bytes.len() / 2);
        folder.write(file, bytes);
        let text = error(&folder);
        assert!(text.contains(&format!("{file} is damaged (")), "{text}");
    }
}

#[test]
fn a_folder_in_place_of_a_file_is_unreadable() {
    let folder = Folder::new();
    fs::remove_file(folder.path().join("model.safetensors")).unwrap();
    fs::create_dir(folder.path().join("model.safetensors")).unwrap();
    assert!(error(&folder).contains("model.safetensors cannot be read"));
}

#[test]
fn weights_of_another_shape_than_config_says_are_refused() {
    let folder = Folder::new();
    folder.replace("config.json", "\"intermediate_size\": 40", "\"intermediate_size\": 44");
    let text = error(&folder);
    assert!(
        text.contains("intermediate.dense.weight has shape [40, 24], config.json says [44, 24]"),
        "{text}"
    );
}

#[test]
fn impossible_sizes_are_refused() {
    for (from, to) in [
        ("\"num_attention_heads\": 3", "\"num_attention_heads\": 5"),
        ("\"num_attention_heads\": 3", "\"num_attention_heads\": 0"),
        ("\"vocab_size\": 20", "\"vocab_size\": 99999999999999"),
        ("\"max_position_embeddings\": 16", "\"max_position_embeddings\": 2"),
    ] {
        let folder = Folder::new();
        folder.replace("config.json", from, to);
        let text = error(&folder);
        assert!(text.contains("is damaged"), "{to}: {text}");
    }
}

#[test]
fn models_that_are_not_plain_bert_are_refused_with_what_is_wrong() {
    for (file, from, to) in [
        ("config.json", "\"model_type\": \"bert\"", "\"model_type\": \"xlm-roberta\""),
        ("config.json", "\"BertModel\"", "\"DistilBertModel\""),
        ("config.json", "\"hidden_act\": \"gelu\"", "\"hidden_act\": \"gelu_new\""),
        ("config.json", "\"absolute\"", "\"relative_key\""),
        ("1_Pooling/config.json", "\"pooling_mode_cls_token\": false", "\"pooling_mode_cls_token\": true"),
        ("1_Pooling/config.json", "\"pooling_mode_mean_tokens\": true", "\"pooling_mode_max_tokens\": true"),
        ("sentence_bert_config.json", "\"do_lower_case\": false", "\"do_lower_case\": true"),
    ] {
        let folder = Folder::new();
        folder.replace(file, from, to);
        let text = error(&folder);
        assert!(text.contains(file) && text.contains("cannot run"), "{to}: {text}");
    }
    let folder = Folder::new();
    folder.write("modules.json", r#"[{"type": "sentence_transformers.models.Dense"}]"#);
    assert!(error(&folder).contains("module sentence_transformers.models.Dense"));
}

#[test]
fn a_tokenizer_of_another_model_is_an_error_not_a_panic() {
    let folder = Folder::new();
    folder.replace("tokenizer.json", "\"paket\": 10", "\"paket\": 900");
    let embedder = native(folder.path(), 1).unwrap();
    let text = embedder.embed(TextKind::Query, &["wo", "paket"]).unwrap_err().to_string();
    assert!(text.contains("text number 1") && text.contains("token 900"), "{text}");
}

#[test]
fn weights_that_are_no_numbers_are_an_error_not_a_vector() {
    let folder = Folder::new();
    let mut bytes = fs::read(folder.path().join("model.safetensors")).unwrap();
    let header = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize + 8;
    bytes[header..].as_chunks_mut::<4>().0.fill(f32::NAN.to_le_bytes());
    folder.write("model.safetensors", bytes);
    let embedder = native(folder.path(), 1).unwrap();
    assert!(embedder.embed(TextKind::Query, &["paket"]).unwrap_err().to_string().contains("no valid vector"));
}
