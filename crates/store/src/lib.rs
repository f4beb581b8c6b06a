//! Where everything is kept: Postgres (embedded in the process, or a server), documents, volatile state and original files.
//!
//! Start reading at [`database`]. Postgres has no port: its tables are reached through the functions of [`generation`],
//! [`ledger`], [`publish`], [`search`], [`products`], [`shop_data`], [`policies`], [`facts`], [`agents`], [`names`], [`tickets`], [`tokens`],
//! [`audit`], [`chats`], [`embeddings`], [`runs`], [`status`], [`verify`], [`work`] and [`gc`]. Two roles have ports, because servers exist that fill
//! them: [`documents::DocumentStore`] and [`volatile::VolatileStore`]. [`objects`] holds original files. This crate knows neither files of a catalog, nor
//! embedders, nor HTTP.

pub mod agents;
pub mod audit;
mod breaker;
pub mod chats;
pub mod database;
pub mod documents;
pub mod embeddings;
pub mod error;
pub mod facts;
#[cfg(test)]
mod gate;
pub mod gc;
pub mod generation;
#[cfg(test)]
mod indexes_tests;
mod lease;
pub mod ledger;
pub mod lock;
pub mod logs;
mod materialise;
pub mod names;
pub mod objects;
mod operation;
pub mod policies;
pub mod pools;
pub mod products;
pub mod publish;
pub mod reader;
pub mod recall;
pub mod runs;
pub mod search;
pub mod shop;
pub mod shop_data;
pub mod status;
pub mod stores;
#[cfg(test)]
mod testing;
pub mod tickets;
pub mod tokens;
pub mod verify;
pub mod volatile;
mod within;
pub mod work;

pub use chats::ChatStore;
pub use database::{Database, DatabaseServer, Role};
pub use documents::DocumentStore;
pub use error::{Error, ErrorKind, Result};
pub use objects::Objects;
pub use reader::Reader;
pub use stores::{Places, Stores};
pub use volatile::VolatileStore;
