//! Answers support questions over an ingested catalog: the HTTP API.
//!
//! This crate knows HTTP, the shapes of its messages and how many requests it takes at once; what an answer is, it leaves
//! to `auskunft-answer`. It keeps nothing of its own: sessions and cached answers lie in the volatile store. It reads no
//! catalog and links nothing that could.
//!
//! Start reading at [`start`] (what happens before the first request), then [`mod@router`], then `handlers/answer.rs`.

pub mod access;
pub mod admission;
pub mod args;
mod body;
mod chat;
mod check;
pub mod error;
pub mod failure;
mod flights;
mod frame;
mod fresh;
mod handlers;
pub mod log;
pub mod metrics;
pub mod openapi;
pub mod opening;
mod rate;
pub mod router;
mod session;
pub mod start;
pub mod state;
mod timing;
pub mod traces;
mod unique;
pub mod wire;

pub use failure::Failure;
pub use router::router;
pub use start::run;
