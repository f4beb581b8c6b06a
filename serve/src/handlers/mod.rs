//! One file a matter; each handler checks, asks, and shapes the response.

pub(crate) mod answer;
pub(crate) mod documents;
pub(crate) mod feedback;
pub(crate) mod health;
pub(crate) mod meta;
pub(crate) mod originals;
pub(crate) mod products;
pub(crate) mod search;
pub(crate) mod sessions;
pub(crate) mod tickets;
pub(crate) mod tokens;
