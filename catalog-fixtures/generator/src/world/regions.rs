//! The regions that the shop sells in.

/// A region with its money and its customers.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) code: &'static str,
    pub(crate) currency: &'static str,
    /// Whether prices are told with tax.
    pub(crate) vat_included: bool,
    /// Its prices in percent of the European ones.
    pub(crate) price_percent: i64,
    pub(crate) carriers: &'static [Carrier],
    pub(crate) methods: &'static [&'static str],
    /// Its weight among the customers.
    pub(crate) share: usize,
}

/// Who brings parcels.
#[derive(Debug)]
pub(crate) struct Carrier {
    pub(crate) name: &'static str,
    /// Letters before its tracking numbers.
    pub(crate) prefix: &'static str,
    pub(crate) digits: u32,
}

/// All regions; the first is home.
pub(crate) const REGIONS: &[Region] = &[
    Region {
        code: "EU",
        currency: "EUR",
        vat_included: true,
        price_percent: 100,
        carriers: &[
            Carrier { name: "Nordpost", prefix: "LV", digits: 10 },
            Carrier { name: "Alpenkurier", prefix: "AK", digits: 9 },
            Carrier { name: "Blitzbote", prefix: "BB", digits: 11 },
        ],
        methods: &["card", "invoice", "debit", "prepayment", "instalments", "wallet"],
        share: 62,
    },
    Region {
        code: "CH",
        currency: "CHF",
        vat_included: true,
        price_percent: 104,
        carriers: &[
            Carrier { name: "Alpenkurier", prefix: "AK", digits: 9 },
            Carrier { name: "Gotthard Logistik", prefix: "GL", digits: 10 },
        ],
        methods: &["card", "invoice", "prepayment", "wallet"],
        share: 12,
    },
    Region {
        code: "UK",
        currency: "GBP",
        vat_included: true,
        price_percent: 88,
        carriers: &[
            Carrier { name: "Albion Parcels", prefix: "AP", digits: 10 },
            Carrier { name: "Swiftline", prefix: "SW", digits: 9 },
        ],
        methods: &["card", "wallet", "debit"],
        share: 11,
    },
    Region {
        code: "US",
        currency: "USD",
        vat_included: false,
        price_percent: 108,
        carriers: &[
            Carrier { name: "Eagle Parcel", prefix: "EP", digits: 9 },
            Carrier { name: "Prairie Freight", prefix: "PF", digits: 10 },
        ],
        methods: &["card", "wallet", "instalments"],
        share: 15,
    },
];
