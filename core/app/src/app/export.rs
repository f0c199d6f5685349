// SPDX-License-Identifier: MPL-2.0
//! Exporting a case: a file that anybody can verify, in the clear, after a warning.

use amate_screen::{Effect, Icon, Kind, TextStyle, Tone};

use super::{
    draw::Draw,
    page::{Event, Go, Page},
    room::Room,
};
use crate::{problem::Problem, text::Message};

/// Before a case leaves in the clear.
pub(super) struct Export {
    case: i64,
}

impl Export {
    pub(super) fn new(case: i64) -> Self {
        Self { case }
    }
}

/// What a shell asks the reader for: the export of a case.
pub(super) const EXPORT: &str = "case-";

impl Page for Export {
    fn name(&self) -> &'static str {
        "export"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("export-title").text("export-what");
        let count = room.session()?.items(Some(self.case))?.len();
        draw.said(&Message::new("export-holds").with("count", count), TextStyle::Body);
        draw.notice(Tone::Warn, Icon::Warn, "export-clear");
        let text = draw.of("export-do-what");
        draw.put("export", "export-do", Kind::Hold { icon: Icon::Export, text });
        Ok(())
    }

    fn on(&mut self, _: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        Ok(match event {
            Event::Tap("export") => Go::Do(vec![Effect::Share {
                medium: format!("{EXPORT}{}", self.case),
                file_name: format!("{}.zip", self.case),
                media_type: "application/zip".into(),
            }]),
            _ => Go::Stay,
        })
    }
}
