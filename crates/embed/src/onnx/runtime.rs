//! ONNX Runtime, loaded when it is first needed; one for the process.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ort::environment::Environment;
use ort::logging::LogLevel;

use crate::EmbedError;

/// What was loaded, and from where. A library cannot be exchanged for another one.
static LOADED: Mutex<Option<(PathBuf, Environment)>> = Mutex::new(None);

/// Loads a runtime, or gives the one that is loaded from there. Whatever the file is, this ends with an error and not with a panic.
pub(super) fn environment(path: Option<&Path>) -> Result<Environment, EmbedError> {
    let path = path.ok_or(EmbedError::NoRuntime(None))?;
    let refused = |detail: String| EmbedError::Runtime { path: path.to_owned(), detail };
    // The loader looks for relative paths beside the program first.
    let place = std::path::absolute(path).map_err(|error| refused(error.to_string()))?;
    if !place.is_file() {
        return Err(EmbedError::NoRuntime(Some(path.to_owned())));
    }
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    match loaded.as_ref() {
        Some((from, environment)) if *from == place => return Ok(environment.clone()),
        Some((from, _)) => return Err(refused(format!("this process runs {} already", from.display()))),
        None => {}
    }
    let builder = ort::init_from(&place).map_err(|error| refused(error.to_string()))?;
    let environment = builder
        .with_name("auskunft")
        .with_telemetry(false)
        .with_logger(Arc::new(|level, _, _, _, message| log(level, message)))
        .build()
        .map_err(|error| refused(error.to_string()))?;
    environment.set_log_level(LogLevel::Warning);
    *loaded = Some((place, environment.clone()));
    Ok(environment)
}

/// The runtime would write to stderr itself.
fn log(level: LogLevel, message: &str) {
    match level {
        LogLevel::Error | LogLevel::Fatal => tracing::warn!("ONNX Runtime: {message}"),
        LogLevel::Warning => tracing::debug!("ONNX Runtime: {message}"),
        LogLevel::Info | LogLevel::Verbose => {}
    }
}
