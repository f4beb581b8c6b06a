//! The filter columns, and who reads, as SQL.

use auskunft_model::{Filter, Language, ProductId, Region};
use chrono::NaiveDate;
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::QueryAs;

use crate::reader::{self, Reader};

/// Parameters of a filter.
const OF_FILTER: usize = 10;

/// Filter and reader as SQL over `c`; the parameters are numbered from `first` and bound by [`bind`].
pub(super) fn predicate(first: usize) -> String {
    let parameter = |offset: usize| format!("${}", first + offset);
    let equals = |column: &str, offset: usize| {
        format!("({p}::text is null or c.{column} = {p})", p = parameter(offset))
    };
    [
        format!("(cardinality({p}::text[]) = 0 or c.kind = any({p}))", p = parameter(0)),
        // A text about several products names them in its tags (`Labels::product_tag`).
        format!("({p}::text is null or c.product_id = {p} or c.tags @> array['product:' || {p}])", p = parameter(1)),
        equals("category", 2),
        equals("product_family", 3),
        equals("maker", 4),
        equals("version", 5),
        format!("c.tags @> {}::text[]", parameter(6)),
        equals("language", 7),
        format!("({p}::text is null or c.region is null or c.region = {p})", p = parameter(8)),
        format!(
            "({p}::date is null or (coalesce(c.valid_from, '-infinity') <= {p} and coalesce(c.valid_to, 'infinity') >= {p}))",
            p = parameter(9)
        ),
        reader::sees("c.region", first + OF_FILTER),
    ]
    .join(" and ")
}

type Arguments<'q> =
    (Vec<&'static str>, [Option<&'q str>; 5], &'q Vec<String>, [Option<&'q str>; 2], Option<NaiveDate>);

fn arguments(filter: &Filter) -> Arguments<'_> {
    let product = filter.product_id.as_ref().map(ProductId::as_str);
    let texts = [
        product,
        filter.category.as_deref(),
        filter.product_family.as_deref(),
        filter.maker.as_deref(),
        filter.version.as_deref(),
    ];
    let places = [filter.language.as_ref().map(Language::as_str), filter.region.as_ref().map(Region::as_str)];
    let kinds = filter.kinds.iter().map(|kind| kind.as_str()).collect();
    (kinds, texts, &filter.tags, places, filter.valid_on)
}

/// Binds the parameters of [`predicate`].
pub(super) fn bind<'q, Row>(
    query: QueryAs<'q, Postgres, Row, PgArguments>,
    filter: &'q Filter,
    reader: &Reader<'_>,
) -> QueryAs<'q, Postgres, Row, PgArguments> {
    let (kinds, texts, tags, places, valid_on) = arguments(filter);
    let query = texts.into_iter().fold(query.bind(kinds), QueryAs::bind);
    let query = places.into_iter().fold(query.bind(tags), QueryAs::bind).bind(valid_on);
    reader::bind(query, reader)
}
