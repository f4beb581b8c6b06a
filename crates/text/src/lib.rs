//! Language, normal forms, numbers and units, identifiers, sentences, redaction; no IO.
//!
//! Everything here is a pure function over text, shared by extraction (what a source says) and answering (what a
//! question asks), so that both sides fold names, read numbers and cut sentences alike.

pub mod identifier;
pub mod language;
pub mod normal;
pub mod number;
pub mod redact;
pub mod sentence;
pub mod unit;
pub mod value;

pub use value::read_value;
