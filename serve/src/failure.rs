//! Why the program ends, as scripts see it.

use std::fmt;

use auskunft_answer::AnswerError;
use auskunft_boot::{Code, SettingsError};
use auskunft_store::ErrorKind;

/// Why the service does not run (any more), with its exit code.
#[derive(Debug)]
pub struct Failure {
    /// How the program ends.
    pub code: Code,
    /// What happened and what to do.
    pub message: String,
}

impl Failure {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(crate) fn not_configured(message: impl Into<String>) -> Self {
        Self::new(Code::NotConfigured, message)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl From<Box<SettingsError>> for Failure {
    fn from(error: Box<SettingsError>) -> Self {
        Self::not_configured(error.to_string())
    }
}

impl From<auskunft_store::Error> for Failure {
    fn from(error: auskunft_store::Error) -> Self {
        let code = match error.kind {
            ErrorKind::Held => Code::Held,
            ErrorKind::OtherSpace | ErrorKind::NotConfigured => Code::NotConfigured,
            ErrorKind::Unavailable => Code::Unreachable,
            ErrorKind::NewerSchema | ErrorKind::DiskFull | ErrorKind::Corrupt | ErrorKind::Internal => {
                Code::Error
            }
        };
        Self::new(code, error.to_string())
    }
}

impl From<AnswerError> for Failure {
    fn from(error: AnswerError) -> Self {
        let message = error.to_string();
        match error {
            AnswerError::Store(error) => error.into(),
            AnswerError::NothingIngested | AnswerError::OtherSpace { .. } | AnswerError::Embed(_) => {
                Self::not_configured(message)
            }
            AnswerError::Index(_) | AnswerError::Task(_) | AnswerError::Questions { .. } => {
                Self::new(Code::Error, message)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_does_not_open_ends_the_program_with_its_code() {
        let code = |kind| Failure::from(auskunft_store::Error::new(kind, "open", "x")).code;
        assert_eq!(code(ErrorKind::Held), Code::Held);
        assert_eq!(code(ErrorKind::NewerSchema), Code::Error);
        assert_eq!(code(ErrorKind::Unavailable), Code::Unreachable);
        let nothing = Failure::from(AnswerError::NothingIngested);
        assert_eq!(nothing.code, Code::NotConfigured);
    }
}
