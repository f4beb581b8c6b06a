//! The desk over embedded stores.

#[cfg(test)]
mod catalog;
#[cfg(test)]
mod categories;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod families;
#[cfg(test)]
mod faq;
