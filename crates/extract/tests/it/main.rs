//! Extraction over real files.

mod pdf;
mod robust;
mod samples;
