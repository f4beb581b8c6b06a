//! One run: walk, plan, guard, read, bind, embed, publish, report. Each stage is a file; the order stands in
//! [`crate::commands::run`].

pub mod bind;
pub mod embed;
pub mod gate;
pub mod inputs;
pub mod originals;
pub mod plan;
pub mod progress;
pub mod publish;
pub mod read;
pub mod reading;
mod ready;
pub mod report;
pub mod settle;
pub mod sharing;
pub mod shop_data;
pub mod tickets;
pub mod vector_index;
