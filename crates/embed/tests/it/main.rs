//! The embedders over real model folders: the tiny one that is committed, and MiniLM where it is installed.

#[cfg(test)]
mod folder;
#[cfg(test)]
mod minilm;
#[cfg(feature = "fastembed")]
#[cfg(test)]
mod onnx;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod remote;
#[cfg(test)]
mod service;
#[cfg(test)]
mod tiny;
