//! Answers for the tests of this module.

use auskunft_model::{
    Answer, Citation, DocumentId, Fact, Generation, Language, PriceFact, ProductId, Revision, State,
};

/// An answer with the price of product `A`.
pub(super) fn answer(text: &str) -> Answer {
    Answer {
        state: State::Answered,
        text: text.to_owned(),
        language: Language::german(),
        intent: "price".to_owned(),
        product: None,
        facts: vec![Fact::Price(PriceFact {
            source: "products/A".to_owned(),
            product_id: ProductId::parse("A").unwrap(),
            region: "EU".to_owned(),
            currency: "EUR".to_owned(),
            amount: "1068.90".to_owned(),
            vat_included: true,
            stock: None,
        })],
        citations: Vec::new(),
        suggestions: Vec::new(),
        generation: Generation(1),
        revision: Revision(1),
        degraded: Vec::new(),
    }
}

/// A citation of a source, or of one of its pages.
pub(super) fn citation(source: &str, page: Option<u32>, quote: &str) -> Citation {
    Citation {
        n: 1,
        document_id: DocumentId::derive(source, None),
        source: source.to_owned(),
        anchor: page.map(|page| format!("page={page}")),
        title: String::new(),
        section: Vec::new(),
        page,
        quote: quote.to_owned(),
    }
}
