//! PDF: bytes to placed text (by an engine, in a process of its own), placed text to a document.
//!
//! The life of a page: [`engine::read`] sends it, [`quality::of`] looks whether it can be used, [`layout`] drops running
//! heads, finds tables and columns and puts lines into reading order, headings and paragraphs, and [`document()`] makes
//! the [`auskunft_model::Document`] with the page number kept on every section.

pub mod engine;
pub mod facts;
pub mod layout;
pub mod page;
pub mod quality;

mod document;
mod troubleshooting;

pub use document::{Reading, document, page_outcomes, placed};
pub use engine::{Engine, Input, Picture, draw, read};
pub use layout::{Placed, Role};
pub use page::{OutlineEntry, Page, PageMessage, PdfFacts, Span};
