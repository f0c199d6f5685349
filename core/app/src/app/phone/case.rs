// SPDX-License-Identifier: MPL-2.0
//! One case: what was written, its pieces, where it went, what is proved.

use amate_screen::{Badge, Block, Fact, Icon, Kind, Tone};

use super::{camera::Camera, item::ItemPage};
use crate::{
    app::{
        draw::{Draw, row},
        page::{Event, Go, Page},
        proof::Proof,
        room::Room,
        said::{icon, is_record},
        send::{Recipients, sendings_of},
    },
    problem::Problem,
    records::Incident,
    store::items::{Item, ItemState},
    take::Into,
};

/// A case.
pub(in crate::app) struct Case {
    id: i64,
    just_saved: bool,
}

impl Case {
    pub(in crate::app) fn new(id: i64) -> Self {
        Self { id, just_saved: false }
    }

    /// The same, after it was written.
    pub(super) fn just_saved(self) -> Self {
        Self { just_saved: true, ..self }
    }
}

impl Page for Case {
    fn name(&self) -> &'static str {
        "case"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        let session = room.session()?;
        let not_found = || Problem::NotFound { what: "case", name: self.id.to_string() };
        let dossier = session.dossiers()?.into_iter().find(|one| one.id == self.id);
        let dossier = dossier.ok_or_else(not_found)?;
        let items = session.items(Some(self.id))?;
        draw.titled(room.case_title(&dossier, &items)).live();
        if self.just_saved {
            draw.notice(Tone::Ok, Icon::Saved, "case-just-saved");
        }
        for item in items.iter().filter(|item| is_record(item)) {
            if let Some(incident) = session.incident(item)? {
                story(draw, &incident, item.number);
            }
        }
        let others: Vec<Item> = items.iter().filter(|item| !is_record(item)).cloned().collect();
        pieces(room, draw, &others);
        sendings_of(room, draw, self.id)?;
        let mine = dossier.statement.is_some() && items.iter().any(|item| item.mine);
        if mine {
            draw.capture("case-add");
        }
        draw.block(row("proof", Icon::Proof, draw.of("case-proof"), draw.of("case-proof-what")));
        records_rows(room, draw, &items);
        if mine {
            draw.main("send", "case-send", Some(Icon::Send));
        }
        Ok(())
    }

    fn on(&mut self, _: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        let Event::Tap(key) = event else { return Ok(Go::Stay) };
        self.just_saved = false;
        Ok(match key {
            "send" => Go::to(Recipients::new(self.id)),
            "proof" => Go::to(Proof::new(self.id)),
            key => {
                if let Some(camera) = Camera::of(key, self.captures_into()) {
                    return Ok(Go::to(camera));
                }
                if let Some(go) = Camera::file(key) {
                    return Ok(go);
                }
                if let Some(number) = key.strip_prefix("item-").and_then(|n| n.parse().ok()) {
                    return Ok(Go::to(ItemPage::new(self.id, number)));
                }
                crate::app::send::open(key).unwrap_or(Go::Stay)
            }
        })
    }

    fn captures_into(&self) -> Option<Into> {
        Some(Into::Number(self.id))
    }
}

/// What was written, in the person's own words.
fn story(draw: &mut Draw<'_>, incident: &Incident, number: u32) {
    draw.quote(&format!("story-{number}"), &incident.story);
    let rows = facts(draw, incident);
    if !rows.is_empty() {
        draw.put(&format!("facts-{number}"), "case-facts", Kind::Facts { rows });
    }
}

/// When and where, as far as they were said.
pub(in crate::app) fn facts(draw: &Draw<'_>, incident: &Incident) -> Vec<Fact> {
    let when = incident.when.as_ref().map(|when| ("fact-when", when.value.clone()));
    let place = incident.place.as_ref().map(|place| ("fact-where", place.clone()));
    let rows = when.into_iter().chain(place);
    rows.map(|(id, value)| Fact { label: draw.of(id), value }).collect()
}

/// Pieces of evidence, each opened by a tap.
pub(in crate::app) fn pieces(room: &Room, draw: &mut Draw<'_>, items: &[Item]) {
    for item in items {
        let badges = match item.state {
            ItemState::Interrupted => vec![badge(room, "piece-cut", Tone::Warn)],
            ItemState::Recording => vec![badge(room, "piece-recording", Tone::Info)],
            ItemState::Complete => Vec::new(),
        };
        let kind = Kind::Evidence {
            medium: if item.medium.is_some() { item.id.hex() } else { String::new() },
            media_type: item.media_type.clone(),
            icon: icon(&item.media_type),
            text: format!("{} · {}", room.kind_and_size(item), room.when(item.created)),
            badges,
        };
        draw.block(Block::new(format!("item-{}", item.number), room.item_title(item), kind));
    }
}

/// The written records as pieces, below: to look at their proof or to delete them.
fn records_rows(room: &Room, draw: &mut Draw<'_>, items: &[Item]) {
    let records: Vec<Item> = items.iter().filter(|item| is_record(item)).cloned().collect();
    if !records.is_empty() {
        draw.heading("case-records");
        pieces(room, draw, &records);
    }
}

fn badge(room: &Room, id: &'static str, tone: Tone) -> Badge {
    Badge { label: room.of(id), tone }
}
