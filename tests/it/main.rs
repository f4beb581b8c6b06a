//! Scenarios over both programs.

mod flow;
