//! The world: everything that is so in the shop, before a word of it is written. Writers only read it.

pub(crate) mod kinds;
pub(crate) mod makers;
pub(crate) mod manuals;
pub(crate) mod orders;
mod parcels;
pub(crate) mod people;
pub(crate) mod policies;
mod prices;
pub(crate) mod products;
pub(crate) mod regions;
pub(crate) mod serials;
pub(crate) mod series;
mod variants;

use anyhow::Result;
use chrono::{Months, NaiveDate, NaiveDateTime};
use rayon::prelude::*;

use kinds::{Kind, Value};
use makers::Maker;
use manuals::Manual;
use orders::{Drawing, Order};
use people::{Agent, Customer};
use policies::{Policy, Topic};
use products::Product;
use series::Series;

/// The facts of a shop.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) today: NaiveDate,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) makers: Vec<Maker>,
    pub(crate) series: Vec<Series>,
    pub(crate) products: Vec<Product>,
    pub(crate) manuals: Vec<Manual>,
    pub(crate) policies: Vec<Policy>,
    pub(crate) customers: Vec<Customer>,
    pub(crate) agents: Vec<Agent>,
    pub(crate) orders: Vec<Order>,
}

impl World {
    /// Draws a world of that many products.
    pub(crate) fn draw(seed: u64, count: usize) -> Result<Self> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap_or_default();
        let kinds = kinds::kinds()?;
        let makers = makers::draw(seed, count, &kinds);
        let (series, products) = products::draw(seed, today, count, &kinds, &makers);
        let manuals = manuals::draw(seed, &kinds, &series, &products);
        let customers: Vec<Customer> = (0..people::customer_count(count))
            .into_par_iter()
            .map(|index| people::customer(seed, index, today))
            .collect();
        let now = now(today);
        let drawing =
            Drawing { seed, now, kinds: &kinds, makers: &makers, products: &products, customers: &customers };
        let orders = (0..orders::count(count)).into_par_iter().map(|index| drawing.order(index)).collect();
        let policies = policies::draw(seed);
        let agents = people::agents(seed, count);
        Ok(Self {
            seed,
            today,
            kinds,
            makers,
            series,
            products,
            manuals,
            policies,
            customers,
            agents,
            orders,
        })
    }

    /// The kind of a product.
    pub(crate) fn kind(&self, product: &Product) -> &Kind {
        &self.kinds[product.kind]
    }

    /// The months of warranty on a product bought in a region on a day: what the region's policy of that day promises, or the
    /// maker when it promises more.
    pub(crate) fn warranty_months(&self, product: &Product, region: usize, bought: NaiveDate) -> u32 {
        let policy = policies::valid(&self.policies, Topic::Warranty, region, bought)
            .map_or(0, |policy| policy.amount);
        let maker = match product.value(self.kind(product), "warranty") {
            Some(Value::Number(months)) => months as u32,
            _ => 0,
        };
        policy.max(maker)
    }

    /// The last day of a warranty.
    pub(crate) fn warranty_end(bought: NaiveDate, months: u32) -> NaiveDate {
        bought.checked_add_months(Months::new(months)).unwrap_or(bought)
    }
}

/// The moment at which the world stands still.
pub(crate) fn now(today: NaiveDate) -> NaiveDateTime {
    today.and_hms_opt(8, 0, 0).unwrap_or_default()
}
