//! Talk, and the last answer once more: "Danke!", "Kannst du das anders formulieren?"

use auskunft_model::{Asker, ChunkId, Filter, ProductId, State};
use auskunft_store::{Reader, search};

use crate::Desk;
use crate::compose::Draft;
use crate::error::Result;
use crate::facts::Tongue;
use crate::retrieve::{Found, Fused, join};
use crate::trace::Trace;
use crate::understand::Talk;
use crate::view::View;
use crate::write::Written;

/// What is said to talk that asks nothing; `None` for [`Talk::Rephrase`], which goes back to the last answer.
pub(crate) fn small_talk(talk: Talk, tongue: Tongue) -> Option<Written> {
    let text = match talk {
        Talk::Greeting => tongue.pick("Guten Tag! Womit kann ich helfen?", "Hello! How can I help?"),
        Talk::Thanks => tongue.pick("Gern geschehen.", "You are welcome."),
        Talk::Acknowledgement => tongue.pick("In Ordnung.", "All right."),
        Talk::Farewell => tongue.pick("Auf Wiedersehen!", "Goodbye!"),
        Talk::Nature => tongue.pick(
            "Ich bin ein Programm: Ich suche in den Unterlagen und Daten des Shops und nenne die Stellen.",
            "I am a program: I search the shop's documents and data, and name the places.",
        ),
        Talk::Rephrase => return None,
    };
    Some(Written { state: State::Answered, text: text.to_owned(), ..Written::default() })
}

/// There is no last answer.
pub(crate) fn nothing_said(tongue: Tongue) -> Written {
    let text = tongue.pick(
        "Was soll ich anders sagen? Bitte stellen Sie die Frage noch einmal.",
        "What shall I say otherwise? Please ask the question again.",
    );
    Written { state: State::Clarify, text: text.to_owned(), ..Written::default() }
}

/// The texts that the last answer rests on, without a search: those that are still live and that the asker may still see, in the same
/// order. What can't be read now is named in `degraded`.
pub(crate) async fn evidence(
    desk: &Desk,
    view: &View,
    chunks: &[ChunkId],
    asker: &Asker,
    (trace, degraded): (&mut Trace, &mut Vec<String>),
) -> Result<Vec<Found>> {
    trace.operations.postgres += 1;
    let narrowed = (&Filter::default(), &Reader::from(asker));
    let rows = search::rows(&desk.stores.database, view.info.generation, chunks, narrowed).await?;
    let read = desk.texts(chunks, trace).await?;
    read.note(degraded);
    let fused = |(place, id): (usize, &ChunkId)| Fused {
        id: id.clone(),
        score: 1.0 / (1.0 + place as f64),
        dense: None,
        lexical: None,
    };
    Ok(join(chunks.iter().enumerate().map(fused).collect(), &rows, &read.texts, |_| false, chunks.len()))
}

/// The same evidence said otherwise: the whole text instead of the sentences that were quoted.
pub(crate) fn said_otherwise(found: &[Found], product: Option<ProductId>) -> Option<Written> {
    let mut draft = Draft::default();
    for one in found {
        draft.cite(&one.hit, &one.hit.text, None);
    }
    if draft.is_empty() {
        return None;
    }
    let (text, citations) = draft.finish();
    Some(Written { state: State::Answered, text, product, citations, ..Written::default() })
}
