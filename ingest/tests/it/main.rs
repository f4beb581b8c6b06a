//! The program as a whole, over real files.

mod bad_files;
mod bad_folders;
mod contract;
mod damage;
mod delta;
mod edits;
mod guard;
mod kills;
mod pdf;
mod samples;
mod support;
