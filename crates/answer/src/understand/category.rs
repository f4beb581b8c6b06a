//! The category that is spoken of: what a question leaves behind of it, and what a further question means by it.

use std::collections::BTreeSet;

use auskunft_model::{Asker, ProductId};

use super::{Conversation, Understood, follow_up};
use crate::analysis::words;
use crate::product_index::{Mention, ProductIndex};

impl Understood {
    /// The category after the answer: of its product, of those that the question may mean, else the one that its words name.
    pub(crate) fn category_after(
        &self,
        product: Option<&ProductId>,
        products: &ProductIndex,
        asker: &Asker,
    ) -> Option<String> {
        let about = product.map_or_else(|| self.about(), |product| vec![product.clone()]);
        let category = if about.is_empty() {
            products.named_category(&self.all_words, asker).or(self.category.as_deref())
        } else {
            products.shared_category(&about)
        };
        category.map(str::to_owned)
    }

    /// Goes on about the category of the conversation, where the question names neither a product nor a kind of thing:
    /// - of several products that its words fit alike, those of the category are meant ("Und der Brise 24?");
    /// - "sie" and "das Gerät" are one of that category where no product was spoken of.
    pub(crate) fn stay_within(&mut self, conversation: &Conversation, products: &ProductIndex) {
        let spoken = conversation.category.as_deref();
        let mut is_narrowed = narrow(&mut self.mention, &self.all_words, spoken, products);
        let mut refers_back = false;
        for part in &mut self.parts {
            let said = words(&part.text);
            is_narrowed |= narrow(&mut part.mention, &said, spoken, products);
            refers_back |= part.mention == Mention::Nothing && follow_up::refers_back(&said);
        }
        self.used_conversation |= is_narrowed;
        let is_open = self.mention == Mention::Nothing && conversation.product_id.is_none() && refers_back;
        if is_open && !says_kind(&self.all_words, products) {
            self.category = conversation.category.clone();
        }
    }
}

fn says_kind(said: &[String], products: &ProductIndex) -> bool {
    said.iter().any(|word| products.is_kind(word))
}

/// Leaves those of several candidates that are of the category that was spoken of. Returns whether another conversation would leave
/// others.
fn narrow(mention: &mut Mention, said: &[String], spoken: Option<&str>, products: &ProductIndex) -> bool {
    let Mention::Ambiguous(candidates) = &*mention else { return false };
    let categories: BTreeSet<Option<&str>> =
        candidates.iter().map(|candidate| products.category_of(candidate)).collect();
    if categories.len() < 2 || says_kind(said, products) {
        return false;
    }
    let is_of = |product: &ProductId| spoken.is_some() && products.category_of(product) == spoken;
    if candidates.iter().any(is_of) {
        mention.keep(is_of);
    }
    true
}
