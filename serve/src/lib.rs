//! Answers support questions over an ingested catalog.
