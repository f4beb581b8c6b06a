//! What policies grant becomes rows that the shop's orders find, and follows the catalog.

use std::path::Path;

use auskunft_model::{AgentId, CustomerId};
use auskunft_store::Database;
use auskunft_store::facts::{CustomerAnswer, CustomerQuery, CustomerRecord, Wants, customer_facts};
use auskunft_store::shop_data;

use crate::support::catalog::small;
use crate::support::Home;
