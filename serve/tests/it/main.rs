//! The service over a small shop: every path, every problem, limits, the program itself.

#[cfg(test)]
mod access;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod away;
#[cfg(test)]
mod chats;
#[cfg(test)]
mod conversations;
#[cfg(test)]
mod dashboards;
#[cfg(test)]
mod down;
#[cfg(test)]
#[path = "../../../crates/store/src/gate.rs"]
mod gate;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod log;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod originals;
#[cfg(test)]
mod own_database;
#[cfg(test)]
mod paths;
#[cfg(test)]
mod people;
#[cfg(test)]
mod problems;
#[cfg(test)]
mod program;
#[cfg(test)]
#[path = "../../../ingest/tests/it/support/random.rs"]
#[allow(dead_code, reason = "other tests draw more")]
mod random;
#[cfg(test)]
mod redis;
#[cfg(test)]
mod regions;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod tickets;
#[cfg(test)]
mod traces;
#[cfg(test)]
mod trials;
#[cfg(test)]
#[path = "../../../tests/it/compose/yaml.rs"]
mod yaml;
