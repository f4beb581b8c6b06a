//! The ledger's documents and products as the run has left them so far; what is derived from them is settled only when
//! something was published since.

use std::borrow::Cow;

use auskunft_store::generation::GenerationInfo;
use auskunft_store::ledger::{self, DocumentRow};

use super::Run;
use crate::run::bind::NumberedProduct;
use crate::run::settle;

/// What the stores hold by now.
pub(super) struct Current<'a> {
    run: &'a Run<'a>,
    info: &'a GenerationInfo,
    /// All documents of the ledger; their labels may be older.
    pub(super) documents: Cow<'a, [DocumentRow]>,
    /// The products that they state.
    pub(super) products: Vec<NumberedProduct>,
    is_outdated: bool,
}

impl<'a> Current<'a> {
    /// As the run begins. A killed run may have left something to settle, so it is done once even when nothing changed.
    pub(super) async fn begin(run: &'a Run<'a>, info: &'a GenerationInfo) -> anyhow::Result<Self> {
        let documents = Cow::Borrowed(run.ledger.documents.as_slice());
        let mut current = Self { run, info, documents, products: Vec::new(), is_outdated: false };
        current.settle_read().await?;
        Ok(current)
    }

    /// Notes that documents were published or removed.
    pub(super) fn outdate(&mut self, has_published: bool) {
        self.is_outdated |= has_published;
    }

    /// Reads what is outdated.
    pub(super) async fn read(&mut self) -> anyhow::Result<()> {
        if self.is_outdated {
            let documents = ledger::documents(&self.run.stores.database, self.info.generation).await?;
            self.documents = Cow::Owned(documents);
            self.is_outdated = false;
        }
        Ok(())
    }

    /// Reads and settles what is outdated.
    pub(super) async fn settle(&mut self) -> anyhow::Result<()> {
        if self.is_outdated {
            self.read().await?;
            self.settle_read().await?;
        }
        Ok(())
    }

    async fn settle_read(&mut self) -> anyhow::Result<()> {
        let manuals = &self.run.catalog.manuals;
        let is_live = self.run.target.is_live();
        self.products = settle::settle(self.run.stores, self.info, manuals, &self.documents, is_live).await?;
        Ok(())
    }
}
