//! The program as a whole, over real files.

mod pdf;
