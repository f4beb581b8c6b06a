//! From the fields of a request to checked types. What passes here is safe to search for, to store and to key by.
//!
//! Control characters are refused, not stripped, so that what was asked is what is answered; tabs and line breaks count as
//! white space.

use auskunft_model::{CustomerId, Filter, IdError, Language, ProductId, Question, Region, id};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use chrono::NaiveDate;

use crate::error::{ApiError, Problem};
use crate::unique;
use crate::wire::{AnswerRequest, SearchRequest};

/// The longest question, in characters.
pub(crate) const MAX_QUESTION: usize = 2_000;
/// The longest value of a filter, in characters.
const MAX_FILTER: usize = 200;
/// The most tags of a filter.
const MAX_TAGS: usize = 20;
/// How many of a list a caller gets: without a number, and at most.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    default: usize,
    most: usize,
}

/// Hits of a search.
const HITS: Limits = Limits { default: 10, most: 50 };
/// Rows of a page.
pub(crate) const ROWS: Limits = Limits { default: 20, most: 100 };

/// A checked question of a conversation.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The conversation's id.
    pub(crate) session: String,
    /// Whether the caller named it: then it may go on from what was said before.
    pub(crate) is_continued: bool,
    /// The customer on the line, as the caller states it.
    pub(crate) customer: Option<CustomerId>,
    /// What is asked.
    pub(crate) question: Question,
}

/// Checks a question of a conversation. `today` is the day that validity is judged by.
pub(crate) fn answer_request(request: AnswerRequest, today: NaiveDate) -> Result<Asked, ApiError> {
    if let Some(session) = &request.session_id {
        identifier("session_id", session)?;
    }
    let customer = parsed("customer_id", request.customer_id.as_deref(), CustomerId::parse)?;
    let question = Question {
        text: question(&request.question)?,
        language: language(request.language.as_deref())?,
        product_id: product(request.product_id.as_deref())?,
        filter: Filter { valid_on: Some(today), ..Filter::default() },
    };
    let is_continued = request.session_id.is_some();
    let session = request.session_id.unwrap_or_else(|| unique::id("s"));
    Ok(Asked { session, is_continued, customer, question })
}

/// Checks a search and the number of hits wanted.
pub(crate) fn search_request(
    request: SearchRequest,
    today: NaiveDate,
) -> Result<(Question, usize), ApiError> {
    let limit = limit(request.limit, HITS)?;
    if request.tags.len() > MAX_TAGS {
        return Err(invalid(format!("`tags` has more than {MAX_TAGS} entries")));
    }
    let language = language(request.language.as_deref())?;
    let tags = request.tags.into_iter().map(|tag| filter_value("tags", tag)).collect::<Result<_, _>>()?;
    let filter = Filter {
        kinds: request.kinds.into_iter().map(Into::into).collect(),
        product_id: product(request.product_id.as_deref())?,
        category: optional("category", request.category)?,
        product_family: optional("product_family", request.product_family)?,
        maker: optional("maker", request.maker)?,
        version: optional("version", request.version)?,
        tags,
        language: language.clone(),
        region: request.region.as_deref().map(region).transpose()?,
        valid_on: Some(today),
    };
    let text = question(&request.question)?;
    Ok((Question { text, language, product_id: None, filter }, limit))
}

/// How many of a list are wanted.
pub(crate) fn limit(stated: Option<usize>, limits: Limits) -> Result<usize, ApiError> {
    let Limits { default, most } = limits;
    let limit = stated.unwrap_or(default);
    if (1..=most).contains(&limit) {
        return Ok(limit);
    }
    Err(invalid(format!("`limit` is {limit}; it must be from 1 to {most}")))
}

/// The parameters behind a path.
pub(crate) fn query<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, ApiError> {
    query.map(|Query(query)| query).map_err(|rejection| invalid(rejection.body_text()))
}

/// The id at the end of a path that is any identifier.
pub(crate) fn path_identifier(path: Result<Path<String>, PathRejection>) -> Result<String, ApiError> {
    path_id(path, |text| id::check(text).map(|()| text.to_owned()))
}

/// The id at the end of a path.
pub(crate) fn path_id<T>(
    path: Result<Path<String>, PathRejection>,
    parse: fn(&str) -> Result<T, IdError>,
) -> Result<T, ApiError> {
    let invalid = |detail: String| ApiError::new(Problem::InvalidId, detail);
    let Path(text) = path.map_err(|rejection| invalid(rejection.body_text()))?;
    parse(&text).map_err(|error| invalid(error.to_string()))
}

/// Checks any identifier of a request.
pub(crate) fn identifier(field: &str, text: &str) -> Result<(), ApiError> {
    id::check(text).map_err(|error| ApiError::new(Problem::InvalidId, format!("{field}: {error}")))
}

fn product(text: Option<&str>) -> Result<Option<ProductId>, ApiError> {
    parsed("product_id", text, ProductId::parse)
}

/// An identifier of its type.
pub(crate) fn required<T>(
    field: &str,
    text: &str,
    parse: fn(&str) -> Result<T, IdError>,
) -> Result<T, ApiError> {
    parse(text).map_err(|error| ApiError::new(Problem::InvalidId, format!("{field}: {error}")))
}

/// Words of a person, from 1 to `most` characters, without white space around them.
pub(crate) fn text(field: &str, text: &str, most: usize) -> Result<String, ApiError> {
    let text = text.trim();
    refuse_control_characters(field, text)?;
    if text.is_empty() || text.chars().count() > most {
        return Err(invalid(format!("`{field}` must have 1 to {most} characters")));
    }
    Ok(text.to_owned())
}

/// An identifier of its type, where one is stated.
pub(crate) fn parsed<T>(
    field: &str,
    text: Option<&str>,
    parse: fn(&str) -> Result<T, IdError>,
) -> Result<Option<T>, ApiError> {
    text.map(|text| required(field, text, parse)).transpose()
}

fn question(text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    let length = text.chars().count();
    if length > MAX_QUESTION {
        let detail = format!("the question has {length} characters, at most {MAX_QUESTION} are taken");
        return Err(ApiError::new(Problem::QuestionTooLong, detail));
    }
    refuse_control_characters("question", text)?;
    if !text.chars().any(char::is_alphanumeric) {
        return Err(ApiError::new(
            Problem::EmptyQuestion,
            "`question` has no letter or digit; ask something",
        ));
    }
    Ok(text.to_owned())
}

fn refuse_control_characters(field: &str, text: &str) -> Result<(), ApiError> {
    let refused = |character: &char| character.is_control() && !matches!(character, '\t' | '\n' | '\r');
    let Some(found) = text.chars().find(refused) else { return Ok(()) };
    let detail = format!("`{field}` contains the control character U+{:04X}; remove it", u32::from(found));
    Err(ApiError::new(Problem::ControlCharacters, detail))
}

fn language(text: Option<&str>) -> Result<Option<Language>, ApiError> {
    let read = |text| Language::parse(text).ok_or_else(|| invalid("`language` must be like `de` or `en`"));
    text.map(read).transpose()
}

fn region(text: &str) -> Result<Region, ApiError> {
    Region::parse(text).ok_or_else(|| invalid("`region` must be 2 to 16 letters, digits or `-`, like `EU`"))
}

fn optional(field: &str, value: Option<String>) -> Result<Option<String>, ApiError> {
    value.map(|value| filter_value(field, value)).transpose()
}

fn filter_value(field: &str, value: String) -> Result<String, ApiError> {
    refuse_control_characters(field, &value)?;
    if value.trim().is_empty() || value.chars().count() > MAX_FILTER {
        return Err(invalid(format!("`{field}` must have 1 to {MAX_FILTER} characters")));
    }
    Ok(value)
}

pub(crate) fn invalid(detail: impl Into<String>) -> ApiError {
    ApiError::new(Problem::InvalidRequest, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<Problem> {
        question(text).err().map(|error| error.problem)
    }

    #[test]
    fn a_question_has_words_and_an_end() {
        assert_eq!(question("  Wie entkalke\nich? ").unwrap(), "Wie entkalke\nich?");
        assert_eq!(problem(" ?! "), Some(Problem::EmptyQuestion));
        assert_eq!(problem(&"ä".repeat(MAX_QUESTION)), None);
        assert_eq!(problem(&"ä".repeat(MAX_QUESTION + 1)), Some(Problem::QuestionTooLong));
    }

    #[test]
    fn control_characters_are_refused_by_name() {
        let error = question("Ist das\u{0}gut?").unwrap_err();
        assert_eq!(error.problem, Problem::ControlCharacters);
        assert!(error.detail.contains("U+0000"), "{}", error.detail);
        assert_eq!(problem("a\u{1b}[31m"), Some(Problem::ControlCharacters));
        assert_eq!(problem("a\u{85}b"), Some(Problem::ControlCharacters));
    }

    #[test]
    fn filters_are_checked_like_questions() {
        let request = |json: &str| serde_json::from_str::<SearchRequest>(json).unwrap();
        let today = NaiveDate::default();
        let check = |json: &str| search_request(request(json), today).map_err(|error| error.detail);
        assert!(check(r#"{"question":"x","limit":51}"#).unwrap_err().contains("`limit`"));
        assert!(check(r#"{"question":"x","maker":"\u0000"}"#).unwrap_err().contains("`maker`"));
        assert!(check(r#"{"question":"x","tags":[" "]}"#).unwrap_err().contains("`tags`"));
        assert!(check(r#"{"question":"x","region":"?"}"#).unwrap_err().contains("`region`"));
        let (question, limit) = check(r#"{"question":"x","kinds":["faq"],"language":"de-AT"}"#).unwrap();
        assert_eq!(limit, HITS.default);
        assert_eq!(question.filter.language, Some(Language::german()));
        assert_eq!(question.filter.kinds, [auskunft_model::Kind::Faq]);
        assert_eq!(question.filter.valid_on, Some(today));
    }
}
