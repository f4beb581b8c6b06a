//! The desk: everything that questions are answered from, opened once and shared.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use auskunft_embed::{CacheCounts, EmbedError, Embedder, QueryCache};
use auskunft_model::{Asker, Generation, Language, ProductId, Revision, SpaceId};
use auskunft_store::generation::{GenerationInfo, Place};
use auskunft_store::{Stores, agents, generation};
use chrono::{NaiveDate, Utc};
use chrono_tz::Tz;

use crate::error::{AnswerError, Result};
use crate::lexical::LexicalIndex;
use crate::rule::Quotes;
use crate::texts::Texts;
use crate::view::{self, Subject, View};

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

/// Opens the embedder that makes vectors of a space; `None` where there is none. May block for seconds.
pub type OpenEmbedder =
    Arc<dyn Fn(&SpaceId) -> std::result::Result<Option<Arc<dyn Embedder>>, EmbedError> + Send + Sync>;

/// Answers questions over the live generation. Share it behind an `Arc`.
pub struct Desk {
    pub(crate) stores: Stores,
    pub(crate) cache: Arc<QueryCache>,
    pub(crate) settings: Settings,
    /// Rules behind facts that were quoted a moment ago.
    pub(crate) quotes: Quotes,
    /// Texts that were read lately.
    pub(crate) texts: Texts,
    state: RwLock<State>,
    /// One thing at a time opens and changes lexical indexes.
    refreshing: AtomicBool,
    open_embedder: Option<OpenEmbedder>,
    /// What was made ready for a generation that readers may be turned to.
    prepared: Mutex<Option<Prepared>>,
}

struct Prepared {
    info: GenerationInfo,
    embedder: Arc<dyn Embedder>,
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
        let info = generation::live(&stores.database).await?.ok_or(AnswerError::NothingIngested)?;
        Self::open_on(stores, embedder, settings, info).await
    }

    /// Opens the desk over a generation that need not be live; for whoever judges it before readers are turned to it.
    pub async fn open_on(
        stores: Stores,
        embedder: Arc<dyn Embedder>,
        settings: Settings,
        info: GenerationInfo,
    ) -> Result<Self> {
        check_space(&info, embedder.as_ref())?;
        let subject = Subject { info, embedder, before: None };
        let opened = view::open_even_behind(&stores, &settings.index_dir, subject).await?;
        Ok(Self {
            stores,
            cache: Arc::new(QueryCache::new(settings.query_cache_entries)),
            settings,
            quotes: Quotes::default(),
            texts: Texts::default(),
            state: RwLock::new(State { index: opened.index, view: Arc::new(opened.view) }),
            refreshing: AtomicBool::new(false),
            open_embedder: None,
            prepared: Mutex::default(),
        })
    }

    /// The same, following readers to generations of other spaces.
    #[must_use]
    pub fn opening_embedders(self, open_embedder: OpenEmbedder) -> Self {
        Self { open_embedder: Some(open_embedder), ..self }
    }

    /// Takes in what was published since, and turns to another generation where that became the live one; `true` when something changed.
    /// A call while another one is under way does nothing. Requests under way go on reading what they began with, and as long as the new
    /// generation's lexical index or embedder is not ready, all read the old one.
    pub async fn refresh(&self) -> Result<bool> {
        let Some(_turn) = Turn::take(&self.refreshing) else { return Ok(false) };
        let info = generation::live(&self.stores.database).await?.ok_or(AnswerError::NothingIngested)?;
        let (index, view) = self.held();
        if info == view.info && view.lexical.revision == info.revision {
            return Ok(false);
        }
        let root = &self.settings.index_dir;
        let opened = if info.generation == view.info.generation {
            let subject = Subject { info, embedder: Arc::clone(&view.embedder), before: Some(&view) };
            view::follow(&self.stores, index, view.lexical.revision, subject).await?
        } else {
            drop(index);
            let embedder = self.embedder_for(&info).await?;
            view::open(&self.stores, root, Subject { info, embedder, before: Some(&view) }).await?
        };
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        *state = State { index: opened.index, view: Arc::new(opened.view) };
        Ok(true)
    }

    /// Makes ready for the newest generation that waits to become live: its lexical index and its embedder. `true` when something was to
    /// be done.
    pub async fn make_ready(&self) -> Result<bool> {
        let waiting = generation::all(&self.stores.database).await?;
        let Some(waiting) = waiting.into_iter().find(|one| one.place == Place::Built) else {
            return Ok(false);
        };
        if self.prepared().as_ref().is_some_and(|prepared| prepared.info == waiting.info) {
            return Ok(false);
        }
        let Some(_turn) = Turn::take(&self.refreshing) else { return Ok(false) };
        let embedder = self.embedder_for(&waiting.info).await?;
        view::prepare(&self.stores, &self.settings.index_dir, &waiting.info).await?;
        *self.prepared() = Some(Prepared { info: waiting.info, embedder });
        Ok(true)
    }

    fn prepared(&self) -> MutexGuard<'_, Option<Prepared>> {
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn held(&self) -> (Arc<LexicalIndex>, Arc<View>) {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        (Arc::clone(&state.index), Arc::clone(&state.view))
    }

    /// The one that is in use, one that was made ready, or one that is opened now.
    async fn embedder_for(&self, info: &GenerationInfo) -> Result<Arc<dyn Embedder>> {
        let used = Arc::clone(&self.view().embedder);
        if used.space() == &info.space {
            return Ok(used);
        }
        let ready = self.prepared().as_ref().map(|prepared| Arc::clone(&prepared.embedder));
        if let Some(ready) = ready.filter(|ready| ready.space() == &info.space) {
            return Ok(ready);
        }
        let other = || AnswerError::OtherSpace { index: info.space.clone(), embedder: used.space().clone() };
        let open = self.open_embedder.clone().ok_or_else(other)?;
        let space = info.space.clone();
        tokio::task::spawn_blocking(move || open(&space)).await??.ok_or_else(other)
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

fn check_space(info: &GenerationInfo, embedder: &dyn Embedder) -> Result<()> {
    if &info.space == embedder.space() {
        return Ok(());
    }
    Err(AnswerError::OtherSpace { index: info.space.clone(), embedder: embedder.space().clone() })
}

/// Held by the one that changes something; given back on every way out.
struct Turn<'a>(&'a AtomicBool);

impl<'a> Turn<'a> {
    fn take(taken: &'a AtomicBool) -> Option<Self> {
        (!taken.swap(true, Ordering::AcqRel)).then_some(Self(taken))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
