//! Who reads, and what is bound to a region: one piece of SQL for every statement that reads texts or products.

use auskunft_model::{AgentId, Asker, CustomerId};
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::QueryAs;

/// Who reads texts and products. Those without a region are for everybody.
///
/// Of those with one an agent sees the permitted regions' (`shop.agent_permissions`), as long as active; with a customer on the line whom
/// the agent may see, the customer's region's alone. A guest sees all of them: they are public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reader<'a> {
    /// The agent; `None` = a guest.
    pub agent: Option<&'a AgentId>,
    /// The customer on the line. One that the agent may not see counts as none.
    pub customer: Option<&'a CustomerId>,
}

impl<'a> From<&'a Asker> for Reader<'a> {
    fn from(asker: &'a Asker) -> Self {
        Self { agent: asker.agent.as_ref(), customer: asker.customer.as_ref() }
    }
}

/// Whether the reader sees what is bound to the region in `column`, as SQL; its two parameters are numbered from `first` and bound by
/// [`bind`]. The regions are read once for a statement, and only when it meets a row with a region: nothing in them depends on the row.
pub(crate) fn sees(column: &str, first: usize) -> String {
    let (agent, customer) = (first, first + 1);
    format!(
        "({column} is null or ${agent}::text is null or {column} = any(array(
             select permission.region::text
             from shop.agents agent join shop.agent_permissions permission using (agent_id)
             where agent.agent_id = ${agent} and agent.active and permission.region = coalesce(
                 (
                     select of_customer.region
                     from shop.customers customer
                     join shop.agent_permissions of_customer
                         on of_customer.agent_id = ${agent} and of_customer.region = customer.region
                     where customer.id = ${customer}::text
                 ),
                 permission.region
             )
         )))"
    )
}

type Query<'q, Row> = QueryAs<'q, Postgres, Row, PgArguments>;

/// Binds the parameters of [`sees`].
pub(crate) fn bind<'q, Row>(query: Query<'q, Row>, reader: &Reader<'_>) -> Query<'q, Row> {
    let agent = reader.agent.map(|id| id.as_str().to_owned());
    query.bind(agent).bind(reader.customer.map(|id| id.as_str().to_owned()))
}

#[cfg(test)]
mod tests;
