//! The two engines that turn a PDF's bytes into placed text.
//!
//! `pdfium` is the first choice (a shared library, loaded by path); `docling` is pure Rust and stands in where the
//! library is missing or gives up. Both hand over one page at a time, so that whoever reads along keeps the pages
//! before a crash. Neither is trusted: they run in a process of their own with limits.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::{ControlFlow, RangeInclusive};
use std::path::{Path, PathBuf};

use auskunft_model::{Failure, Reason};
use serde::{Deserialize, Serialize};

use super::page::PageMessage;

mod docling;
mod docling_images;
mod fields;
mod pdfium;
mod segment;

/// Files above this size are not loaded whole for facts or the pure-Rust engine, in bytes.
const MAX_WHOLE_FILE: u64 = 96 << 20;

/// Letters and digits of a page below which its images are looked at.
const FEW_LETTERS: u32 = 200;

/// Bytes that tell a file's format.
const HEAD_BYTES: usize = 1_024;

/// Which engine reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// Google's library for Chromium, at this path.
    Pdfium(PathBuf),
    /// The pure-Rust text layer.
    Docling,
}

impl Engine {
    /// Name in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pdfium(_) => "pdfium",
            Self::Docling => "docling",
        }
    }
}

/// Where the bytes come from; opening files is the caller's business.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// A file, read where the engine needs it: a large one is never held whole.
    File(&'a File),
    /// Bytes in memory.
    Bytes(&'a [u8]),
}

impl<'a> Input<'a> {
    fn length(self) -> io::Result<u64> {
        match self {
            Self::File(file) => Ok(file.metadata()?.len()),
            Self::Bytes(bytes) => Ok(bytes.len() as u64),
        }
    }

    /// The first bytes.
    fn head(self) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        match self {
            Self::Bytes(bytes) => head.extend_from_slice(bytes.get(..HEAD_BYTES).unwrap_or(bytes)),
            Self::File(mut file) => {
                file.seek(SeekFrom::Start(0))?;
                file.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
            }
        }
        Ok(head)
    }

    /// All bytes; `None` when there are more than an engine may hold.
    fn whole(self) -> io::Result<Option<Cow<'a, [u8]>>> {
        if self.length()? > MAX_WHOLE_FILE {
            return Ok(None);
        }
        match self {
            Self::Bytes(bytes) => Ok(Some(Cow::Borrowed(bytes))),
            Self::File(mut file) => {
                let mut bytes = Vec::new();
                file.seek(SeekFrom::Start(0))?;
                file.take(MAX_WHOLE_FILE).read_to_end(&mut bytes)?;
                Ok(Some(Cow::Owned(bytes)))
            }
        }
    }
}

/// Takes messages as they come; `Break` ends the reading early.
pub type Sink<'a> = dyn FnMut(PageMessage) -> ControlFlow<()> + 'a;

/// Reads one file with one engine.
///
/// Call it in a process that may die: a hostile file can crash the library, exhaust memory or never end.
///
/// # Errors
/// `encrypted` when a password is needed, `damaged` when the file cannot be opened, `no_text` when it is empty,
/// `too_large` when the pure-Rust engine would have to hold more than 96 MB, `unreadable` when bytes or library fail.
pub fn read(input: Input<'_>, engine: &Engine, sink: &mut Sink<'_>) -> Result<(), Failure> {
    if input.length().map_err(|error| unreadable(&error))? == 0 {
        return Err(Failure::new(Reason::NoText, "the file is empty"));
    }
    match engine {
        Engine::Pdfium(library) => pdfium::read(input, library, sink),
        Engine::Docling => docling::read(input, sink),
    }
}

/// A page as it is shown, turned so that most of its text reads from left to right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Counted from 1.
    pub page: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The file, in the format PNG.
    pub png: Vec<u8>,
}

/// Takes pictures as they come; `Break` ends the drawing early.
pub type PictureSink<'a> = dyn FnMut(Picture) -> ControlFlow<()> + 'a;

/// Draws pages with libpdfium at this path, at most `width` pixels wide. Pages that the file does not have, or that cannot
/// be drawn, are left out. Call it where [`read`] is called: in a process that may die.
///
/// # Errors
/// As [`read`]; `limit_exceeded` when a picture cannot be stored.
pub fn draw(
    input: Input<'_>,
    library: &Path,
    pages: RangeInclusive<u32>,
    width: u32,
    sink: &mut PictureSink<'_>,
) -> Result<(), Failure> {
    pdfium::draw(input, library, pages, width, sink)
}

fn unreadable(error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::OutOfMemory {
        let detail = "reading the file needs more memory than a reader may use";
        return Failure::new(Reason::LimitExceeded, detail);
    }
    Failure::new(Reason::Unreadable, format!("cannot read the file: {error}"))
}

fn encrypted() -> Failure {
    Failure::new(Reason::Encrypted, "the file needs a password; remove the protection and run again")
}
