//! Scenarios over both programs, and the shape of the house.

mod arrows;
mod flow;
mod quality;
mod tidy;
