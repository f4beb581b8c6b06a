//! Extraction over real files.

#[cfg(test)]
mod pdf;
#[cfg(test)]
mod robust;
#[cfg(test)]
mod samples;
