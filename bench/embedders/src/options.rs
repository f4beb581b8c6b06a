//! What is measured, by the command line and the environment.

use std::path::{Path, PathBuf};

use crate::Outcome;

const USAGE: &str = "usage: bench-embedders [--json] [--rounds N] [--threads N] [--questions N] [--texts N] [--catalog DIR | --lines FILE]
  --rounds     turns of every engine with every set of texts (5)
  --threads    threads of each engine (2)
  --questions  questions of a round and number of callers (400)
  --texts      texts of the catalog that are embedded in a round (512)
  --catalog    folder whose chunks are embedded, PDFs left out (catalog-fixtures/small)
  --lines      JSON lines with a `text` each, in place of a catalog
The model lies in AUSKUNFT_MODEL_DIR, ONNX Runtime in AUSKUNFT_ONNXRUNTIME, else both in the cache folder (scripts/fetch-assets.py).";

/// What was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) json: bool,
    pub(crate) rounds: usize,
    pub(crate) threads: usize,
    pub(crate) questions: usize,
    pub(crate) texts: usize,
    pub(crate) catalog: PathBuf,
    pub(crate) lines: Option<PathBuf>,
}

impl Options {
    pub(crate) fn parse(arguments: &[String]) -> Outcome<Self> {
        let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog-fixtures/small");
        let mut options =
            Self { json: false, rounds: 5, threads: 2, questions: 400, texts: 512, catalog, lines: None };
        let mut rest = arguments.iter();
        while let Some(name) = rest.next() {
            if name == "--json" {
                options.json = true;
                continue;
            }
            let value = rest.next().ok_or(USAGE)?;
            let number = || value.parse().ok().filter(|&number: &usize| number > 0).ok_or(USAGE);
            match name.as_str() {
                "--rounds" => options.rounds = number()?,
                "--threads" => options.threads = number()?,
                "--questions" => options.questions = number()?,
                "--texts" => options.texts = number()?,
                "--catalog" => options.catalog = value.into(),
                "--lines" => options.lines = Some(value.into()),
                _ => return Err(USAGE.into()),
            }
        }
        Ok(options)
    }
}

/// Where the model's weights lie.
pub(crate) fn model() -> Outcome<PathBuf> {
    asset("AUSKUNFT_MODEL_DIR", "models/all-minilm-l6-v2")
}

/// Where the runtime lies.
pub(crate) fn runtime() -> Outcome<PathBuf> {
    asset("AUSKUNFT_ONNXRUNTIME", "onnxruntime/libonnxruntime.so")
}

/// The home of assets.
pub(crate) fn cache() -> PathBuf {
    let home = || Path::new(&std::env::var_os("HOME").unwrap_or_default()).join(".cache/auskunft");
    std::env::var_os("AUSKUNFT_CACHE_DIR").map_or_else(home, PathBuf::from)
}

fn asset(variable: &str, place: &str) -> Outcome<PathBuf> {
    let path = std::env::var_os(variable).map_or_else(|| cache().join(place), PathBuf::from);
    if path.exists() {
        Ok(path)
    } else {
        Err(format!("{} is missing; run scripts/fetch-assets.py", path.display()).into())
    }
}
