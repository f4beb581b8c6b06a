//! The desk: everything that questions are answered from, opened once and shared.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use auskunft_embed::{CacheCounts, Embedder, QueryCache};
use auskunft_model::{Asker, Generation, Language, ProductId, Revision};
use auskunft_store::generation::GenerationInfo;
use auskunft_store::{Stores, agents, generation};
use chrono::{NaiveDate, Utc};
use chrono_tz::Tz;

use crate::error::{AnswerError, Result};
use crate::lexical::LexicalIndex;
use crate::rule::Quotes;
use crate::texts::Texts;
use crate::view::{self, View};

/// How a desk works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the lexical index lies, a folder a generation.
    pub index_dir: PathBuf,
    /// The day that validity, deadlines and prices are judged by; `None` = the calendar's, in the shop's time zone.
    pub today: Option<NaiveDate>,
    /// The shop's time zone: whose days count.
    pub time_zone: Tz,
    /// Vectors of recent questions that are kept.
    pub query_cache_entries: usize,
    /// Language of answers to questions that don't tell theirs.
    pub default_language: Language,
}

/// What a desk stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The generation that questions are answered from.
    pub generation: Generation,
    /// Its revision.
    pub revision: Revision,
    /// The revision that the lexical index holds.
    pub lexical_revision: Revision,
    /// Chunks in the lexical index.
    pub chunks: u64,
    /// Products known by name and number.
    pub products: u64,
    /// Set when the lexical index is lost with the process, because its folder can't be used.
    pub lexical_in_memory: bool,
}

/// Answers questions over the live generation. Share it behind an `Arc`.
pub struct Desk {
    pub(crate) stores: Stores,
    pub(crate) embedder: Arc<dyn Embedder>,
    pub(crate) cache: Arc<QueryCache>,
    pub(crate) settings: Settings,
    /// Rules behind facts that were quoted a moment ago.
    pub(crate) quotes: Quotes,
    /// Texts that were read lately.
    pub(crate) texts: Texts,
    state: RwLock<State>,
    refreshing: AtomicBool,
}

struct State {
    index: Arc<LexicalIndex>,
    view: Arc<View>,
}

impl fmt::Debug for Desk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Desk")
            .field("settings", &self.settings)
            .field("standing", &self.standing())
            .finish()
    }
}

impl Desk {
    /// Opens the desk over the live generation; builds the lexical index unless it is there. Where the texts for that can't be read
    /// now, it is built by a later [`Desk::refresh`].
    ///
    /// Fails with [`AnswerError::NothingIngested`] on fresh stores and [`AnswerError::OtherSpace`] when the index was built
    /// with another embedder.
    pub async fn open(stores: Stores, embedder: Arc<dyn Embedder>, settings: Settings) -> Result<Self> {
        let info = live(&stores, embedder.as_ref()).await?;
        let opened = view::open_even_behind(&stores, &settings.index_dir, info).await?;
        let cache = Arc::new(QueryCache::new(settings.query_cache_entries));
        let state = RwLock::new(State { index: opened.index, view: Arc::new(opened.view) });
        let (quotes, texts, refreshing) = (Quotes::default(), Texts::default(), AtomicBool::new(false));
        Ok(Self { stores, embedder, cache, settings, quotes, texts, state, refreshing })
    }

    /// Takes in what was published since; `true` when something changed. A call while another one is under way does
    /// nothing. Requests under way go on reading what they began with.
    pub async fn refresh(&self) -> Result<bool> {
        if self.refreshing.swap(true, Ordering::AcqRel) {
            return Ok(false);
        }
        let _reset = Reset(&self.refreshing);
        let info = live(&self.stores, self.embedder.as_ref()).await?;
        let (index, now, held) = {
            let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
            (Arc::clone(&state.index), state.view.info.clone(), state.view.lexical.revision)
        };
        if info == now && held == info.revision {
            return Ok(false);
        }
        let root = &self.settings.index_dir;
        let opened = if info.generation == now.generation {
            view::follow(&self.stores, root, index, held, info).await?
        } else {
            drop(index);
            view::open(&self.stores, root, info).await?
        };
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        *state = State { index: opened.index, view: Arc::new(opened.view) };
        Ok(true)
    }

    /// What it stands on.
    pub fn standing(&self) -> Standing {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        Standing {
            generation: state.view.info.generation,
            revision: state.view.info.revision,
            lexical_revision: state.view.lexical.revision,
            chunks: state.view.lexical.chunks(),
            products: state.view.products.len() as u64,
            lexical_in_memory: state.index.is_in_memory(),
        }
    }

    /// How often the vector of a question was held already.
    pub fn query_cache(&self) -> CacheCounts {
        self.cache.counts()
    }

    /// Whether the catalog has that product for the asker, by the index in this process and the regions that were the agent's a moment
    /// ago: costs no database operation.
    pub fn knows_product(&self, id: &ProductId, asker: &Asker) -> bool {
        let products = &self.view().products;
        products.get(id).is_some() && products.is_seen(id, asker)
    }

    /// The asker with the agent's regions as they are now; one statement for an agent. For whoever does not know them from elsewhere.
    pub(crate) async fn with_regions(&self, asker: Asker) -> Result<Asker> {
        let Some(id) = &asker.agent else { return Ok(asker) };
        let agent = agents::read(&self.stores.database, id).await?;
        let regions = agent.map_or_else(Vec::new, |agent| agent.permitted());
        Ok(Asker { regions: Some(regions), ..asker })
    }

    /// The day that counts now: the one that was set, else the calendar's in the shop's time zone. A request asks for it once.
    pub fn today(&self) -> NaiveDate {
        self.settings.today.unwrap_or_else(|| Utc::now().with_timezone(&self.settings.time_zone).date_naive())
    }

    /// What a request reads from start to end.
    pub(crate) fn view(&self) -> Arc<View> {
        Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner).view)
    }
}

/// The live generation, if the embedder fits it.
async fn live(stores: &Stores, embedder: &dyn Embedder) -> Result<GenerationInfo> {
    let info = generation::live(&stores.database).await?.ok_or(AnswerError::NothingIngested)?;
    if &info.space != embedder.space() {
        return Err(AnswerError::OtherSpace { index: info.space, embedder: embedder.space().clone() });
    }
    Ok(info)
}

/// Opens the gate again on every way out.
struct Reset<'a>(&'a AtomicBool);

impl Drop for Reset<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
