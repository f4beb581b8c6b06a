//! What came of a request.

use std::time::Duration;

use crate::judge::Verdict;
use crate::wire::Answer;

/// Why there is no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Failure {
    /// No connection could be made.
    Connect,
    /// The connection broke before the answer was whole.
    Broken,
    /// It took too long.
    Timeout,
    /// Too many were under way.
    NotSent,
}

impl Failure {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Connect => "no_connection",
            Self::Broken => "broken",
            Self::Timeout => "timeout",
            Self::NotSent => "not_sent",
        }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) enum Came {
    /// An answer of the right form.
    Answer(Box<Answer>, Verdict),
    /// 200 with a body that is not what was promised, and what is wrong about it.
    Malformed(String),
    /// Another status, with the problem's code where it states one.
    Refused(u16, Option<String>),
    /// Nothing.
    Failed(Failure),
}

/// A request that is over. Times count from the beginning of the run.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// When it should have been sent.
    pub(crate) due: Duration,
    /// How much later it was sent.
    pub(crate) late: Duration,
    /// From when it was due until its answer was whole.
    pub(crate) latency: Duration,
    pub(crate) request_id: String,
    /// Whether it was answered only when it was sent again.
    pub(crate) was_sent_again: bool,
    pub(crate) came: Came,
}

impl Outcome {
    /// Whether it is an answer that lacks nothing.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(&self.came, Came::Answer(answer, _) if answer.degraded.is_empty())
    }

    /// The status, or why there is none.
    pub(crate) fn status(&self) -> String {
        match &self.came {
            Came::Answer(..) | Came::Malformed(_) => "200".to_owned(),
            Came::Refused(status, _) => status.to_string(),
            Came::Failed(failure) => failure.name().to_owned(),
        }
    }
}
