//! Exit codes that both programs share; scripts rely on the numbers.

use std::process::ExitCode;

/// How a program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Done.
    Ok,
    /// It failed for a reason that no other code names.
    Error,
    /// The command line makes no sense.
    Usage,
    /// A setting, a model, an index or a key is missing or does not fit.
    NotConfigured,
    /// A server cannot be reached.
    Unreachable,
    /// Another process holds the data.
    Held,
    /// Finished, but some documents failed in this run.
    SomeFailed,
    /// The guard against surprise deletes refused.
    GuardRefused,
    /// The answers are worse than demanded.
    QualityGate,
    /// Stopped by a signal; run again to go on.
    Interrupted,
}

impl Code {
    /// The number that the system sees.
    pub fn number(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Error => 1,
            Self::Usage => 2,
            Self::NotConfigured => 3,
            Self::Unreachable => 5,
            Self::Held => 6,
            Self::SomeFailed => 10,
            Self::GuardRefused => 11,
            Self::QualityGate => 12,
            Self::Interrupted => 130,
        }
    }
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code.number())
    }
}
