//! A question becomes an answer; no HTTP.
//!
//! Start reading at [`Desk`]: it is opened once over the stores and an embedder, shared, and refreshed when something was
//! published. The life of a question:
//!
//! 1. `understand`: language, product named (by number or name), intent, words that an answer must hold. Rules and tables,
//!    in memory.
//! 2. `facts`: what is asked of the shop's own data, read in at most two statements, derived and said. Where it answers every
//!    part of the question, nothing is searched; `rule` quotes the policy behind it.
//! 3. `retrieve`: the dense leg (pgvector) and the lexical leg (`lexical`, tantivy) at the same time; what the lexical index
//!    found is joined with Postgres for liveness, filters and validity; both are summed (`weights`), equal texts folded.
//! 4. `evidence`, `confidence`, `decide`: how much of the question the texts hold; answer, ask back, or hand over.
//! 5. `compose`, `write`: quotes, verbatim by construction and checked again, each with its citation; `reply` joins both.
//!
//! A request reads one `view` from start to end: one generation at one revision. The lexical index is derived state that
//! is deleted and built anew whenever it is in doubt. [`evaluate`] measures all of it.

mod again;
mod analysis;
mod answering;
mod asked;
mod compose;
mod compound;
mod concepts;
mod confidence;
mod decide;
mod desk;
mod error;
pub mod evaluate;
mod evidence;
mod facts;
mod function_words;
mod lexical;
mod lookup;
mod parts;
mod passage;
mod product_index;
mod quantity;
mod reply;
mod retrieve;
mod rule;
mod signal;
mod terms;
mod texts;
mod trace;
mod understand;
mod view;
mod warm;
mod weights;
mod write;

pub use answering::{Answered, MOST_HITS};
pub use desk::{Desk, OpenEmbedder, Settings, Standing};
pub use error::{AnswerError, Result};
pub use lookup::{AttributeText, DocumentLink, DocumentText, ProductText, SectionText};
pub use retrieve::Search;
pub use trace::{Ended, Operations, Stage, Trace};
pub use understand::{Conversation, Intent};
pub use weights::dense_weight;
