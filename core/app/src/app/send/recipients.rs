// SPDX-License-Identifier: MPL-2.0
//! To whom. Nobody is chosen before.

use amate_screen::{Badge, ButtonStyle, Icon, Tone};

use super::before::BeforeSending;
use crate::{
    app::{
        draw::{Draw, row_with},
        page::{Event, Go, Page},
        people::Add,
        room::Room,
    },
    problem::Problem,
    store::people::Contact,
    text::Message,
};

/// The choice of recipients of a case.
pub(in crate::app) struct Recipients {
    case: i64,
    chosen: Vec<String>,
}

impl Recipients {
    pub(in crate::app) fn new(case: i64) -> Self {
        Self { case, chosen: Vec::new() }
    }
}

impl Page for Recipients {
    fn name(&self) -> &'static str {
        "recipients"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("recipients-title");
        let contacts = reachable(room)?;
        if contacts.is_empty() {
            draw.text("recipients-none").text("recipients-none-how");
            draw.main("add", "people-add", Some(Icon::ContactAdd));
            return Ok(());
        }
        draw.text("recipients-how");
        for contact in contacts {
            let key = contact.identity.hex();
            let chosen = self.chosen.contains(&key);
            let mark = if chosen { room.of("chosen") } else { String::new() };
            let lines = (contact.name.clone(), String::new(), mark);
            let icon = if chosen { Icon::Check } else { Icon::Person };
            draw.block(row_with(key, icon, lines, vec![verified(room, &contact)], chosen));
        }
        draw.button("add", "people-add", Some(Icon::ContactAdd), ButtonStyle::Quiet);
        draw.main("next", "go-on", None);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        let Event::Tap(key) = event else { return Ok(Go::Stay) };
        match key {
            "add" => return Ok(Go::to(Add::new(room)?)),
            "next" if self.chosen.is_empty() => {
                return Ok(Go::Say(Message::new("recipients-nobody")));
            }
            "next" => {
                return Ok(Go::to(BeforeSending::new(room, self.case, self.chosen.clone())?));
            }
            key => {
                let known = reachable(room)?.iter().any(|one| one.identity.hex() == key);
                match self.chosen.iter().position(|one| one == key) {
                    Some(at) => {
                        self.chosen.remove(at);
                    }
                    None if known => self.chosen.push(key.to_owned()),
                    None => {}
                }
            }
        }
        Ok(Go::Stay)
    }
}

/// Everybody who may be sent to.
pub(super) fn reachable(room: &Room) -> Result<Vec<Contact>, Problem> {
    let all = room.session()?.contacts()?.into_iter();
    Ok(all.filter(|one| !one.blocked && !one.name.is_empty()).collect())
}

/// Whether somebody is who they say, in a word that always stands there.
pub(in crate::app) fn verified(room: &Room, contact: &Contact) -> Badge {
    let (id, tone) =
        if contact.verified { ("verified", Tone::Ok) } else { ("not-verified", Tone::Danger) };
    Badge { label: room.of(id), tone }
}
