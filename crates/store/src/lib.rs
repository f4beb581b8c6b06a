//! Postgres (embedded), documents and volatile state.
