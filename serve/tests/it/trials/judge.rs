//! What may be said to whom, by the shop's own rows and texts. Nothing here asks the product.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::books::{Books, Rows, one_line, sentences};
use super::rights::{Rights, of_customers};
use super::told::Told;

/// Numbers of orders, parcels, devices, payments and returns: whose each is, and what a role needs to see it.
const NUMBERS: [(&str, &str, Option<&str>); 6] = [
    ("orders", "order_id", None),
    ("shipments", "shipment_id", None),
    ("shipments", "tracking_number", None),
    ("serials", "serial", Some("warranty")),
    ("returns", "return_id", Some("returns")),
    ("payments", "payment_id", Some("payments")),
];

/// A conversation: its agent, session and customer; a guest has no name, and no customer.
pub(super) type Conversation = (String, String, String);

/// What was typed in a conversation: repeating it tells nothing.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) words: HashSet<String>,
    pub(super) questions: Vec<String>,
}

/// What an answer rests on: judged again when it is shown again.
#[derive(Debug, Clone, Default)]
pub(super) struct Rests {
    pub(super) kinds: Vec<String>,
    pub(super) sources: Vec<String>,
}

/// Whose number.
#[derive(Debug)]
struct Owned {
    customer: String,
    subject: Option<&'static str>,
}

/// The shop's rows, and the rights of its agents as they are now.
pub(super) struct Judge {
    pub(super) agents: Vec<String>,
    pub(super) rights: BTreeMap<String, Rights>,
    pub(super) regions: Vec<String>,
    /// Ids and names.
    pub(super) customers: Vec<(String, String)>,
    pub(super) numbers: Vec<String>,
    pub(super) own: HashMap<String, Vec<String>>,
    region_of: HashMap<String, String>,
    owned: HashMap<String, Owned>,
    names: HashMap<String, Vec<String>>,
    /// The regions that texts are bound to, by their sources and by sentences that only they hold.
    sources: HashMap<String, String>,
    sentences: Vec<(String, String)>,
}

/// What was found right in a reply.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Seen {
    /// Whether it holds data of a customer.
    pub(super) holds: bool,
    /// Citations and quotes of texts that are bound to a region.
    pub(super) bound: usize,
}

pub(super) fn cell<'a>(row: &'a HashMap<String, String>, column: &str) -> &'a str {
    row.get(column).map_or("", String::as_str)
}

impl Judge {
    pub(super) fn new(books: &Books) -> Self {
        let table = &books.table;
        let customers = table("customers");
        let pair = |row: &HashMap<String, String>, column: &str| {
            (cell(row, "customer_id").to_owned(), cell(row, column).to_owned())
        };
        let rights = rights(&table("agents"), &table("agent_permissions"));
        let regions: BTreeSet<String> = customers
            .iter()
            .map(|row| cell(row, "region").to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        let owned = owned(table);
        let mut own: HashMap<String, Vec<String>> = HashMap::new();
        let mut numbers: Vec<String> = owned.keys().cloned().collect();
        numbers.sort();
        for number in &numbers {
            own.entry(owned[number].customer.clone()).or_default().push(number.clone());
        }
        let mut names: HashMap<String, Vec<String>> = HashMap::new();
        for name in customers.iter().map(|row| cell(row, "name")).filter(|name| name.len() > 4) {
            let first = name.split(' ').next().unwrap_or_default();
            names.entry(first.to_owned()).or_default().push(name.to_owned());
        }
        Self {
            agents: rights.keys().cloned().collect(),
            rights,
            regions: regions.into_iter().collect(),
            customers: customers.iter().map(|row| pair(row, "name")).collect(),
            numbers,
            own,
            region_of: customers.iter().map(|row| pair(row, "region")).collect(),
            owned,
            names,
            sources: books.bound.iter().map(|text| (text.source.clone(), text.region.clone())).collect(),
            sentences: bound_sentences(books),
        }
    }

    /// Whether the agent may see the customer now; a guest sees none.
    pub(super) fn may_see(&self, agent: Option<&str>, customer: &str) -> bool {
        let rights = agent.and_then(|agent| self.rights.get(agent)).filter(|rights| rights.is_active);
        let region = self.region_of.get(customer);
        rights.is_some_and(|rights| region.is_some_and(|region| rights.regions.contains(region)))
    }

    /// Judges all that a reply says to an agent (or a guest) with a customer on the line.
    pub(super) fn reply(
        &self,
        (agent, customer): (Option<&str>, &str),
        told: &Told,
        typed: &Typed,
    ) -> Result<Seen, String> {
        let foreign = self.foreign(&told.text, (agent, Some(customer)), typed);
        ensure(foreign.is_empty(), || format!("says {foreign:?}"))?;
        let names = self.names_in(&told.text, typed);
        ensure(names.is_empty(), || format!("names {names:?}"))?;
        let quoted = self.quoted(agent, &told.text)?;
        let rests = Rests { kinds: told.kinds(), sources: told.sources() };
        let seen = self.rests((agent, customer), &rests)?;
        ensure(!(seen.holds && told.cached), || "data of a customer out of a cache".to_owned())?;
        Ok(Seen { bound: seen.bound + quoted, ..seen })
    }

    /// Judges what an answer rests on, by the rights as they are now.
    pub(super) fn rests(
        &self,
        (agent, customer): (Option<&str>, &str),
        rests: &Rests,
    ) -> Result<Seen, String> {
        let may_see = self.may_see(agent, customer);
        let rights = agent.and_then(|agent| self.rights.get(agent));
        let subjects: Vec<Option<&str>> = rests.kinds.iter().filter_map(|kind| of_customers(kind)).collect();
        let holds = !subjects.is_empty();
        ensure(!holds || may_see, || format!("facts {:?} of a customer", rests.kinds))?;
        let lacks = |subject: &&str| rights.is_none_or(|rights| !rights.sees(subject));
        let lacking: Vec<&str> = subjects.into_iter().flatten().filter(lacks).collect();
        ensure(lacking.is_empty(), || format!("{lacking:?}, which the role may not see"))?;
        let regions: Vec<&String> =
            rests.sources.iter().filter_map(|source| self.sources.get(source)).collect();
        // The public knowledge of all regions is for guests.
        let is_own = |region: &str| rights.is_none_or(|rights| rights.regions.contains(region));
        // What is said of an order follows the rules of where it was placed; else those of the customer's region count.
        let is_customers = |region: &str| self.region_of.get(customer).is_some_and(|own| own == region);
        for region in &regions {
            ensure(is_own(region), || format!("cites a text of {region}"))?;
            ensure(holds || !may_see || is_customers(region), || {
                format!("cites a text of {region}, not of the customer's region")
            })?;
        }
        Ok(Seen { holds, bound: regions.len() })
    }

    /// Words that are numbers of somebody else's, or of what the role may not see, apart from those that were typed.
    pub(super) fn foreign<'a>(
        &self,
        text: &'a str,
        (agent, customer): (Option<&str>, Option<&str>),
        typed: &Typed,
    ) -> Vec<&'a str> {
        let allowed = customer.filter(|customer| self.may_see(agent, customer));
        let rights = agent.and_then(|agent| self.rights.get(agent));
        let is_inner = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
        let is_foreign = |word: &&str| {
            let Some(owned) = self.owned.get(*word).filter(|_| !typed.words.contains(*word)) else {
                return false;
            };
            let is_seen = |subject: &str| rights.is_some_and(|rights| rights.sees(subject));
            Some(owned.customer.as_str()) != allowed || owned.subject.is_some_and(|subject| !is_seen(subject))
        };
        text.split(|sign: char| !is_inner(sign)).filter(is_foreign).collect()
    }

    /// Names of customers in a text, apart from those that were typed: answers name nobody.
    fn names_in(&self, text: &str, typed: &Typed) -> Vec<&str> {
        let mut place = 0;
        let mut found = Vec::new();
        for word in text.split_inclusive(|sign: char| !sign.is_alphanumeric()) {
            let first = word.trim_end_matches(|sign: char| !sign.is_alphanumeric());
            let here = &text[place..];
            let names = self.names.get(first).into_iter().flatten().map(String::as_str);
            found.extend(names.filter(|name| here.starts_with(name)));
            place += word.len();
        }
        found.retain(|name| !typed.questions.iter().any(|question| question.contains(name)));
        found
    }

    /// How many sentences of bound texts a text holds; each must be of one of the agent's regions.
    pub(super) fn quoted(&self, agent: Option<&str>, text: &str) -> Result<usize, String> {
        let Some(rights) = agent.and_then(|agent| self.rights.get(agent)) else { return Ok(0) };
        let held = self.sentences.iter().filter(|(sentence, _)| text.contains(sentence));
        let mut count = 0;
        for (sentence, region) in held {
            count += 1;
            ensure(rights.regions.contains(region), || format!("quotes of {region}: {sentence}"))?;
        }
        Ok(count)
    }
}

/// The judgement of one thing.
pub(super) fn ensure(is_so: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(what()) }
}

fn rights(agents: &Rows, permissions: &Rows) -> BTreeMap<String, Rights> {
    let of = |row: &HashMap<String, String>| {
        let agent = cell(row, "agent_id");
        let regions = permissions.iter().filter(|row| cell(row, "agent_id") == agent);
        let rights = Rights {
            role: cell(row, "role").to_owned(),
            is_active: cell(row, "active") == "true",
            regions: regions.map(|row| cell(row, "region").to_owned()).collect(),
        };
        (agent.to_owned(), rights)
    };
    agents.iter().map(of).collect()
}

fn owned(table: &dyn Fn(&str) -> Rows) -> HashMap<String, Owned> {
    let orders = table("orders");
    let customers: HashMap<&str, &str> =
        orders.iter().map(|row| (cell(row, "order_id"), cell(row, "customer_id"))).collect();
    let mut found = HashMap::new();
    for (name, column, subject) in NUMBERS {
        for row in table(name) {
            let customer = customers[cell(&row, "order_id")].to_owned();
            let number = cell(&row, column);
            if !number.is_empty() {
                found.insert(number.to_owned(), Owned { customer, subject });
            }
        }
    }
    found
}

/// Sentences that stand in texts of one region alone.
fn bound_sentences(books: &Books) -> Vec<(String, String)> {
    let others: Vec<String> = books.others.iter().map(|text| one_line(text)).collect();
    let mut regions: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for text in &books.bound {
        for sentence in sentences(&text.body) {
            regions.entry(sentence).or_default().insert(&text.region);
        }
    }
    let is_everywhere = |sentence: &str| others.iter().any(|text| text.contains(sentence));
    let alone =
        regions.into_iter().filter(|(sentence, regions)| regions.len() == 1 && !is_everywhere(sentence));
    alone
        .flat_map(|(sentence, regions)| {
            regions.into_iter().map(move |region| (sentence.clone(), region.to_owned()))
        })
        .collect()
}
