//! Language, normal forms, numbers and units, identifiers; no IO.
