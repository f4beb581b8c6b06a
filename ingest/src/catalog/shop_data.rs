//! `shop/*.csv`: what the shop's own systems know. Read row by row, never held whole.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use auskunft_model::Digest;
use auskunft_store::shop_data::{BadRow, Column, Kind, Row, TABLES, Table};
use chrono::{DateTime, Datelike, NaiveDate};

use super::walk;

/// Characters of a value at most.
const LONGEST_VALUE: usize = 4_000;
/// Wrong rows that are kept of one file.
const KEPT: usize = 20;
/// Characters of a wrong value that are quoted: enough to find it.
const QUOTED: usize = 30;

/// A file of the shop's data.
#[derive(Debug, Clone)]
pub struct ShopFile {
    /// The table it fills.
    pub table: &'static Table,
    /// Where to read it.
    pub absolute: PathBuf,
    /// SHA-256 of its bytes.
    pub digest: Digest,
}

/// What lies in `shop/`.
#[derive(Debug, Clone, Default)]
pub struct ShopData {
    /// The files, in the order in which their tables are filled.
    pub files: Vec<ShopFile>,
    /// Tables that nobody knows: left alone.
    pub unknown: Vec<String>,
}

pub(super) fn find(folder: &Path) -> std::io::Result<ShopData> {
    let folder = folder.join("shop");
    let mut files = Vec::new();
    for table in &TABLES {
        let absolute = folder.join(format!("{}.csv", table.name));
        if absolute.is_file() {
            let (_, digest) = walk::hash(&absolute)?;
            files.push(ShopFile { table, absolute, digest });
        }
    }
    let mut unknown = Vec::new();
    for entry in std::fs::read_dir(&folder).into_iter().flatten() {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let is_known = name.strip_suffix(".csv").is_some_and(|name| Table::named(name).is_some());
        if name.ends_with(".csv") && !is_known {
            unknown.push(format!("shop/{name}"));
        }
    }
    unknown.sort();
    Ok(ShopData { files, unknown })
}

impl ShopFile {
    /// Wrong rows, the first of them, and how many there are; reads the whole file.
    pub fn check(&self) -> (Vec<BadRow>, usize) {
        let (mut kept, mut count) = (Vec::new(), 0);
        let rows = match self.rows() {
            Ok(rows) => rows,
            Err(bad) => return (vec![bad], 1),
        };
        for bad in rows.filter_map(Result::err) {
            count += 1;
            if kept.len() < KEPT {
                kept.push(bad);
            }
        }
        (kept, count)
    }

    /// The rows, one after the other.
    ///
    /// # Errors
    /// A file that can't be opened or whose header lacks a column.
    pub fn rows(&self) -> Result<impl Iterator<Item = Result<Row, BadRow>> + '_, BadRow> {
        let unreadable = |error: std::io::Error| self.bad(1, format!("the file can't be read: {error}"));
        let mut file = BufReader::new(File::open(&self.absolute).map_err(unreadable)?);
        let separator = separator(&mut file).map_err(unreadable)?;
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.trim(csv::Trim::All).delimiter(separator).from_reader(file);
        let header = reader.headers().map_err(|error| self.malformed(&error))?.clone();
        let places = self.places(&header)?;
        let columns = self.table.columns;
        Ok(reader.into_records().map(move |record| {
            let record = record.map_err(|error| self.malformed(&error))?;
            let line = record.position().map_or(0, csv::Position::line);
            let value = |(column, place): (&Column, &Option<usize>)| {
                let text = place.and_then(|place| record.get(place)).unwrap_or("");
                value(column, text)
                    .map_err(|expected| self.bad(line, self.complaint(column, text, &expected)))
            };
            let row = Row { line, values: columns.iter().zip(&places).map(value).collect::<Result<_, _>>()? };
            self.check_days(row)
        }))
    }

    /// Where each column of the table stands in the file.
    fn places(&self, header: &csv::StringRecord) -> Result<Vec<Option<usize>>, BadRow> {
        let names: Vec<&str> = header.iter().map(|name| name.trim_start_matches('\u{feff}')).collect();
        let place = |column: &Column| {
            let place = names.iter().position(|name| *name == column.name);
            if place.is_none() && !column.optional {
                let problem = format!("the header has no column `{}`; see docs/shop-data.md", column.name);
                return Err(self.bad(1, problem));
            }
            Ok(place)
        };
        self.table.columns.iter().map(place).collect()
    }

    fn bad(&self, line: u64, problem: impl Into<String>) -> BadRow {
        BadRow { file: self.table.file(), line: Some(line), problem: problem.into() }
    }

    /// What is wrong with a value. It goes to the terminal and into the stored report: the value itself is quoted only where it
    /// tells nothing of a person, be the row out of place.
    fn complaint(&self, column: &Column, text: &str, expected: &str) -> String {
        let name = column.name;
        if text.is_empty() {
            return format!("`{name}` is missing");
        }
        if self.table.is_personal || !tells_nobody(column.kind) {
            return format!("`{name}` must be {expected}");
        }
        let shown: String = text.chars().take(QUOTED).collect();
        format!("`{name}` is `{shown}`; it must be {expected}")
    }

    /// Days of a row that are in the wrong order.
    fn check_days(&self, row: Row) -> Result<Row, BadRow> {
        let day = |name: &str| {
            let place = self.table.columns.iter().position(|column| column.name == name)?;
            row.values.get(place)?.as_deref()
        };
        for (first, last) in self.table.ordered {
            // Both have four digits of a year, two of a month, two of a day.
            if let (Some(begin), Some(end)) = (day(first), day(last))
                && end < begin
            {
                let problem =
                    format!("`{last}` is `{end}`; it must not be before `{first}`, which is `{begin}`");
                return Err(self.bad(row.line, problem));
            }
        }
        Ok(row)
    }

    fn malformed(&self, error: &csv::Error) -> BadRow {
        self.bad(error.position().map_or(1, csv::Position::line), error.to_string())
    }
}

/// `,`, or `;` as spreadsheets in German write it; leaves the file at its beginning.
fn separator(file: &mut BufReader<File>) -> std::io::Result<u8> {
    let mut header = Vec::new();
    file.by_ref().take(64 * 1024).read_until(b'\n', &mut header)?;
    file.rewind()?;
    Ok(if header.contains(&b';') && !header.contains(&b',') { b';' } else { b',' })
}

/// A value as its column wants it, `None` where an optional one is missing; or what it must be.
fn value(column: &Column, text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return if column.optional { Ok(None) } else { Err(String::new()) };
    }
    let expected = match column.kind {
        Kind::Id if !is_id(text) => "letters, digits, `_`, `.` and `-`, at most 128",
        Kind::Text if text.chars().count() > LONGEST_VALUE => "at most 4,000 characters",
        Kind::Region if !is_region(text) => "a region such as EU or US-CA",
        Kind::Currency if !is_code(text, 3, 3, u8::is_ascii_uppercase) => "a currency such as EUR",
        Kind::Country if !is_code(text, 2, 2, u8::is_ascii_uppercase) => "a country such as DE",
        Kind::Language if !is_code(text, 2, 3, u8::is_ascii_lowercase) => "a language such as de",
        Kind::Amount if !is_amount(text) => "an amount such as 449.00, not negative, at most three decimals",
        Kind::Count if !is_count(text) => "a whole number, not negative",
        Kind::Positive if !is_count(text) || text.bytes().all(|byte| byte == b'0') => {
            "a whole number from 1 up"
        }
        Kind::Flag if !["true", "false"].contains(&text) => "true or false",
        Kind::Day if !is_day(text) => "a day such as 2026-11-21",
        Kind::Moment if !is_moment(text) => "a time such as 2026-11-21T10:12:00Z",
        Kind::Choice(words) if !words.contains(&text) => return Err(format!("one of {}", words.join(", "))),
        _ => return Ok(Some(text.to_owned())),
    };
    Err(expected.to_owned())
}

/// Whether such values tell nothing of a person.
fn tells_nobody(kind: Kind) -> bool {
    match kind {
        Kind::Currency
        | Kind::Amount
        | Kind::Count
        | Kind::Positive
        | Kind::Flag
        | Kind::Day
        | Kind::Moment
        | Kind::Choice(_) => true,
        Kind::Id | Kind::Text | Kind::Region | Kind::Country | Kind::Language => false,
    }
}

/// `2026-11-21`, of the years that the database takes from all.
fn is_day(text: &str) -> bool {
    let has_form = text.len() == 10 && text.starts_with(|sign: char| sign.is_ascii_digit());
    has_form && text.parse::<NaiveDate>().is_ok_and(|day| day.year() >= 1)
}

/// Of the years and the zones (less than 16 hours apart) that the database takes.
fn is_moment(text: &str) -> bool {
    DateTime::parse_from_rfc3339(text)
        .is_ok_and(|at| at.year() >= 1 && at.offset().local_minus_utc().abs() < 16 * 3_600)
}

fn is_id(text: &str) -> bool {
    text.len() <= 128
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

fn is_region(text: &str) -> bool {
    (2..=16).contains(&text.len())
        && text.starts_with(|sign: char| sign.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_code(text: &str, least: usize, most: usize, is_right: fn(&u8) -> bool) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|byte| is_right(&byte))
}

fn is_amount(text: &str) -> bool {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    is_code(whole, 1, 12, u8::is_ascii_digit) && is_code(decimals, 1, 3, u8::is_ascii_digit)
}

fn is_count(text: &str) -> bool {
    is_code(text, 1, 15, u8::is_ascii_digit)
}
