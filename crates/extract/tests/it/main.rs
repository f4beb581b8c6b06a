//! Extraction over real files.

#[cfg(test)]
mod dialog;
#[cfg(test)]
mod drive;
mod faq;
#[cfg(test)]
mod goldens;
#[cfg(test)]
mod goldens_overview;
#[cfg(test)]
mod goldens_render;
#[cfg(test)]
mod language;
#[cfg(test)]
mod pdf;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod product;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod robust;
#[cfg(test)]
mod sample_files;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod seeds;
