//! Which part of a question asks for what: "Wo ist O-511842? Ach ja: Was kostet das Brise 11?"

use super::Intent;
use super::comparison::Comparison;
use super::references::References;
use crate::product_index::Mention;

/// One of the things that are asked at once.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// Its words.
    pub(crate) text: String,
    /// What is wished, in order of mention; several when they are about the same ("Preis und Garantie vom KM-2400").
    pub(crate) intents: Vec<Intent>,
    /// The products of this part; the question's or the conversation's when it names none.
    pub(crate) mention: Mention,
    /// Its orders, parcels and serial numbers.
    pub(crate) references: References,
    /// What products are to be compared by.
    pub(crate) comparison: Option<Comparison>,
    /// Set when a return is asked for that is under way ("Habt ihr meine Rücksendung bekommen?"), as opposed to whether
    /// something can still go back.
    pub(crate) running_return: bool,
}
