//! The way of a parcel, as its carrier tells it.

use chrono::{NaiveDateTime, TimeDelta};

use super::orders::{Event, Fate};
use crate::random::Random;

/// Status, German text, English text of the stations of a parcel.
const STATIONS: &[(&str, &str, &str)] = &[
    ("in_transit", "Vom Versender übernommen", "Picked up from sender"),
    ("in_transit", "Im Startpaketzentrum bearbeitet", "Processed at origin hub"),
    ("in_transit", "Im Zielpaketzentrum eingetroffen", "Arrived at destination hub"),
    ("out_for_delivery", "In Zustellung", "Out for delivery"),
];
const DELIVERED: &[(&str, &str)] = &[
    ("Zugestellt", "Delivered"),
    ("Zugestellt", "Delivered"),
    ("Beim Nachbarn abgegeben", "Left with a neighbour"),
    ("Am Wunschort abgelegt", "Left at the agreed safe place"),
];
const HUBS: &[&str] =
    &["Kassel-Ost", "Hub Nord", "Leipzig Süd", "Linz", "Olten", "Daventry", "Memphis", "Reno"];

/// The events of a parcel until now.
pub(super) fn route(
    fate: Fate,
    shipped_at: NaiveDateTime,
    now: NaiveDateTime,
    home: &str,
    is_german: bool,
    random: &mut Random,
) -> Vec<Event> {
    let stations = match fate {
        Fate::InTransit => random.between(1, 3) as usize,
        Fate::Delayed | Fate::Lost => random.between(2, 3) as usize,
        _ => 4,
    };
    let hours: Vec<i64> = (0..=stations).map(|_| random.between(5, 19)).collect();
    let whole: i64 = hours.iter().sum();
    // What has happened has happened before now.
    let room = (now - shipped_at).num_minutes().max(stations as i64 + 2);
    let minute = (whole * 60).min(room - 1);
    let mut passed = 0;
    let mut events = Vec::new();
    for (nth, (status, german, english)) in STATIONS.iter().take(stations).enumerate() {
        let at = shipped_at + TimeDelta::minutes(passed * minute / whole);
        passed += hours[nth];
        let place = if nth < 2 { (*random.pick(HUBS)).to_owned() } else { home.to_owned() };
        events.push(Event { at, status, text: if is_german { german } else { english }, place });
    }
    let at = shipped_at + TimeDelta::minutes(passed * minute / whole);
    if let Some((status, german, english)) = last(fate, random) {
        events.push(Event {
            at,
            status,
            text: if is_german { german } else { english },
            place: home.to_owned(),
        });
    }
    events
}

fn last(fate: Fate, random: &mut Random) -> Option<(&'static str, &'static str, &'static str)> {
    match fate {
        Fate::Delivered | Fate::Split => {
            let (german, english) = random.pick(DELIVERED);
            Some(("delivered", german, english))
        }
        Fate::Delayed => Some((
            "delayed",
            "Verzögerung: Sendung in der Sortierung aufgehalten",
            "Delayed: held up in sorting",
        )),
        Fate::Lost => Some((
            "lost",
            "Nachforschung eingeleitet, Sendung nicht auffindbar",
            "Parcel not found, search started",
        )),
        Fate::SentBack => Some((
            "returned_to_sender",
            "Annahme verweigert, zurück an Absender",
            "Refused, returned to sender",
        )),
        _ => None,
    }
}
