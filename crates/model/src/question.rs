//! What is asked.

use crate::{Filter, Language, ProductId};

/// A question after its form was checked, before it is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The words of the person.
    pub text: String,
    /// The language the answer should have, where the caller states it.
    pub language: Option<Language>,
    /// The product it is about, where the caller states it.
    pub product_id: Option<ProductId>,
    /// Further narrowing; empty for ordinary questions.
    pub filter: Filter,
}
