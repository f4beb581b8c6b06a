//! Names that nobody else has.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use auskunft_model::Digest;

/// A prefix and 24 hexadecimal digits: unique, not secret, a hash of the time, the process and a counter.
pub(crate) fn id(prefix: &str) -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed).to_le_bytes();
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (now, process) = (since.as_nanos().to_le_bytes(), std::process::id().to_le_bytes());
    let digest = Digest::of_parts([now.as_slice(), &process, &count]);
    format!("{prefix}{}", digest.as_str().get(..24).unwrap_or_default())
}
