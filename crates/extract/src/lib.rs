//! Bytes to documents, sections and chunks; no IO, no async.
