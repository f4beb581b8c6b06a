//! The program against a small service of its own, whose faults are known.

#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod service;
