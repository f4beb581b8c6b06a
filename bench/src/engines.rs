//! The worker: one file read by one engine, measured.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use auskunft_extract::Defaults;
use auskunft_extract::pdf::{self, Engine, Input, PageMessage, Reading};
use auskunft_model::{Language, Source, SourceKind};
use pdfium_render::prelude::Pdfium;
use serde::{Deserialize, Serialize};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Calls of which the best counts, at most and at least, and the CPU time after which no more than the least are made.
/// The first call of a process pays for its memory.
const CALLS: u32 = 7;
const LEAST_CALLS: u32 = 3;
const ENOUGH: Duration = Duration::from_millis(500);

/// What is measured, by the name in the table.
pub(crate) const ENGINES: [(&str, &str); 6] = [
    ("pdfium", "pdfium, bare text call"),
    ("product", "product: bytes to sections"),
    ("spans", "product: bytes to placed text"),
    ("docling", "product without libpdfium: bytes to sections"),
    ("pdf-extract", "pdf-extract 0.12.1"),
    ("lopdf", "lopdf 0.47 extract_text"),
];

/// What a worker says.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) pages: u32,
    pub(crate) seconds: f64,
    pub(crate) peak_bytes: u64,
    pub(crate) text: String,
    /// Why there is no text.
    pub(crate) refused: Option<String>,
}

struct Read {
    pages: u32,
    text: String,
}

/// Reads a file again and again and prints the answer as JSON.
pub(crate) fn work(engine: &str, file: &str) -> Outcome<()> {
    let bytes = std::fs::read(file)?;
    let library = library();
    let reader = reader(engine, library.as_deref())?;
    let mut answer = Answer::default();
    let (mut best, mut spent) = (Duration::MAX, Duration::ZERO);
    for call in 1..=CALLS {
        let before = cpu_time();
        let read = reader(&bytes);
        let took = cpu_time().saturating_sub(before);
        (best, spent) = (best.min(took), spent + took);
        match read {
            Ok(read) => (answer.pages, answer.text) = (read.pages, read.text),
            Err(error) => answer.refused = Some(error.to_string()),
        }
        if (spent > ENOUGH && call >= LEAST_CALLS) || answer.refused.is_some() {
            break;
        }
    }
    answer.seconds = best.as_secs_f64();
    answer.peak_bytes = peak_memory();
    println!("{}", serde_json::to_string(&answer)?);
    Ok(())
}

type Reader = Box<dyn Fn(&[u8]) -> Outcome<Read>>;

fn reader(engine: &str, library: Option<&Path>) -> Outcome<Reader> {
    let missing = "libpdfium is missing; run scripts/fetch-assets.py";
    Ok(match engine {
        "pdfium" => bare(library.ok_or(missing)?)?,
        "product" => product(Engine::Pdfium(library.ok_or(missing)?.to_owned())),
        "spans" => spans(Engine::Pdfium(library.ok_or(missing)?.to_owned())),
        "docling" => product(Engine::Docling),
        "pdf-extract" => Box::new(|bytes| {
            let pages = pdf_extract::extract_text_from_mem_by_pages(bytes)?;
            Ok(Read { pages: pages.len() as u32, text: pages.join("\n") })
        }),
        "lopdf" => Box::new(|bytes| {
            let document = lopdf::Document::load_mem(bytes)?;
            let numbers: Vec<u32> = document.get_pages().into_keys().collect();
            Ok(Read { pages: numbers.len() as u32, text: document.extract_text(&numbers)? })
        }),
        other => return Err(format!("no engine `{other}`").into()),
    })
}

fn bare(library: &Path) -> Outcome<Reader> {
    let pdfium = Pdfium::new(Pdfium::bind_to_library(library)?);
    Ok(Box::new(move |bytes| {
        let document = pdfium.load_pdf_from_byte_slice(bytes, None)?;
        let mut text = String::new();
        for page in document.pages().iter() {
            text.push_str(&page.text()?.all());
            text.push('\n');
        }
        Ok(Read { pages: document.pages().len() as u32, text })
    }))
}

fn messages(bytes: &[u8], engine: &Engine) -> Outcome<Reading> {
    let mut reading = Reading { facts: pdf::PdfFacts::default(), pages: Vec::new(), cut: None };
    pdf::read(Input::Bytes(bytes), engine, &mut |message| {
        match message {
            PageMessage::Page(page) => reading.pages.push(page),
            PageMessage::Facts(facts) => reading.facts = facts,
            PageMessage::Start { .. } | PageMessage::BadPage { .. } => {}
        }
        ControlFlow::Continue(())
    })?;
    Ok(reading)
}

fn spans(engine: Engine) -> Reader {
    Box::new(move |bytes| {
        let reading = messages(bytes, &engine)?;
        let texts: Vec<&str> =
            reading.pages.iter().flat_map(|page| &page.spans).map(|span| span.text.as_str()).collect();
        Ok(Read { pages: reading.pages.len() as u32, text: texts.join("\n") })
    })
}

fn product(engine: Engine) -> Reader {
    let source = Source { path: "manuals/a.pdf".to_owned(), kind: SourceKind::Manual };
    let defaults = Defaults { language: Language::german() };
    Box::new(move |bytes| {
        let reading = messages(bytes, &engine)?;
        let (document, _) = pdf::document(&source, &reading, &defaults)?;
        let mut text = String::new();
        let mut last: &[String] = &[];
        for section in &document.sections {
            // A heading stands once, however many pages its section runs over.
            let common =
                section.heading_path.iter().zip(last).take_while(|(one, other)| one == other).count();
            for heading in &section.heading_path[common..] {
                text.push_str(heading);
                text.push('\n');
            }
            text.push_str(&section.text());
            text.push('\n');
            last = &section.heading_path;
        }
        Ok(Read { pages: reading.pages.len() as u32, text })
    })
}

/// The library by `AUSKUNFT_PDFIUM`, else where the product looks for it.
pub(crate) fn library() -> Option<PathBuf> {
    let named = std::env::var_os("AUSKUNFT_PDFIUM").map(PathBuf::from);
    let cache = std::env::var_os("AUSKUNFT_CACHE_DIR").map(PathBuf::from);
    let cache = cache.or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(".cache/auskunft")));
    named.or_else(|| Some(cache?.join("pdfium/libpdfium.so"))).filter(|path| path.is_file())
}

/// Time that this thread ran, whatever else the machine did.
pub(crate) fn cpu_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split_whitespace().next().and_then(|number| number.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

/// The most memory that this process held, in bytes.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1_024
}
