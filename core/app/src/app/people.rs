// SPDX-License-Identifier: MPL-2.0
//! People: who they are, whether that was verified, and how somebody is added.

mod add;
mod by_words;
mod person;
mod relay;
mod scan;

use amate_screen::{ButtonStyle, Icon, Kind};

pub(super) use add::Add;
use person::PersonPage;
pub(super) use relay::Relays;

use super::{
    draw::{Draw, row_with},
    page::{Event, Go, Page},
    room::Room,
    send::verified,
};
use crate::problem::Problem;

/// Everybody who is known here.
pub(super) struct People;

impl Page for People {
    fn name(&self) -> &'static str {
        "people"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("people-title");
        let contacts = room.session()?.contacts()?;
        if contacts.is_empty() {
            draw.text("people-none");
        }
        for contact in contacts {
            let name = if contact.name.is_empty() {
                room.of("unknown-name")
            } else {
                contact.name.clone()
            };
            let mut badges = vec![verified(room, &contact)];
            if contact.blocked {
                badges.push(amate_screen::Badge {
                    label: room.of("blocked"),
                    tone: amate_screen::Tone::Warn,
                });
            }
            let lines = (name, String::new(), String::new());
            draw.block(row_with(contact.identity.hex(), Icon::Person, lines, badges, false));
        }
        draw.put(
            "relays",
            "people-relays",
            Kind::Button { icon: Some(Icon::Relay), style: ButtonStyle::Quiet },
        );
        draw.main("add", "people-add", Some(Icon::ContactAdd));
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        let Event::Tap(key) = event else { return Ok(Go::Stay) };
        match key {
            "add" => Ok(Go::to(Add::new(room)?)),
            "relays" => Ok(Go::to(Relays::default())),
            key => {
                let known = room.session()?.contacts()?;
                let known = known.into_iter().find(|one| one.identity.hex() == key);
                Ok(known.map_or(Go::Stay, |one| Go::to(PersonPage::new(one.identity))))
            }
        }
    }
}
