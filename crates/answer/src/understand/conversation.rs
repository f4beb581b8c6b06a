//! What a session remembers, so that "es", "die Bestellung" and "anders formulieren" have a meaning.

use auskunft_model::{ChunkId, Language, ProductId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Intent, Understood};
use crate::product_index::Mention;

/// What a session remembers of its earlier questions. Of each thing the last one that was spoken of counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conversation {
    /// The product of the last answer, for "es" and "das Gerät".
    pub product_id: Option<ProductId>,
    /// The category of that product, or the one that was named: "sie" is one of those, where no product was spoken of.
    pub category: Option<String>,
    /// The language of the last answer, for questions that don't tell theirs.
    pub language: Option<Language>,
    /// What was wished.
    pub intents: Vec<Intent>,
    /// Numbers of orders, as stored.
    pub orders: Vec<String>,
    /// Tracking numbers, as stored.
    pub tracking: Vec<String>,
    /// Serial numbers, as stored.
    pub serials: Vec<String>,
    /// Products that were compared.
    pub compared: Vec<ProductId>,
    /// The last question that said what it wants: what "anders formulieren" and "um wie viel?" go back to.
    pub question: Option<String>,
    /// Chunks that the last answer rests on; none where only the shop's data answered.
    pub evidence: Vec<ChunkId>,
}

impl Conversation {
    /// What one question and its answer leave behind by themselves. `text` are the question's words, `product`, `category` and
    /// `evidence` what the answer is about and rests on.
    pub(crate) fn said(
        understood: &Understood,
        text: &str,
        (product, category): (Option<ProductId>, Option<String>),
        evidence: Vec<ChunkId>,
    ) -> Self {
        let compared = match &understood.mention {
            Mention::Named(products) => products.clone(),
            _ => Vec::new(),
        };
        let references = &understood.references;
        let stands_alone = understood.talk.is_none() && !understood.is_follow_up;
        Self {
            product_id: product,
            category,
            language: Some(understood.language.clone()),
            intents: understood.intents.clone(),
            orders: references.orders.clone(),
            tracking: references.tracking.clone(),
            serials: references.serials.iter().map(|serial| serial.text.clone()).collect(),
            compared,
            question: stands_alone.then(|| text.to_owned()),
            evidence,
        }
    }

    /// What this changes in the conversation it was said in, field by field: what it left out stays as it was. So changes of
    /// questions at the same time can be put into a stored conversation one after the other, and none is lost.
    pub fn changes(&self) -> Map<String, Value> {
        // Talk ("danke") is about nothing: what was spoken of before goes on.
        let is_talk = self.question.is_none() && self.intents.iter().all(|intent| *intent == Intent::Other);
        let changes = |name: &str, value: &Value| match name {
            "intents" | "compared" | "evidence" => !is_talk,
            // A product without a category leaves none of another's behind.
            "category" => !value.is_null() || self.product_id.is_some(),
            _ => !value.is_null() && value.as_array().is_none_or(|texts| !texts.is_empty()),
        };
        // A struct of texts always has a form in JSON.
        let Ok(Value::Object(mut fields)) = serde_json::to_value(self) else { return Map::new() };
        fields.retain(|name, value| changes(name, value));
        fields
    }

    /// The conversation that these fields state; what is missing or not readable is not remembered.
    pub fn of_fields(fields: Map<String, Value>) -> Self {
        serde_json::from_value(Value::Object(fields)).unwrap_or_default()
    }

    /// The conversation after a further question.
    #[must_use]
    pub fn followed_by(&self, said: &Self) -> Self {
        let Ok(Value::Object(mut fields)) = serde_json::to_value(self) else { return self.clone() };
        fields.extend(said.changes());
        Self::of_fields(fields)
    }
}
