// SPDX-License-Identifier: MPL-2.0
//! Times, sizes and names as people say them.

use amate_screen::Icon;

use super::room::Room;
use crate::{
    clock::{self, Moment},
    evidence,
    store::items::{Dossier, Item},
    text::{Message, size},
};

/// Minutes of a day.
const DAY: u64 = 24 * 60;

impl Room {
    /// *today 13:40*, *yesterday 09:05*, *3 March 2026, 11:20*; by the clock of this device.
    pub(crate) fn when(&self, then: Moment) -> String {
        let now = self.now();
        let offset = then.offset.or(now.offset);
        let (day, minute) = day_and_minute(then.unix, offset);
        let (today, _) = day_and_minute(now.unix, now.offset.or(offset));
        let time = format!("{:02}:{:02}", minute / 60, minute % 60);
        let message = match today.checked_sub(day) {
            Some(0) => Message::new("when-today"),
            Some(1) => Message::new("when-yesterday"),
            _ => {
                let (year, month, day) = clock::civil(day);
                let message = Message::new("when-date").with("day", day).with("month", month);
                message.with("year", format!("{year:04}"))
            }
        };
        self.say(&message.with("time", time))
    }

    /// A time that a relay's clock showed.
    pub(crate) fn when_unix(&self, unix: u64) -> String {
        self.when(Moment { unix, offset: self.now().offset })
    }

    /// The date of today, as dates are kept.
    pub(crate) fn date(&self, days_ago: u64) -> String {
        let now = self.now();
        let (day, _) = day_and_minute(now.unix, now.offset);
        let (year, month, day) = clock::civil(day.saturating_sub(days_ago));
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// What an item is called in a list.
    pub(crate) fn item_title(&self, item: &Item) -> String {
        if item.title.is_empty() { self.of(kind(&item.media_type)) } else { item.title.clone() }
    }

    /// What a case is called: as the person named it, or as its story begins.
    pub(crate) fn case_title(&self, dossier: &Dossier, items: &[Item]) -> String {
        if !dossier.title.is_empty() {
            return dossier.title.clone();
        }
        let story = items.iter().find(|item| is_record(item) && !item.title.is_empty());
        match story.or(items.first()) {
            Some(item) => self.item_title(item),
            None => self.of("case-nameless"),
        }
    }

    /// *photo · 1.2 MB*.
    pub(crate) fn kind_and_size(&self, item: &Item) -> String {
        format!("{} · {}", self.of(kind(&item.media_type)), size(item.length))
    }
}

/// Whether it is written in the app.
pub(crate) fn is_record(item: &Item) -> bool {
    kind(&item.media_type) == "kind-record"
}

/// The message that names a kind of content.
pub(crate) fn kind(media_type: &str) -> &'static str {
    match evidence::kind(media_type) {
        "record" => "kind-record",
        "image" => "kind-image",
        "audio" => "kind-audio",
        "video" => "kind-video",
        "document" => "kind-document",
        _ => "kind-file",
    }
}

/// The icon of a kind of content.
pub(crate) fn icon(media_type: &str) -> Icon {
    match kind(media_type) {
        "kind-record" => Icon::Log,
        "kind-image" => Icon::Photo,
        "kind-audio" => Icon::Voice,
        "kind-video" => Icon::Video,
        _ => Icon::File,
    }
}

/// Day since 1970 and minute of the day, where that offset holds.
fn day_and_minute(unix: u64, offset: Option<i16>) -> (u64, u64) {
    let minutes = (unix / 60).saturating_add_signed(i64::from(offset.unwrap_or(0)));
    (minutes / DAY, minutes % DAY)
}
