//! The stores over real files.

#[cfg(test)]
mod judge;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod trials;
