//! The program as a whole, over real files.

#[cfg(test)]
mod bad_files;
#[cfg(test)]
mod bad_folders;
#[cfg(test)]
mod bind;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod delta;
#[cfg(test)]
mod edits;
#[cfg(test)]
mod generations;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod inspect;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod models;
#[cfg(test)]
mod originals;
#[cfg(test)]
mod passing;
#[cfg(test)]
mod pdf;
#[cfg(test)]
mod pdf_facts;
#[cfg(test)]
mod pdf_limits;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod schedule;
#[cfg(test)]
mod shop_data;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tickets;
