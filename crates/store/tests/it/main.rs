//! The stores over real files.

#[cfg(test)]
mod documents;
#[cfg(test)]
mod judge;
#[cfg(test)]
#[path = "../../../../ingest/tests/it/support/random.rs"]
#[allow(dead_code, reason = "other tests draw more")]
mod random;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod trials;
