//! Everything that a caller can be told to have gone wrong, in one table.
//!
//! A handler returns an [`ApiError`]; `frame` turns it into `application/problem+json` (RFC 9457) with the request id and
//! logs its cause, which callers never see.

use auskunft_answer::AnswerError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The stable code that programs branch on.
    pub code: &'static str,
    /// The HTTP status.
    pub status: StatusCode,
    /// What the code means, for people.
    pub title: &'static str,
}

const fn row(code: &'static str, status: StatusCode, title: &'static str) -> Row {
    Row { code, status, title }
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident: $code:literal, $status:ident, $title:literal;)*) => {
        /// What went wrong, as a caller is told.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Problem { $($(#[$doc])* $name,)* }

        impl Problem {
            /// Every problem, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its code, status and title.
            pub fn row(self) -> Row {
                match self { $(Self::$name => row($code, StatusCode::$status, $title),)* }
            }
        }
    };
}

problems! {
    /// The body is no JSON.
    InvalidJson: "invalid_json", BAD_REQUEST, "The body is not valid JSON";
    /// A field is missing, unknown, of the wrong type or out of range.
    InvalidRequest: "invalid_request", BAD_REQUEST, "A field of the request is missing or wrong";
    /// The question has no words.
    EmptyQuestion: "empty_question", BAD_REQUEST, "The question is empty";
    /// The question has too many characters.
    QuestionTooLong: "question_too_long", BAD_REQUEST, "The question is too long";
    /// A text has control characters other than tab and line break.
    ControlCharacters: "control_characters", BAD_REQUEST, "A text contains control characters";
    /// An identifier has another form than identifiers have.
    InvalidId: "invalid_id", BAD_REQUEST, "An identifier is malformed";
    /// A token is needed and none was sent.
    MissingToken: "missing_token", UNAUTHORIZED, "An agent's token is needed";
    /// The token is malformed, forged, expired or revoked, or its agent may not work.
    InvalidToken: "invalid_token", UNAUTHORIZED, "The token is not valid";
    /// The agent's role does not include that.
    Forbidden: "forbidden", FORBIDDEN, "The agent may not do this";
    /// No such document.
    UnknownDocument: "unknown_document", NOT_FOUND, "There is no such document";
    /// No such product.
    UnknownProduct: "unknown_product", NOT_FOUND, "There is no such product";
    /// No such customer that the agent may see, or the order is not the customer's.
    UnknownCustomer: "unknown_customer", NOT_FOUND, "There is no such customer or order";
    /// No such conversation of the agent.
    UnknownSession: "unknown_session", NOT_FOUND, "There is no such conversation";
    /// No such answer in the conversation.
    UnknownAnswer: "unknown_answer", NOT_FOUND, "The conversation has no such answer";
    /// No such ticket that the agent may see.
    UnknownTicket: "unknown_ticket", NOT_FOUND, "There is no such ticket";
    /// No such path.
    UnknownPath: "unknown_path", NOT_FOUND, "There is nothing at this path";
    /// The path exists, but not with this method.
    MethodNotAllowed: "method_not_allowed", METHOD_NOT_ALLOWED, "This path does not take this method";
    /// The key of a request that may be sent again belongs to another request.
    KeyReused: "key_reused", UNPROCESSABLE_ENTITY, "The idempotency key was used for another question";
    /// Somebody else changed it in between.
    VersionConflict: "version_conflict", PRECONDITION_FAILED, "It was changed in between";
    /// A change that does not say what it changes.
    VersionMissing: "version_missing", PRECONDITION_REQUIRED, "The version that was seen must be stated";
    /// The body is larger than allowed.
    PayloadTooLarge: "payload_too_large", PAYLOAD_TOO_LARGE, "The body is too large";
    /// The body is not declared as JSON.
    UnsupportedMediaType: "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body must be application/json";
    /// The part that is wanted lies behind the end.
    RangeNotSatisfiable: "range_not_satisfiable", RANGE_NOT_SATISFIABLE, "The file is shorter than that";
    /// More questions a minute than allowed.
    RateLimited: "rate_limited", TOO_MANY_REQUESTS, "Too many questions in this minute";
    /// A defect.
    Internal: "internal", INTERNAL_SERVER_ERROR, "Something went wrong inside the service";
    /// Too many requests at once.
    Overloaded: "overloaded", SERVICE_UNAVAILABLE, "Too many requests at once";
    /// A store does not answer.
    Unavailable: "unavailable", SERVICE_UNAVAILABLE, "A store does not answer";
    /// The request took too long.
    Timeout: "timeout", GATEWAY_TIMEOUT, "The request took too long";
}

/// A problem with what it is about.
#[derive(Debug, Clone)]
pub struct ApiError {
    /// The row of the table.
    pub problem: Problem,
    /// What happened to which field or id, and what to do; sent to the caller.
    pub detail: String,
    /// What lies behind it; logged, never sent.
    pub cause: Option<String>,
    /// After how many seconds trying again makes sense.
    pub retry_after: Option<u64>,
}

impl ApiError {
    /// A problem with words for the caller.
    pub fn new(problem: Problem, detail: impl Into<String>) -> Self {
        Self { problem, detail: detail.into(), cause: None, retry_after: None }
    }

    /// A defect: the caller learns nothing of its cause.
    pub fn internal(cause: impl Into<String>) -> Self {
        let detail = "the service failed; its log tells why under this request id";
        Self { cause: Some(cause.into()), ..Self::new(Problem::Internal, detail) }
    }

    /// The same, with a time to wait before the next try, in seconds.
    pub fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        // The body is written by `frame`, which knows the request id.
        let mut response = self.problem.row().status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<AnswerError> for ApiError {
    fn from(error: AnswerError) -> Self {
        let cause = error.to_string();
        match error {
            AnswerError::Store(store) => Self::from(store),
            AnswerError::NothingIngested
            | AnswerError::OtherSpace { .. }
            | AnswerError::Index(_)
            | AnswerError::Embed(_)
            | AnswerError::Task(_)
            | AnswerError::Questions { .. } => Self::internal(cause),
        }
    }
}

impl From<auskunft_store::Error> for ApiError {
    fn from(error: auskunft_store::Error) -> Self {
        use auskunft_store::ErrorKind;
        let cause = error.to_string();
        match error.kind {
            ErrorKind::Unavailable | ErrorKind::Held | ErrorKind::DiskFull => {
                let detail = "a store that every answer needs does not answer; try again soon";
                Self { cause: Some(cause), ..Self::new(Problem::Unavailable, detail) }.retry_after(5)
            }
            ErrorKind::NewerSchema
            | ErrorKind::OtherSpace
            | ErrorKind::NotConfigured
            | ErrorKind::Corrupt
            | ErrorKind::Internal => Self::internal(cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_statuses_are_errors() {
        let codes: HashSet<&str> = Problem::ALL.iter().map(|problem| problem.row().code).collect();
        assert_eq!(codes.len(), Problem::ALL.len());
        for problem in Problem::ALL {
            let status = problem.row().status;
            assert!(status.is_client_error() || status.is_server_error());
        }
    }

    #[test]
    fn a_store_that_is_away_is_worth_another_try_and_a_broken_one_is_not() {
        use auskunft_store::{Error, ErrorKind};
        let told = |kind| {
            let error = ApiError::from(Error::new(kind, "read", "secret"));
            assert!(!error.detail.contains("secret"));
            (error.problem, error.retry_after.is_some())
        };
        assert_eq!(told(ErrorKind::Unavailable), (Problem::Unavailable, true));
        assert_eq!(told(ErrorKind::Corrupt), (Problem::Internal, false));
    }

    #[test]
    fn a_defect_keeps_its_cause_from_the_caller() {
        let error = ApiError::from(AnswerError::Task("secret".to_owned()));
        assert_eq!(error.problem, Problem::Internal);
        assert!(!error.detail.contains("secret") && error.cause.unwrap().contains("secret"));
    }
}
