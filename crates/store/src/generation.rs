//! Generations: each build of the index has its own partition of chunks; one pointer says which is live.

mod create;
mod list;
mod switch;
mod vector_index;

use auskunft_boot::VectorIndex;
use auskunft_model::{Generation, Revision, SpaceId};

pub use create::{Recipe, begin, create_first, drop_step, finish};
pub use list::{Listed, Place, Size, all, live, read, size};
pub use switch::{ProductChanges, Turn, turn};
pub use vector_index::{IndexMemory, ensure_vector_index, has_vector_index, index_memory, indexed_rows};

/// A generation and what its vectors are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenerationInfo {
    /// Its number.
    pub generation: Generation,
    /// How many changes it has seen.
    pub revision: Revision,
    /// Up to this revision the marks of removed chunks are gone.
    pub marks_removed_to: Revision,
    /// The space of its vectors.
    pub space: SpaceId,
    /// Their dimensions.
    pub dimensions: usize,
    /// The chunker that cut its texts.
    pub chunker: String,
    /// In which precision the vector index keeps them.
    pub vector_index: VectorIndex,
}

impl GenerationInfo {
    /// The expression that the vector index is over, of a column or parameter that is a `vector`.
    pub(crate) fn indexed(&self, vector: &str) -> String {
        let dimensions = self.dimensions;
        match self.vector_index {
            VectorIndex::Full => format!("({vector}::vector({dimensions}))"),
            VectorIndex::Half => format!("({vector}::halfvec({dimensions}))"),
        }
    }

    /// Bytes of a number in the vector index.
    fn number_bytes(&self) -> u64 {
        match self.vector_index {
            VectorIndex::Full => 4,
            VectorIndex::Half => 2,
        }
    }
}

#[cfg(test)]
mod tests;
