insert into shop.settings (body) values ('{"name": null, "language": "de", "regions": ["EU", "CH"], "today": null}');
insert into shop.agents (agent_id, name, role, active) values
    ('A-AGENT', 'Britta Lorenz', 'agent', true),
    ('A-TECH', 'Carlos Reyes', 'technician', true),
    ('A-RETURNS', 'Emil Krug', 'returns', true),
    ('A-BILLING', 'Dagmar Voss', 'billing', true),
    ('A-LEAD', 'Ida Blum', 'lead', true),
    ('A-SWISS', 'Urs Wyss', 'lead', true),
    ('A-GONE', 'Otto Ohm', 'lead', false);
insert into shop.agent_permissions (agent_id, region) values
    ('A-AGENT', 'EU'), ('A-TECH', 'EU'), ('A-RETURNS', 'EU'), ('A-BILLING', 'EU'), ('A-LEAD', 'EU'), ('A-LEAD', 'CH'),
    ('A-SWISS', 'CH'), ('A-GONE', 'EU');
insert into shop.customers (id, name, email, street, postal_code, city, country, region, language) values
    ('C-1', 'Ute Muster', 'ute.muster@example.org', 'Lindenweg 3', '12345', 'Musterstadt', 'DE', 'EU', 'de'),
    ('C-2', 'Reto Probe', null, null, null, null, 'CH', 'CH', 'fr');
begin;
insert into shop.orders (order_id, customer_id, ordered_at, region, currency, total, status) values
    ('O-1', 'C-1', '2026-01-31T23:30:00-02:00', 'EU', 'EUR', 898.10, 'partially_shipped'),
    ('O-2', 'C-1', '2025-12-31T23:59:59Z', 'EU', 'EUR', 20.50, 'delivered'),
    ('O-3', 'C-2', '2026-03-01T08:00:00Z', 'CH', 'CHF', 99, 'delivered');
insert into shop.order_items (order_id, line, sku, quantity, unit_price) values
    ('O-1', 1, 'KM-1', 2, 449.00), ('O-1', 2, 'FILTER', 1, 0.10), ('O-2', 1, 'OLD-1', 1, 20.50), ('O-3', 1, 'KM-1', 1, 99);
insert into shop.payments (payment_id, order_id, method, amount, currency, status, at) values
    ('P-1', 'O-1', 'card', 898.10, 'EUR', 'failed', '2026-02-01T02:00:00Z'),
    ('P-2', 'O-1', 'invoice', 898.10, 'EUR', 'paid', '2026-02-02T02:00:00Z'),
    ('P-3', 'O-3', 'card', 99, 'CHF', 'paid', '2026-03-01T08:00:00Z');
insert into shop.shipments (shipment_id, order_id, carrier, tracking_number, status, shipped_at, last_event, last_event_at,
        expected_on) values
    ('S-1', 'O-1', 'Gotthard Logistik', 'GL1', 'in_transit', '2026-02-03T10:00:00Z', 'Abgeholt', '2026-02-03T10:00:00Z',
        '2026-02-05'),
    ('S-2', 'O-2', 'Gotthard Logistik', 'GL2', 'delivered', '2026-01-02T10:00:00Z', 'Zugestellt', '2026-01-03T12:00:00Z', null),
    ('S-3', 'O-3', 'Alpenpost', 'AP3', 'delivered', '2026-03-02T10:00:00Z', 'Zugestellt', '2026-03-04T12:00:00Z', null);
insert into shop.shipment_items (shipment_id, order_id, line) values ('S-1', 'O-1', 1);
insert into shop.shipment_events (shipment_id, at, status, event) values
    ('S-1', '2026-02-03T10:00:00Z', 'in_transit', 'Abgeholt'),
    ('S-3', '2026-03-03T12:00:00Z', 'delivered', 'Zugestellt');
insert into shop.returns (return_id, order_id, line, sku, reason, status, requested_at, refund_amount, currency) values
    ('R-2', 'O-2', 1, 'OLD-1', 'zu laut', 'requested', '2026-01-10T15:00:00Z', 20.50, 'EUR'),
    ('R-3', 'O-3', 1, 'KM-1', null, 'requested', '2026-03-10T15:00:00Z', 99, 'CHF');
insert into shop.serials (serial, sku, order_id, customer_id, sold_on) values
    ('KMA-1', 'KM-1', 'O-1', 'C-1', '2026-02-01'), ('KMA-2', 'KM-1', 'O-1', 'C-1', '2026-02-01'),
    ('KMA-3', 'KM-1', 'O-3', 'C-2', '2026-03-01');
commit;
insert into shop.prices (sku, region, currency, amount, vat_included, valid_from, valid_to) values
    ('KM-1', 'EU', 'EUR', 449.00, true, '2026-01-01', '2026-06-30'),
    ('KM-1', 'EU', 'EUR', 399.00, true, '2026-07-01', null),
    ('KM-1', 'EU', 'EUR', 379.00, true, '2027-01-01', null),
    ('KM-1', 'CH', 'CHF', 99, true, '2026-01-01', null),
    ('OLD-1', 'EU', 'EUR', 20.50, true, '2020-01-01', '2026-03-31'),
    ('NEW-1', 'EU', 'EUR', 25.00, true, '2026-04-01', null),
    ('FILTER', 'EU', 'EUR', 0.10, true, '2020-01-01', null);
insert into shop.stock (sku, region, quantity) values ('KM-1', 'EU', 7), ('KM-1', 'CH', 0), ('NEW-1', 'EU', 3);
insert into shop.products (id, name, category, product_family, obsolete, successor_id, document_id, document_version, source)
values
    ('KM-1', 'Silberrode KM-1', 'Kaffeevollautomaten', 'Kaffeemaschine', false, null, 'd-1', '1', 'products/km-1.html'),
    ('OLD-1', 'Silberrode Alt', null, null, true, 'NEW-1', 'd-2', '1', 'products/old-1.html'),
    ('NEW-1', 'Silberrode Neu', null, null, false, null, 'd-3', '1', 'products/new-1.html');
insert into shop.product_attributes (product_id, ordinal, key, value, text, source) values
    ('KM-1', 0, 'Gewicht', '{"type": "quantity", "amount": 2300.0, "upper": null, "unit": "g"}', '2,3 kg', 'products/km-1.html'),
    ('KM-1', 1, 'Garantie', '{"type": "quantity", "amount": 36.0, "upper": null, "unit": "month"}', '36 Monate',
        'products/attributes.csv');
insert into shop.policies (document_id, kind, region, valid_from, valid_to, language, return_days, warranty_months, excludes,
        source) values
    ('d-p1', 'return', 'EU', '2025-01-01', '2025-12-31', 'de', 30, null, '{}', 'policies/retoure-2025.md'),
    ('d-p2', 'return', 'EU', '2026-01-01', null, 'en', 45, null, '{gift cards}', 'policies/a-returns-2026.md'),
    ('d-p3', 'return', 'EU', '2026-01-01', null, 'de', 45, null, '{Gutscheine}', 'policies/retoure-2026.md'),
    ('d-p4', 'return', null, null, null, 'de', 14, null, '{}', 'policies/gesetz.md'),
    ('d-p5', 'warranty', 'EU', '2026-02-01', null, 'de', null, 24, '{}', 'policies/garantie.md');
