// SPDX-License-Identifier: MPL-2.0
//! What is proved of a case and what is not, in plain words: checked now, as anybody would who has
//! the exported case.

use amate_screen::{Check, Kind, Tone};

use super::{
    draw::Draw,
    page::{Event, Go, Page},
    room::Room,
    work::Work,
};
use crate::{problem::Problem, text::Message};

/// The proof of a case.
pub(super) struct Proof {
    case: i64,
    work: Option<Work<Result<Vec<Message>, Problem>>>,
    said: Option<Vec<Message>>,
}

impl Proof {
    pub(super) fn new(case: i64) -> Self {
        Self { case, work: None, said: None }
    }

    /// Starts the check, or takes its result.
    fn look(&mut self, room: &Room) -> Result<(), Problem> {
        if self.said.is_some() {
            return Ok(());
        }
        let Some(work) = &self.work else {
            let (mut session, case) = (room.session()?.clone(), self.case);
            let changed = room.platform.changed.clone();
            let check = move || session.what_is_proved(case);
            self.work = Some(Work::start(check, move || changed()));
            return Ok(());
        };
        match work.poll() {
            None => {}
            Some(Ok(said)) => self.said = Some(said?),
            Some(Err(())) => return Err(Problem::Internal("proof")),
        }
        Ok(())
    }
}

impl Page for Proof {
    fn name(&self) -> &'static str {
        "proof"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        self.look(room)?;
        draw.title("proof-title");
        match &self.said {
            None => {
                draw.text("proof-checking").live();
            }
            Some(said) => {
                draw.text("proof-how");
                checks(room, draw, said);
            }
        }
        Ok(())
    }

    fn on(&mut self, _: &mut Room, _: Event<'_>) -> Result<Go, Problem> {
        Ok(Go::Stay)
    }
}

/// The result: what holds, then what nobody may read into it.
pub(super) fn checks(room: &Room, draw: &mut Draw<'_>, said: &[Message]) {
    let at = said.iter().position(|one| one.id == "export-not-shown").unwrap_or(said.len());
    let (holds, limits) = said.split_at(at);
    let rows = |all: &[Message]| {
        let check =
            |one: &Message| Check { label: room.say(one), text: String::new(), tone: tone(one.id) };
        all.iter().map(check).collect::<Vec<_>>()
    };
    draw.put("holds", "proof-holds", Kind::Checks { rows: rows(holds) });
    if let [_, limits @ ..] = limits {
        draw.put("limits", "proof-limits", Kind::Checks { rows: rows(limits) });
    }
}

fn tone(id: &str) -> Tone {
    match id {
        "export-intact" | "export-not-before" | "export-not-after" => Tone::Ok,
        "export-altered" | "export-altered-file" => Tone::Danger,
        "export-missing" | "export-no-clock" => Tone::Warn,
        _ => Tone::Info,
    }
}
