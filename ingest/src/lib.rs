//! Turns a shop's catalog into documents, chunks and vectors.
