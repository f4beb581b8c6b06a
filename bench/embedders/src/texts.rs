//! The texts: of one length each, and as a catalog's chunks are.

use std::fs;
use std::path::{Path, PathBuf};

use auskunft_extract::{Defaults, Record};
use auskunft_model::{Language, Source};
use serde::{Deserialize, Serialize};

use crate::Outcome;
use crate::options::Options;

/// Lengths in tokens, with the number of texts: each set costs about the same.
const LENGTHS: [(usize, usize); 4] = [(16, 512), (64, 192), (128, 96), (250, 48)];
/// Tokens of a chunk, as `ingest` cuts them.
const BUDGET: usize = 250;
/// Words of a question, before its number.
const QUESTION_WORDS: usize = 8;

/// Texts that are embedded at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) texts: Vec<String>,
    /// Tokens of each text, special ones included.
    pub(crate) tokens: Vec<usize>,
    /// Whether they are of many lengths.
    pub(crate) is_mixed: bool,
}

/// Everything that workers read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Corpus {
    pub(crate) sets: Vec<Set>,
    /// What questions begin with; a number makes each of its own.
    pub(crate) questions: Vec<String>,
}

impl Corpus {
    /// Texts by the options; `count` counts tokens as the model does.
    pub(crate) fn read(options: &Options, count: &dyn Fn(&str) -> usize) -> Outcome<Self> {
        let mut chunks = match &options.lines {
            Some(file) => lines(file)?,
            None => chunks(&options.catalog, count)?,
        };
        if chunks.is_empty() {
            return Err("there is no text to embed; name another --catalog or --lines".into());
        }
        let words: Vec<String> =
            chunks.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect();
        let mut sets: Vec<Set> = LENGTHS
            .iter()
            .map(|&(length, texts)| {
                let texts = (0..texts).map(|number| of_length(&words, number * 37, length, count)).collect();
                Set::new(format!("{length} tokens"), texts, false, count)
            })
            .collect();
        spread(&mut chunks, options.texts);
        sets.push(Set::new("catalog".to_owned(), chunks, true, count));
        let questions = words.chunks_exact(QUESTION_WORDS).map(|words| words.join(" ")).collect();
        Ok(Self { sets, questions })
    }

    /// A question that was not asked before, for every number another one.
    pub(crate) fn question(&self, number: usize) -> String {
        format!("{} {number}?", self.questions[number % self.questions.len()])
    }
}

impl Set {
    fn new(name: String, texts: Vec<String>, is_mixed: bool, count: &dyn Fn(&str) -> usize) -> Self {
        let tokens = texts.iter().map(|text| count(text).min(256)).collect();
        Self { name, texts, tokens, is_mixed }
    }
}

/// A text of exactly so many tokens: words from a place on, filled up with a word of one token.
fn of_length(words: &[String], from: usize, length: usize, count: &dyn Fn(&str) -> usize) -> String {
    let mut text = String::new();
    for word in words.iter().cycle().skip(from % words.len()).take(length) {
        let longer = format!("{text} {word}");
        if count(&longer) > length {
            break;
        }
        text = longer;
    }
    while count(&text) < length {
        text.push_str(" a");
    }
    text
}

/// Keeps `most` texts, evenly from the whole; where there are fewer, all.
fn spread(texts: &mut Vec<String>, most: usize) {
    let all = std::mem::take(texts);
    let kept = most.min(all.len());
    *texts = (0..kept).map(|number| all[number * all.len() / kept].clone()).collect();
}

fn lines(file: &Path) -> Outcome<Vec<String>> {
    #[derive(Deserialize)]
    struct Line {
        text: String,
    }
    let text = fs::read_to_string(file)?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    Ok(lines
        .map(|line| serde_json::from_str::<Line>(line).map(|line| line.text))
        .collect::<Result<_, _>>()?)
}

/// What is embedded of a catalog, in the order of its files.
fn chunks(folder: &Path, count: &dyn Fn(&str) -> usize) -> Outcome<Vec<String>> {
    let defaults = Defaults { language: Language::german() };
    let mut found = Vec::new();
    for path in files(folder)? {
        let bytes = fs::read(&path)?;
        let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
        let Some(kind) = auskunft_extract::classify(&name, &bytes) else { continue };
        let Ok(extracted) = auskunft_extract::extract(&Source { path: name, kind }, &bytes, &defaults) else {
            continue;
        };
        for record in extracted.records {
            if let Ok(Record::Document(document)) = record.result {
                let chunks = auskunft_extract::chunks(&document, BUDGET, count);
                found.extend(chunks.into_iter().map(|chunk| chunk.embedded_text));
            }
        }
    }
    Ok(found)
}

fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    entries.sort();
    let mut found = Vec::new();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}
