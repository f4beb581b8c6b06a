//! Types that travel between the parts of Auskunft; no IO.
//!
//! One type per stage: [`source::Source`] (a file and where it lies) becomes a [`document::Document`], which becomes
//! [`chunk::Chunk`]s, which become embedded chunks in the store. A [`question::Question`] becomes [`hit::Hit`]s, which
//! become evidence, which becomes an [`answer::Answer`]. Every other crate may use this one; it uses none of them.

pub mod answer;
pub mod asker;
pub mod attribute;
pub mod chunk;
pub mod document;
pub mod fact;
pub mod hit;
pub mod id;
pub mod outcome;
pub mod question;
pub mod source;
pub mod ticket;

pub use answer::{Answer, Citation, State};
pub use asker::Asker;
pub use attribute::{Attribute, Value};
pub use chunk::{Chunk, Labels};
pub use document::{
    Block, Conflict, Document, Identifier, IdentifierKind, Kind, Language, Region, SOLUTION_HEADINGS,
    Section, Variant,
};
pub use fact::{
    ComparedValue, ComparisonFact, Fact, PriceFact, ReturnFact, ReturnWindowFact, ShipmentFact, WarrantyFact,
};
pub use hit::{Filter, Hit};
pub use id::{
    AgentId, ChunkId, CustomerId, Digest, DocumentId, Generation, IdError, ProductId, Revision, SpaceId,
};
pub use outcome::{Failure, Outcome, PageOutcome, PageState, Reason};
pub use question::Question;
pub use source::{Source, SourceKind};
pub use ticket::Ticket;
