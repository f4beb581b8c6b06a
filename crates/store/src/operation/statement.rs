//! What a statement is about, by its words: all values are bound, so none of them is among these.

use sqlx::postgres::{PgArguments, PgStatement};
use sqlx::{Execute, Postgres, SqlStr};

use super::Operation;

/// Schemas of this database. What else stands behind `from` is a name that the statement gives itself.
const SCHEMAS: [&str; 5] = ["shop", "knowledge", "documents", "audit", "logs"];
/// The document store's schema, where Postgres fills that role.
const DOCUMENTS: &str = "documents.";
/// It lies there, whoever keeps the documents.
const FEEDBACK: &str = "documents.feedback";
/// Tables that a statement reads and its name tells; those that it writes are all told.
const MOST_READ: usize = 3;

/// A statement that tells its operation what it is about when it is sent.
pub(crate) struct Watched<E> {
    pub(crate) query: E,
    pub(crate) operation: Operation,
}

impl<'q, E: Execute<'q, Postgres>> Execute<'q, Postgres> for Watched<E> {
    fn sql(self) -> SqlStr {
        let sql = self.query.sql();
        self.operation.says(sql.as_str());
        sql
    }

    fn statement(&self) -> Option<&PgStatement> {
        self.query.statement()
    }

    fn take_arguments(&mut self) -> Result<Option<PgArguments>, sqlx::error::BoxDynError> {
        self.query.take_arguments()
    }

    fn persistent(&self) -> bool {
        self.query.persistent()
    }
}

impl Operation {
    fn says(&self, sql: &str) {
        if self.is_none() {
            return;
        }
        let told = Told::of(sql);
        let summary = told.summary();
        self.0.record("otel.name", summary.as_str()).record("db.query.summary", summary.as_str());
        self.0.record("db.operation.name", told.verb()).record("auskunft.store", told.store());
        if let [(_, table)] = told.tables.as_slice() {
            self.0.record("db.collection.name", table.as_str());
        }
    }

    /// That a statement failed.
    pub(crate) fn statement_failed(&self, error: &sqlx::Error) {
        if self.is_none() {
            return;
        }
        match error {
            // https://www.postgresql.org/docs/17/errcodes-appendix.html
            sqlx::Error::Database(error) => self.failed(error.code().as_deref().unwrap_or("_OTHER")),
            sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => self.failed("timeout"),
            sqlx::Error::PoolTimedOut => self.failed("no_connection"),
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::PoolClosed => {
                self.failed("unavailable")
            }
            _ => self.failed("_OTHER"),
        }
    }
}

/// What a statement tells of itself.
#[derive(Debug, Default)]
struct Told {
    /// Each once, with what is done with it.
    tables: Vec<(&'static str, String)>,
    compares_vectors: bool,
}

impl Told {
    fn of(sql: &str) -> Self {
        let mut told = Self { compares_vectors: sql.contains("<=>"), ..Self::default() };
        let (mut verb, mut names_a_table, mut before) = ("SELECT", false, "");
        let without_comments = sql.lines().filter_map(|line| line.split("--").next());
        let parts = |sign: char| sign.is_whitespace() || "(),;".contains(sign);
        for word in without_comments.flat_map(|line| line.split(parts)).filter(|word| !word.is_empty()) {
            match word {
                "select" => verb = "SELECT",
                "insert" => verb = "INSERT",
                "delete" => verb = "DELETE",
                // Neither `for update` nor `on conflict do update`.
                "update" if before != "for" && before != "do" => (verb, names_a_table) = ("UPDATE", true),
                "from" | "join" | "into" | "using" => names_a_table = true,
                word if names_a_table => {
                    told.add(verb, word);
                    names_a_table = false;
                }
                _ => {}
            }
            before = word;
        }
        told
    }

    fn add(&mut self, verb: &'static str, word: &str) {
        let Some((schema, table)) = word.split_once('.') else { return };
        let is_name = table.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'_');
        if !SCHEMAS.contains(&schema) || !is_name {
            return;
        }
        // A generation's own partition is a part of the table.
        let whole = table.trim_end_matches(|sign: char| sign.is_ascii_digit()).trim_end_matches('_');
        let name = format!("{schema}.{whole}");
        let read = self.tables.iter().filter(|(verb, _)| *verb == "SELECT").count();
        let is_known = self.tables.iter().any(|known| (known.0, known.1.as_str()) == (verb, name.as_str()));
        if !is_known && (verb != "SELECT" || read < MOST_READ) {
            self.tables.push((verb, name));
        }
    }

    /// `SELECT shop.agents shop.customers INSERT audit.events`.
    fn summary(&self) -> String {
        let mut words = Vec::new();
        let mut last = "";
        for (verb, table) in &self.tables {
            if *verb != last {
                words.push(*verb);
            }
            last = *verb;
            words.push(table);
        }
        if words.is_empty() { "SELECT".to_owned() } else { words.join(" ") }
    }

    fn verb(&self) -> &'static str {
        let written = self.tables.iter().find(|(verb, _)| *verb != "SELECT");
        written.map_or("SELECT", |(verb, _)| *verb)
    }

    /// The role that Postgres fills with it, as answers count it.
    fn store(&self) -> &'static str {
        let first = self.tables.first().map_or("", |(_, table)| table.as_str());
        match first {
            _ if self.compares_vectors => "pgvector",
            FEEDBACK => "postgres",
            table if table.starts_with(DOCUMENTS) => "mongodb",
            table if table.starts_with("logs.") => "timescale",
            _ => "postgres",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_told_by_verbs_and_tables_alone() {
        let told = Told::of(
            "-- from shop.payments\nwith asker as (select role from shop.agents a where agent_id = 'A from shop.stock'),
             noted as (insert into audit.events (kind) select kind from asker)
             select c.name from shop.customers c join asker on true for update",
        );
        assert_eq!(told.summary(), "SELECT shop.agents INSERT audit.events SELECT shop.customers");
        assert_eq!((told.verb(), told.store()), ("INSERT", "postgres"));
    }

    #[test]
    fn the_role_is_that_of_what_is_asked() {
        let of = |sql: &str| (Told::of(sql).summary(), Told::of(sql).store());
        let vectors = "select id from knowledge.chunks_12 c order by embedding <=> $1";
        assert_eq!(of(vectors), ("SELECT knowledge.chunks".to_owned(), "pgvector"));
        let texts = "select id, body->>'text' from documents.chunks where id = any($1)";
        assert_eq!(of(texts), ("SELECT documents.chunks".to_owned(), "mongodb"));
        let kept = "insert into documents.chats (id) values ($1) on conflict (id) do update set id = $1";
        assert_eq!(of(kept), ("INSERT documents.chats".to_owned(), "mongodb"));
        assert_eq!(of("update shop.tickets set status = $1"), ("UPDATE shop.tickets".to_owned(), "postgres"));
        assert_eq!(of("select 1"), ("SELECT".to_owned(), "postgres"));
    }

    #[test]
    fn the_longest_statement_has_a_short_name() {
        let told = Told::of(include_str!("../facts/customer.sql"));
        let summary = told.summary();
        assert!(summary.starts_with("SELECT shop.agent_permissions") && summary.len() < 255, "{summary}");
        assert!(summary.contains("INSERT audit.events"), "{summary}");
    }
}
