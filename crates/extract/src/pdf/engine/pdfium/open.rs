//! Loading the library, and opening a file so that a large one is never held whole.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use auskunft_model::{Failure, Reason};
use pdfium_render::prelude::*;

use super::super::{Input, encrypted, unreadable};

/// The library keeps every object that it once read, pictures included, until the file is closed: after so many bytes the
/// file is closed and opened again.
const MAX_HELD: u64 = 32 << 20;

/// An open file.
pub(super) struct Opened<'a> {
    pub(super) document: PdfDocument<'a>,
    taken: Arc<AtomicU64>,
}

impl<'a> Opened<'a> {
    pub(super) fn new(input: Input<'a>, library: &Path) -> Result<Self, Failure> {
        let pdfium = load(library)?;
        let taken = Arc::default();
        let document = match input {
            Input::File(file) => {
                pdfium.load_pdf_from_reader(Counted { file, taken: Arc::clone(&taken) }, None)
            }
            Input::Bytes(bytes) => pdfium.load_pdf_from_byte_slice(bytes, None),
        };
        let document = document.map_err(|error| refused(&error))?;
        // What opening took is taken again by every opening.
        taken.store(0, Ordering::Relaxed);
        Ok(Self { document, taken })
    }

    /// The same file; opened again when much of it was read.
    pub(super) fn refreshed(self, input: Input<'a>, library: &Path) -> Result<Self, Failure> {
        if self.taken.load(Ordering::Relaxed) < MAX_HELD {
            return Ok(self);
        }
        drop(self);
        Self::new(input, library)
    }
}

/// Counts the bytes that the library asks for.
struct Counted<'a> {
    file: &'a File,
    taken: Arc<AtomicU64>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.taken.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.file.seek(place)
    }
}

/// The library, loaded once in a process: the first path that works holds.
fn load(library: &Path) -> Result<&'static Pdfium, Failure> {
    static LOADED: Mutex<Option<&'static Pdfium>> = Mutex::new(None);
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pdfium) = *loaded {
        return Ok(pdfium);
    }
    let bindings = Pdfium::bind_to_library(library).map_err(|error| {
        Failure::new(Reason::Unreadable, format!("cannot load {}: {error}", library.display()))
    })?;
    // A library is never unloaded, so that its handle may as well live for ever.
    let pdfium: &'static Pdfium = Box::leak(Box::new(Pdfium::new(bindings)));
    *loaded = Some(pdfium);
    Ok(pdfium)
}

fn refused(error: &PdfiumError) -> Failure {
    match error {
        PdfiumError::PdfiumLibraryInternalError(PdfiumInternalError::PasswordError) => encrypted(),
        PdfiumError::IoError(error) => unreadable(error),
        PdfiumError::PdfiumLibraryInternalError(PdfiumInternalError::SecurityError) => {
            Failure::new(Reason::Encrypted, "the file has a protection that is not supported; remove it")
        }
        _ => Failure::new(Reason::Damaged, "pdfium cannot open the file: its structure is broken"),
    }
}
