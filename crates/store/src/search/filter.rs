//! The filter columns, and who reads, as SQL.
//!
//! A condition stands in the statement only where something is asked of its column. So there is a statement for each shape of a filter,
//! which the database can plan once: one for all shapes, with conditions that hold where a parameter is null, would have to be planned
//! for its values each time, because nobody can tell in advance how many rows it leaves.

use auskunft_model::{Filter, Language, ProductId, Region};
use chrono::NaiveDate;
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::QueryAs;

use crate::reader::{self, Reader};

/// A value of a condition.
#[derive(Debug, Clone)]
enum Value<'q> {
    Text(&'q str),
    Texts(Vec<&'q str>),
    Day(NaiveDate),
}

/// Filter and reader as a condition on `c`.
#[derive(Debug)]
pub(super) struct Predicate<'q> {
    /// The condition.
    pub(super) sql: String,
    values: Vec<Value<'q>>,
    reader: Option<Reader<'q>>,
}

impl<'q> Predicate<'q> {
    /// The parameters are numbered from `first` and bound by [`Predicate::bind`].
    pub(super) fn of(filter: &'q Filter, reader: &Reader<'q>, first: usize) -> Self {
        let conditions: Vec<(&str, Value<'q>)> = conditions(filter);
        let number = |(place, (form, _)): (usize, &(&str, Value<'q>))| {
            form.replace("{p}", &format!("${}", first + place))
        };
        let mut parts: Vec<String> = conditions.iter().enumerate().map(number).collect();
        let reader = reader.agent.map(|_| *reader);
        parts.extend(reader.map(|_| reader::sees("c.region", first + conditions.len())));
        let sql = if parts.is_empty() { "true".to_owned() } else { parts.join(" and ") };
        Self { sql, values: conditions.into_iter().map(|(_, value)| value).collect(), reader }
    }

    /// Binds the parameters.
    pub(super) fn bind<Row>(
        self,
        query: QueryAs<'q, Postgres, Row, PgArguments>,
    ) -> QueryAs<'q, Postgres, Row, PgArguments> {
        let bind = |query: QueryAs<'q, Postgres, Row, PgArguments>, value| match value {
            Value::Text(text) => query.bind(text),
            Value::Texts(texts) => query.bind(texts),
            Value::Day(day) => query.bind(day),
        };
        let query = self.values.into_iter().fold(query, bind);
        match &self.reader {
            Some(reader) => reader::bind(query, reader),
            None => query,
        }
    }
}

fn text<'q>(form: &'static str, value: Option<&'q str>) -> Option<(&'static str, Value<'q>)> {
    value.map(|value| (form, Value::Text(value)))
}

/// What is asked, each with its value in the place of `{p}`.
fn conditions(filter: &Filter) -> Vec<(&'static str, Value<'_>)> {
    let kinds: Vec<&str> = filter.kinds.iter().map(|kind| kind.as_str()).collect();
    let all = [
        (!kinds.is_empty()).then_some(("c.kind = any({p})", Value::Texts(kinds))),
        // A text about several products names them in its tags (`Labels::product_tag`).
        text(
            "(c.product_id = {p} or c.tags @> array['product:' || {p}])",
            filter.product_id.as_ref().map(ProductId::as_str),
        ),
        text("c.category = {p}", filter.category.as_deref()),
        text("c.product_family = {p}", filter.product_family.as_deref()),
        text("c.maker = {p}", filter.maker.as_deref()),
        text("c.version = {p}", filter.version.as_deref()),
        (!filter.tags.is_empty())
            .then(|| ("c.tags @> {p}", Value::Texts(filter.tags.iter().map(String::as_str).collect()))),
        text("c.language = {p}", filter.language.as_ref().map(Language::as_str)),
        text("(c.region is null or c.region = {p})", filter.region.as_ref().map(Region::as_str)),
        filter.valid_on.map(|day| {
            // Not `coalesce`: the planner knows how many have no day, and would take a third of a third for what is valid. It would then
            // rather read all vectors of a small index than search it.
            let valid =
                "(c.valid_from is null or c.valid_from <= {p}) and (c.valid_to is null or c.valid_to >= {p})";
            (valid, Value::Day(day))
        }),
    ];
    all.into_iter().flatten().collect()
}
