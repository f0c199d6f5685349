// SPDX-License-Identifier: MPL-2.0
//! One person or organisation: named, verified or not, blocked or not.

use amate_screen::{ButtonStyle, Fact, Icon, Kind, Tone};
use amate_wire::id::IdentityId;

use crate::{
    app::{
        draw::{Draw, Field},
        page::{Event, Go, Page},
        room::Room,
    },
    problem::Problem,
    store::people::Contact,
};

/// A contact.
pub(super) struct PersonPage {
    identity: IdentityId,
}

impl PersonPage {
    pub(super) fn new(identity: IdentityId) -> Self {
        Self { identity }
    }

    fn contact(&self, room: &Room) -> Result<Contact, Problem> {
        let all = room.session()?.contacts()?.into_iter();
        let not_found = || Problem::NotFound { what: "contact", name: String::new() };
        all.into_iter().find(|one| one.identity == self.identity).ok_or_else(not_found)
    }
}

impl Page for PersonPage {
    fn name(&self) -> &'static str {
        "person"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        let contact = self.contact(room)?;
        let name =
            if contact.name.is_empty() { room.of("unknown-name") } else { contact.name.clone() };
        draw.titled(name);
        match contact.verified {
            true => draw.notice(Tone::Ok, Icon::Verified, "person-verified"),
            false => draw.notice(Tone::Danger, Icon::NotVerified, "person-not-verified"),
        };
        draw.field(Field::line("name", "person-name", &contact.name).help("person-name-help"));
        let rows =
            vec![Fact { label: draw.of("person-identity"), value: grouped(&self.identity.hex()) }];
        draw.put("facts", "person-facts", Kind::Facts { rows });
        if contact.blocked {
            draw.notice(Tone::Warn, Icon::Block, "person-blocked");
            draw.button("unblock", "person-unblock", Some(Icon::Unblock), ButtonStyle::Second);
        } else {
            let text = draw.of("person-block-what");
            draw.put("block", "person-block", Kind::Hold { icon: Icon::Block, text });
        }
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        let identity = self.identity;
        match event {
            Event::Change("name", value) => {
                room.session_mut()?.rename_contact(identity, value.trim())?;
            }
            Event::Tap("block") => room.session_mut()?.set_blocked(identity, true)?,
            Event::Tap("unblock") => room.session_mut()?.set_blocked(identity, false)?,
            _ => {}
        }
        Ok(Go::Stay)
    }
}

/// Long numbers are compared in groups.
pub(super) fn grouped(hex: &str) -> String {
    let mut out = String::with_capacity(hex.len() + hex.len() / 4);
    for (at, c) in hex.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            out.push(' ');
        }
        out.push(c);
    }
    out
}
