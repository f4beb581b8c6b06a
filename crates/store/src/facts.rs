//! Typed facts for answers: what the shop knows of a customer's orders, and of products today.
//!
//! Each of the two functions is one statement, one database operation. [`customer_facts`] holds the agent's permission in the
//! same statement that reads, and writes its audit rows in it: there is no way to read without leaving a trace. Computing with
//! what is read (deadlines, ends of warranty) is the caller's.

mod customer;
mod product;
mod rows;

pub use customer::{
    CustomerAnswer, CustomerQuery, Subject, Wants, Wish, customer_facts, rehearse_customer_facts,
};
pub use product::{
    PriceRow, ProductFacts, ProductFactsRow, ProductQuery, SoldProduct, SourcedAttribute, product_facts,
};
pub use rows::{
    CustomerRecord, ItemRow, OrderHead, OrderRow, OrderedProduct, PaymentRow, ReturnPolicy, ReturnRow,
    SerialRow, ShipmentRow, StatedWarranty, WarrantyPolicy,
};

#[cfg(test)]
mod tests;
