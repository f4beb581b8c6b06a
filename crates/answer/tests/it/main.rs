//! The desk over embedded stores.

mod catalog;
mod faq;
