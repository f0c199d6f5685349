// SPDX-License-Identifier: MPL-2.0
//! One piece of evidence: its content, what is known of it, what can be done with it.

use amate_screen::{Block, ButtonStyle, Effect, Fact, Icon, Kind, Tone};

use super::{case::facts, delete::Delete};
use crate::{
    app::{
        draw::Draw,
        page::{Event, Go, Page},
        room::Room,
        said::{is_record, kind},
    },
    problem::Problem,
    store::items::{Item, ItemState},
    text::size,
};

/// A piece of evidence.
pub(in crate::app) struct ItemPage {
    dossier: i64,
    number: u32,
    saving: bool,
}

impl ItemPage {
    pub(in crate::app) fn new(dossier: i64, number: u32) -> Self {
        Self { dossier, number, saving: false }
    }

    fn item(&self, room: &Room) -> Result<Item, Problem> {
        let not_found = || Problem::NotFound { what: "item", name: self.number.to_string() };
        let items = room.session()?.items(Some(self.dossier))?;
        items.into_iter().find(|item| item.number == self.number).ok_or_else(not_found)
    }
}

impl Page for ItemPage {
    fn name(&self) -> &'static str {
        "item"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        let item = self.item(room)?;
        draw.titled(room.item_title(&item));
        content(room, draw, &item)?;
        match item.state {
            ItemState::Interrupted => {
                draw.notice(Tone::Warn, Icon::Warn, "item-cut");
            }
            ItemState::Recording => {
                draw.notice(Tone::Info, Icon::Record, "item-recording");
            }
            ItemState::Complete => {}
        }
        draw.put("facts", "item-facts", Kind::Facts { rows: known(room, &item) });
        if item.medium.is_some() && item.state != ItemState::Recording {
            if self.saving {
                draw.notice(Tone::Warn, Icon::Warn, "item-save-warning");
                draw.put(
                    "save",
                    "item-save-do",
                    Kind::Hold { icon: Icon::Export, text: draw.of("item-save-clear") },
                );
            } else {
                draw.button("saving", "item-save", Some(Icon::Export), ButtonStyle::Second);
            }
            draw.button("delete", "item-delete", Some(Icon::Delete), ButtonStyle::Quiet);
        }
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Tap("saving") => self.saving = true,
            Event::Tap("save") => {
                self.saving = false;
                let item = self.item(room)?;
                return Ok(Go::Do(vec![Effect::Share {
                    medium: item.id.hex(),
                    file_name: file_name(&item),
                    media_type: item.media_type,
                }]));
            }
            Event::Tap("delete") => {
                return Ok(Go::to(Delete::new(self.dossier, self.number)));
            }
            _ => {}
        }
        Ok(Go::Stay)
    }
}

fn content(room: &Room, draw: &mut Draw<'_>, item: &Item) -> Result<(), Problem> {
    if is_record(item) {
        if let Some(incident) = room.session()?.incident(item)? {
            draw.quote("story", &incident.story);
            let rows = facts(draw, &incident);
            if !rows.is_empty() {
                draw.put("said", "case-facts", Kind::Facts { rows });
            }
        }
        return Ok(());
    }
    let shown = matches!(kind(&item.media_type), "kind-image" | "kind-audio" | "kind-video");
    if shown && item.medium.is_some() {
        let media_type = item.media_type.clone();
        let kind = Kind::Player { medium: item.id.hex(), media_type, length: item.length };
        draw.block(Block::new("player", room.item_title(item), kind));
    }
    Ok(())
}

fn known(room: &Room, item: &Item) -> Vec<Fact> {
    let origin = match item.origin.as_str() {
        "import" => "origin-import",
        "live" => "origin-live",
        "record" => "origin-record",
        "redaction" => "origin-redaction",
        _ => "origin-capture",
    };
    let hash = item.sha256.map(|bytes| data_encoding::HEXLOWER.encode(&bytes)).unwrap_or_default();
    let rows = [
        ("fact-origin", room.of(origin)),
        ("fact-kept", room.when(item.created)),
        ("fact-size", size(item.length)),
        ("fact-sha256", hash),
    ];
    let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
    rows.map(|(id, value)| Fact { label: room.of(id), value }).collect()
}

/// A name that says nothing of the case, with the ending of its type.
fn file_name(item: &Item) -> String {
    let ending = match item.media_type.as_str() {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        "application/pdf" => "pdf",
        "video/mp4" => "mp4",
        "audio/mp4" => "m4a",
        "audio/ogg" => "ogg",
        "video/webm" | "audio/webm" => "webm",
        "text/plain" => "txt",
        _ if is_record(item) => "json",
        _ => "bin",
    };
    format!("{}.{ending}", item.number)
}
