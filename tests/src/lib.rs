//! End-to-end tests: harness and scenarios.
