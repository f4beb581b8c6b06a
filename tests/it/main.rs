//! Scenarios over both programs, and the shape of the house.

#[cfg(test)]
mod arrows;
#[cfg(test)]
mod compose;
#[cfg(test)]
mod flow;
#[cfg(test)]
mod generations;
#[cfg(test)]
mod home;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod quality;
#[cfg(test)]
#[path = "../../ingest/tests/it/support/random.rs"]
#[allow(dead_code, reason = "other tests draw more")]
mod random;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod work;
#[cfg(test)]
mod writers;
