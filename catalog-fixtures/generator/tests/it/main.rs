//! What is written, read back by other means than it was written by.

#[cfg(test)]
mod catalog;
#[cfg(test)]
mod shop;
