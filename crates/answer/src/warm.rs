//! What the first questions would wait for, done before anybody asks.

use auskunft_model::{AgentId, Asker, CustomerId, Filter, ProductId, Question};
use auskunft_store::facts::{self, CustomerQuery, ProductQuery, Wants, product_facts};
use auskunft_store::products::ProductRow;
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::Desk;
use crate::error::Result;

/// Questions for each connection: the first makes the database prepare and plan its statements, the others fill its memory.
const QUESTIONS: usize = 3;
/// Who asks, for the statements that name it.
const REQUEST: &str = "warm-up";

impl Desk {
    /// Makes connections, then asks for products of the shop by their names, as many at a time as there are connections: statements are
    /// prepared and planned, pages of the indexes and of the model read. Returns how many were asked for. Leaves nothing behind: a guest asks,
    /// and customers' data is read for nobody, of nobody, in transactions that are taken back.
    pub async fn warm_up(&self) -> Result<usize> {
        let connections = self.stores.database.connect().await?;
        let questions = self.questions_about_products(connections * QUESTIONS);
        let number = questions.len();
        let asked = questions.into_iter().map(|(product, question)| self.ask_in_vain(product, question));
        stream::iter(asked).buffer_unordered(connections).try_collect::<Vec<()>>().await?;
        Ok(number)
    }

    /// Products from all over the catalog; with every second one a question that names its kind alone: all texts are searched.
    fn questions_about_products(&self, number: usize) -> Vec<(ProductId, Question)> {
        let view = self.view();
        let step = (view.products.len() / number).max(1);
        let chosen = view.products.all().iter().step_by(step).take(number).enumerate();
        let question = |(place, product): (usize, &ProductRow)| {
            let filter = Filter { valid_on: Some(self.today()), ..Filter::default() };
            let kind = product.category.as_ref().filter(|_| place % 2 == 1);
            let text = kind.unwrap_or(&product.name).clone();
            (product.id.clone(), Question { text, language: None, product_id: None, filter })
        };
        chosen.map(question).collect()
    }

    async fn ask_in_vain(&self, product: ProductId, question: Question) -> Result<()> {
        let query = ProductQuery {
            skus: std::slice::from_ref(&product),
            agent: None,
            customer: None,
            today: self.today(),
            request_id: REQUEST,
        };
        product_facts(&self.stores.database, &query).await?;
        self.rehearse_facts().await?;
        self.search(&question, &Asker::guest(REQUEST), 1).await?;
        Ok(())
    }

    async fn rehearse_facts(&self) -> Result<()> {
        let (Ok(agent), Ok(customer)) = (AgentId::parse(REQUEST), CustomerId::parse(REQUEST)) else {
            return Ok(());
        };
        let query = CustomerQuery {
            agent: &agent,
            customer: &customer,
            request_id: REQUEST,
            orders: &[],
            tracking: &[],
            serials: &[],
            wishes: &[],
            wants: Wants::default(),
            time_zone: self.settings.time_zone.name(),
        };
        Ok(facts::rehearse_customer_facts(&self.stores.database, &query).await?)
    }
}
