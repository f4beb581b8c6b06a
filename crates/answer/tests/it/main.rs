//! The desk over embedded stores.

mod catalog;
mod desk;
mod faq;
