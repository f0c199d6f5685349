// SPDX-License-Identifier: MPL-2.0
//! What is kept: found by words, newest first.

use amate_screen::{ButtonStyle, Icon, TextStyle};

use super::case::Case;
use crate::{
    app::{
        draw::{Draw, Field, row_with},
        page::{Event, Go, Page},
        room::Room,
        said,
        send::badges_of,
    },
    problem::Problem,
    store::items::{Dossier, Item},
    text::Message,
};

/// The list of cases.
#[derive(Default)]
pub(in crate::app) struct Cases {
    words: String,
}

impl Page for Cases {
    fn name(&self) -> &'static str {
        "cases"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("cases-title");
        let session = room.session()?;
        let (cases, whole) = self.found(room)?;
        if session.dossiers()?.is_empty() {
            draw.text("cases-none").main("log", "home-log", Some(Icon::Log));
            return Ok(());
        }
        draw.field(Field::line("words", "cases-search", &self.words).help("cases-search-help"));
        draw.button("search", "cases-look", Some(Icon::Search), ButtonStyle::Second);
        if cases.is_empty() {
            draw.said(&Message::new("cases-not-found").with("words", &self.words), TextStyle::Body);
        }
        if !whole {
            draw.second("cases-part");
        }
        for (dossier, items) in cases.iter().rev() {
            let title = room.case_title(dossier, items);
            let newest = items.iter().map(|item| item.created.unix).max();
            let newest = items.iter().find(|item| Some(item.created.unix) == newest);
            let time = newest.map(|item| room.when(item.created)).unwrap_or_default();
            let text = room.say(&Message::new("case-pieces").with("count", items.len()));
            let icon = items.first().map_or(Icon::Case, |item| said::icon(&item.media_type));
            let badges = badges_of(room, dossier.id)?;
            draw.block(row_with(dossier.id.to_string(), icon, (title, text, time), badges, false));
        }
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Change("words", value) => value.trim().clone_into(&mut self.words),
            Event::Tap("log") => return Ok(Go::to(super::draft::Draft::begin(room)?)),
            Event::Tap(key) => {
                if let Ok(id) = key.parse() {
                    return Ok(Go::to(Case::new(id)));
                }
            }
            _ => {}
        }
        Ok(Go::Stay)
    }
}

/// Cases with those of their items that were found, and whether all could be searched.
type Found = (Vec<(Dossier, Vec<Item>)>, bool);

impl Cases {
    fn found(&self, room: &Room) -> Result<Found, Problem> {
        let session = room.session()?;
        if !self.words.is_empty() {
            let found = session.find(&self.words)?;
            return Ok((found.cases, found.whole));
        }
        let all = session.dossiers()?.into_iter();
        let cases = all.map(|one| session.items(Some(one.id)).map(|items| (one, items)));
        Ok((cases.collect::<Result<_, _>>()?, true))
    }
}
