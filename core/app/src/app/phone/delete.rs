// SPDX-License-Identifier: MPL-2.0
//! Deleting a piece, with what that means for custody said before.

use amate_screen::{Icon, Kind, TextStyle, Tone};

use crate::{
    app::{
        draw::Draw,
        page::{Event, Go, Page},
        room::Room,
    },
    problem::Problem,
    text::Message,
};

/// Before a piece is deleted.
pub(super) struct Delete {
    dossier: i64,
    number: u32,
}

impl Delete {
    pub(super) fn new(dossier: i64, number: u32) -> Self {
        Self { dossier, number }
    }
}

impl Page for Delete {
    fn name(&self) -> &'static str {
        "delete"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        let deletion = room.session()?.deletion(self.dossier, self.number)?;
        draw.title("delete-title");
        for message in deletion.on_screen() {
            draw.said(&message, TextStyle::Body);
        }
        if deletion.waits() {
            draw.notice(Tone::Warn, Icon::Waiting, "screen-delete-waiting");
        }
        draw.put(
            "delete",
            "delete-do",
            Kind::Hold { icon: Icon::Delete, text: draw.of("delete-for-good") },
        );
        draw.main("keep", "delete-keep", None);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Tap("delete") => {
                let session = room.session_mut()?;
                let deletion = session.deletion(self.dossier, self.number)?;
                // What waits was said above; the hold is the person's word for it.
                session.delete(deletion, true)?;
                let left = session.items(Some(self.dossier))?.len();
                Ok(if left == 0 { Go::Home } else { Go::Twice(Message::new("delete-gone")) })
            }
            Event::Tap("keep") => Ok(Go::Back),
            _ => Ok(Go::Stay),
        }
    }
}
