//! The shop's tables as files state them: the columns of `shop/*.csv`, what a value must be, and what refers to what.
//!
//! The database holds the same rules (`migrations/`); they stand here as well so that a wrong row can be named by file, line
//! and column before anything is written.

mod all;

pub use all::TABLES;

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters, digits, `_`, `.`, `-`; at most 128 of them.
    Id,
    /// Any text.
    Text,
    /// `EU`, `CH`, `US-CA`.
    Region,
    /// ISO 4217: `EUR`.
    Currency,
    /// ISO 3166: `DE`.
    Country,
    /// ISO 639: `de`.
    Language,
    /// Money: not negative, a point before at most three decimals.
    Amount,
    /// A whole number, not negative.
    Count,
    /// A whole number from 1 up.
    Positive,
    /// `true` or `false`.
    Flag,
    /// `2026-11-21`.
    Day,
    /// RFC 3339 with its zone: `2026-11-21T10:12:00Z`.
    Moment,
    /// One of these.
    Choice(&'static [&'static str]),
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in the file.
    pub name: &'static str,
    /// What its values must be.
    pub kind: Kind,
    /// Whether a value may be missing.
    pub optional: bool,
}

/// Columns that name a row of another table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The columns here.
    pub columns: &'static [&'static str],
    /// The other table.
    pub table: &'static str,
    /// The columns there.
    pub of: &'static [&'static str],
}

/// What a row is a part of. A thing that is given is given whole: parts that are left out are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    /// The table of the things; its keys have the same names.
    pub table: &'static str,
    /// The columns that name the thing.
    pub columns: &'static [&'static str],
}

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name in the schema `shop`; the file is `shop/{name}.csv`.
    pub name: &'static str,
    /// The columns that no two rows share.
    pub key: &'static [&'static str],
    /// All columns.
    pub columns: &'static [Column],
    /// What its rows name.
    pub references: &'static [Reference],
    /// What its rows are parts of; `None` = each stands for itself.
    pub whole: Option<Whole>,
    /// Pairs of days of which the second is not before the first.
    pub ordered: &'static [(&'static str, &'static str)],
    /// Whether the values of any column may tell who a person is, as soon as a row is out of place.
    pub is_personal: bool,
}

impl Table {
    const BARE: Self = Self {
        name: "",
        key: &[],
        columns: &[],
        references: &[],
        whole: None,
        ordered: &[],
        is_personal: false,
    };

    /// The file, relative to the catalog.
    pub fn file(&self) -> String {
        format!("shop/{}.csv", self.name)
    }

    /// The table with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }
}
