//! A question becomes an answer; no HTTP.
