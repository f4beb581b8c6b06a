//! The shop's own tables (`shop/*.csv`), `attributes.csv` and `manuals.csv`.

use anyhow::{Context, Result};
use chrono::NaiveDateTime;

use super::{Output, money};
use crate::language::Tongue;
use crate::world::World;
use crate::world::kinds::Value;
use crate::world::orders::Order;
use crate::world::products::Product;
use crate::world::regions::REGIONS;

/// A table that is being written.
struct Table {
    path: &'static str,
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    fn new(path: &'static str, head: &[&str]) -> Result<Self> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(head).with_context(|| path.to_owned())?;
        Ok(Self { path, writer })
    }

    fn row<const N: usize>(&mut self, cells: [&str; N]) -> Result<()> {
        self.writer.write_record(cells).with_context(|| self.path.to_owned())
    }

    fn write(self, output: Output<'_>) -> Result<()> {
        let bytes = self
            .writer
            .into_inner()
            .map_err(|error| error.into_error())
            .with_context(|| self.path.to_owned())?;
        output.write(self.path, bytes)
    }
}

/// A moment with its zone.
pub(crate) fn moment(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn optional_moment(at: Option<NaiveDateTime>) -> String {
    at.map(moment).unwrap_or_default()
}

/// Writes all tables.
pub(super) fn write(world: &World, output: Output<'_>) -> Result<()> {
    attributes(world, output)?;
    manuals(world, output)?;
    customers(world, output)?;
    agents(world, output)?;
    prices(world, output)?;
    orders(world, output)?;
    payments(world, output)?;
    shipments(world, output)?;
    returns(world, output)?;
    serials(world, output)
}

fn attributes(world: &World, output: Output<'_>) -> Result<()> {
    let mut table = Table::new("products/attributes.csv", &["sku", "key", "value", "unit"])?;
    for product in &world.products {
        let kind = world.kind(product);
        let mut put = |key: &str, value: &str, unit: &str| table.row([&product.sku, key, value, unit]);
        put("name", &product.name(kind, product.tongue), "")?;
        put("maker", &world.makers[product.maker].name, "")?;
        put("category", &kind.category, "")?;
        put("family", &kind.family, "")?;
        put("ean", &product.ean, "")?;
        put("discontinued", if product.discontinued.is_some() { "true" } else { "false" }, "")?;
        if let Some(successor) = product.successor {
            put("successor", &world.products[successor].sku, "")?;
        }
        // The other makers' figures stand on the pages alone.
        if world.makers[product.maker].delivers_table {
            for (attribute, value) in kind.attributes.iter().zip(&product.values) {
                if let Some(value) = value {
                    let unit =
                        if matches!(value, Value::Number(_)) { attribute.unit(Tongue::German) } else { "" };
                    put(&attribute.de, &attribute.bare(*value, Tongue::German), unit)?;
                }
            }
        }
    }
    table.write(output)
}

fn manuals(world: &World, output: Output<'_>) -> Result<()> {
    let mut table = Table::new("manuals/manuals.csv", &["file", "sku", "language", "version"])?;
    for manual in &world.manuals {
        let file = manual.source.trim_start_matches("manuals/");
        for product in &manual.products {
            table.row([file, &world.products[*product].sku, manual.tongues[0].code(), &manual.version])?;
        }
    }
    table.write(output)
}

fn customers(world: &World, output: Output<'_>) -> Result<()> {
    let head = [
        "customer_id",
        "name",
        "email",
        "phone",
        "street",
        "postal_code",
        "city",
        "country",
        "region",
        "language",
        "created",
    ];
    let mut table = Table::new("shop/customers.csv", &head)?;
    for customer in &world.customers {
        table.row([
            &customer.id,
            &format!("{} {}", customer.first, customer.last),
            &customer.email,
            &customer.phone,
            &customer.street,
            &customer.postal_code,
            customer.city,
            customer.country,
            REGIONS[customer.region].code,
            customer.tongue.code(),
            &customer.created.to_string(),
        ])?;
    }
    table.write(output)
}

fn agents(world: &World, output: Output<'_>) -> Result<()> {
    let mut agents = Table::new("shop/agents.csv", &["agent_id", "name", "role", "active"])?;
    let mut permissions = Table::new("shop/agent_permissions.csv", &["agent_id", "region"])?;
    for agent in &world.agents {
        agents.row([&agent.id, &agent.name, agent.role, if agent.is_active { "true" } else { "false" }])?;
        for region in &agent.regions {
            permissions.row([agent.id.as_str(), REGIONS[*region].code])?;
        }
    }
    agents.write(output)?;
    permissions.write(output)
}

fn prices(world: &World, output: Output<'_>) -> Result<()> {
    let head = ["sku", "region", "currency", "amount", "vat_included", "valid_from", "valid_to"];
    let mut prices = Table::new("shop/prices.csv", &head)?;
    let mut stock = Table::new("shop/stock.csv", &["sku", "region", "quantity"])?;
    for product in &world.products {
        for price in &product.prices {
            let region = &REGIONS[price.region];
            prices.row([
                &product.sku,
                region.code,
                region.currency,
                &money(price.amount),
                if region.vat_included { "true" } else { "false" },
                &price.from.to_string(),
                &price.to.map(|day| day.to_string()).unwrap_or_default(),
            ])?;
        }
        for (region, pieces) in product.stock.iter().enumerate() {
            if let Some(pieces) = pieces {
                stock.row([&product.sku, REGIONS[region].code, &pieces.to_string()])?;
            }
        }
    }
    prices.write(output)?;
    stock.write(output)
}

fn orders(world: &World, output: Output<'_>) -> Result<()> {
    let head = ["order_id", "customer_id", "ordered_at", "region", "currency", "total", "status"];
    let mut orders = Table::new("shop/orders.csv", &head)?;
    let mut items =
        Table::new("shop/order_items.csv", &["order_id", "line", "sku", "quantity", "unit_price"])?;
    for order in &world.orders {
        orders.row([
            &order.id,
            &world.customers[order.customer].id,
            &moment(order.ordered_at),
            REGIONS[order.region].code,
            REGIONS[order.region].currency,
            &money(order.total()),
            order.status,
        ])?;
        for (line, item) in order.items.iter().enumerate() {
            items.row([
                &order.id,
                &(line + 1).to_string(),
                &world.products[item.product].sku,
                &item.quantity.to_string(),
                &money(item.unit_price),
            ])?;
        }
    }
    orders.write(output)?;
    items.write(output)
}

/// The id of the nth thing of an order: a letter, the order's number, the thing's.
pub(crate) fn part_id(letter: char, order: &Order, nth: usize) -> String {
    format!("{letter}-{}-{}", order.id.trim_start_matches("O-"), nth + 1)
}

fn payments(world: &World, output: Output<'_>) -> Result<()> {
    let head = ["payment_id", "order_id", "method", "amount", "currency", "status", "at"];
    let mut table = Table::new("shop/payments.csv", &head)?;
    for order in &world.orders {
        for (nth, payment) in order.payments.iter().enumerate() {
            table.row([
                &part_id('P', order, nth),
                &order.id,
                payment.method,
                &money(payment.amount),
                REGIONS[order.region].currency,
                payment.status,
                &moment(payment.at),
            ])?;
        }
    }
    table.write(output)
}

fn shipments(world: &World, output: Output<'_>) -> Result<()> {
    let head = [
        "shipment_id",
        "order_id",
        "carrier",
        "tracking_number",
        "status",
        "shipped_at",
        "last_event",
        "last_event_at",
        "expected_on",
    ];
    let mut table = Table::new("shop/shipments.csv", &head)?;
    let mut lines = Table::new("shop/shipment_items.csv", &["shipment_id", "order_id", "line"])?;
    let mut events =
        Table::new("shop/shipment_events.csv", &["shipment_id", "at", "status", "event", "place"])?;
    for order in &world.orders {
        for (nth, shipment) in order.shipments.iter().enumerate() {
            let id = part_id('S', order, nth);
            let last = shipment.events.last();
            table.row([
                &id,
                &order.id,
                shipment.carrier,
                &shipment.tracking,
                shipment.status,
                &moment(shipment.shipped_at),
                last.map_or("", |event| event.text),
                &optional_moment(last.map(|event| event.at)),
                &shipment.expected_on.to_string(),
            ])?;
            for line in &shipment.lines {
                lines.row([id.as_str(), &order.id, &(line + 1).to_string()])?;
            }
            for event in &shipment.events {
                events.row([id.as_str(), &moment(event.at), event.status, event.text, &event.place])?;
            }
        }
    }
    table.write(output)?;
    lines.write(output)?;
    events.write(output)
}

fn returns(world: &World, output: Output<'_>) -> Result<()> {
    let head = [
        "return_id",
        "order_id",
        "line",
        "sku",
        "reason",
        "status",
        "requested_at",
        "refund_amount",
        "currency",
        "received_at",
        "refunded_at",
    ];
    let mut table = Table::new("shop/returns.csv", &head)?;
    for order in &world.orders {
        for (nth, back) in order.returns.iter().enumerate() {
            let product: &Product = &world.products[order.items[back.line].product];
            table.row([
                &part_id('R', order, nth),
                &order.id,
                &(back.line + 1).to_string(),
                &product.sku,
                back.reason,
                back.status,
                &moment(back.requested_at),
                &money(back.refund),
                REGIONS[order.region].currency,
                &optional_moment(back.received_at),
                &optional_moment(back.refunded_at),
            ])?;
        }
    }
    table.write(output)
}

fn serials(world: &World, output: Output<'_>) -> Result<()> {
    let mut table = Table::new("shop/serials.csv", &["serial", "sku", "order_id", "customer_id", "sold_on"])?;
    for order in &world.orders {
        for item in &order.items {
            for serial in &item.serials {
                table.row([
                    serial,
                    &world.products[item.product].sku,
                    &order.id,
                    &world.customers[order.customer].id,
                    &order.ordered_at.date().to_string(),
                ])?;
            }
        }
    }
    table.write(output)
}
