//! A whole fictional shop, drawn from a seed. First a *world* is drawn, the facts of the shop; then every source is written from
//! it, so that the answer to every question is known. The same seed and size give the same bytes.

mod language;
mod random;
mod typeset;
mod world;
mod write;

use std::fmt;
use std::path::Path;

use anyhow::{Result, ensure};

/// What to draw.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The same seed gives the same shop.
    pub seed: u64,
    /// How many products it has; everything else grows with them.
    pub products: usize,
}

/// Smallest shop that has something of everything.
const LEAST_PRODUCTS: usize = 40;

/// How much was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Product pages.
    pub products: usize,
    /// Files of manuals, those that can't be read among them.
    pub manuals: usize,
    /// Pages of all manuals.
    pub pages: usize,
    /// Answers to frequent questions.
    pub faqs: usize,
    /// Policies.
    pub policies: usize,
    /// Dialogs.
    pub dialogs: usize,
    /// Tickets.
    pub tickets: usize,
    /// Customers.
    pub customers: usize,
    /// Orders.
    pub orders: usize,
    /// Questions of the evaluation.
    pub questions: usize,
}

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} products, {} manuals of {} pages, {} faqs, {} policies, {} dialogs, {} tickets, {} customers, {} orders, {} questions",
            self.products,
            self.manuals,
            self.pages,
            self.faqs,
            self.policies,
            self.dialogs,
            self.tickets,
            self.customers,
            self.orders,
            self.questions
        )
    }
}

/// Draws a shop and writes it into a new or empty folder.
///
/// # Errors
/// When the shop is smaller than 40 products, the folder holds something, or a file can't be written.
pub fn write_catalog(options: Options, folder: &Path) -> Result<Summary> {
    ensure!(
        options.products >= LEAST_PRODUCTS,
        "a shop of {} products is too small; ask for at least {LEAST_PRODUCTS}",
        options.products
    );
    let is_used = folder.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    ensure!(!is_used, "{} is not empty; name a new folder", folder.display());
    let world = world::World::draw(options.seed, options.products)?;
    write::all(&world, folder)
}
