// SPDX-License-Identifier: MPL-2.0
//! Before anything leaves: to whom, exactly what, who agreed, and whether it can hurt somebody.

use amate_screen::{Block, Icon, Kind, TextStyle, Tone};

use super::recipients::{reachable, verified};
use crate::{
    app::{
        draw::{Draw, row_with},
        page::{Event, Go, Page},
        room::Room,
        said::icon,
    },
    outbox::{Consent, Order, Withheld},
    problem::Problem,
    store::items::{Item, ItemState},
    text::Message,
};

/// The last page before the queue.
pub(in crate::app) struct BeforeSending {
    case: i64,
    to: Vec<String>,
    items: Vec<(u32, bool)>,
    withheld: Withheld,
    consent: String,
    harm: String,
}

impl BeforeSending {
    pub(super) fn new(room: &Room, case: i64, to: Vec<String>) -> Result<Self, Problem> {
        let items = sendable(room, case)?.iter().map(|item| (item.number, true)).collect();
        // What says more than the person sees stays, unless they choose otherwise.
        let withheld = Withheld { author: false, names: true, metadata: true };
        Ok(Self { case, to, items, withheld, consent: String::new(), harm: String::new() })
    }

    fn queue(&self, room: &mut Room) -> Result<Go, Problem> {
        let numbers: Vec<u32> =
            self.items.iter().filter(|(_, goes)| *goes).map(|(number, _)| *number).collect();
        if numbers.is_empty() {
            return Err(Problem::NothingToSend);
        }
        let to = reachable(room)?.into_iter().map(|one| one.identity);
        let to = to.filter(|one| self.to.contains(&one.hex())).collect();
        let consent = Consent { people: self.consent.clone(), harm: self.harm.clone() };
        let (dossier, withheld, consent) = (self.case, self.withheld, Some(consent));
        let order = Order { dossier, numbers, to, withheld, consent };
        let now = room.now();
        room.session_mut()?.queue_order(&order, now)?;
        room.nudge();
        Ok(Go::HomeThen(Box::new(super::line::Sent)))
    }

    fn draw_items(&self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        let items = sendable(room, self.case)?;
        let mut toggles: Vec<Block> = items
            .iter()
            .map(|item| {
                let on = self.items.iter().any(|(number, goes)| *number == item.number && *goes);
                let (icon, text) = (icon(&item.media_type), room.kind_and_size(item));
                let kind = Kind::Toggle { icon, text, on };
                Block::new(format!("item-{}", item.number), room.item_title(item), kind)
            })
            .collect();
        // Only what is there to be withheld.
        let named = !room.session()?.name().is_empty();
        let file = items.iter().any(|item| item.origin == "import");
        let photo = items.iter().any(|item| item.origin == "capture");
        let also = [
            ("author", "goes-author", Icon::Person, !self.withheld.author, named),
            ("names", "goes-names", Icon::File, !self.withheld.names, file),
            ("metadata", "goes-metadata", Icon::Photo, !self.withheld.metadata, photo),
        ];
        for (key, id, icon, on, _) in also.into_iter().filter(|one| one.4) {
            let text = room.of(match key {
                "author" => "goes-author-what",
                "names" => "goes-names-what",
                _ => "goes-metadata-what",
            });
            toggles.push(Block::new(key, room.of(id), Kind::Toggle { icon, text, on }));
        }
        draw.put("leaves", "before-leaves", Kind::Card { blocks: toggles });
        draw.said(&Message::new("before-always"), TextStyle::Second);
        Ok(())
    }
}

impl Page for BeforeSending {
    fn name(&self) -> &'static str {
        "before-sending"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("before-title");
        for contact in reachable(room)?.iter().filter(|one| self.to.contains(&one.identity.hex())) {
            let lines = (contact.name.clone(), String::new(), String::new());
            let icon = if contact.verified { Icon::Verified } else { Icon::NotVerified };
            let badge = vec![verified(room, contact)];
            let mut block = row_with(contact.identity.hex(), icon, lines, badge, false);
            if let Kind::Row { opens, .. } = &mut block.kind {
                *opens = false;
            }
            draw.block(block);
            if !contact.verified {
                draw.notice(Tone::Danger, Icon::NotVerified, "before-unverified");
            }
        }
        self.draw_items(room, draw)?;
        let consent = &self.consent;
        let chips = [
            ("consent-only-me", "consent-only-me"),
            ("consent-agree", "consent-agree"),
            ("consent-not-all", "consent-not-all"),
        ];
        draw.choice("consent", "before-consent", &chips.map(|(k, id)| (k, id, consent == k)));
        draw.notice(Tone::Warn, Icon::Warn, "before-harm-think");
        let harm = &self.harm;
        let chips = [("harm-no", "harm-no"), ("harm-unsure", "harm-unsure")];
        draw.choice("harm", "before-harm", &chips.map(|(k, id)| (k, id, harm == k)));
        if harm == "harm-unsure" || consent == "consent-not-all" {
            draw.notice(Tone::Info, Icon::Info, "before-wait");
        }
        draw.main("queue", "before-queue", Some(Icon::Send));
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        let Event::Tap(key) = event else { return Ok(Go::Stay) };
        match key {
            "queue" if self.consent.is_empty() || self.harm.is_empty() => {
                return Ok(Go::Say(Message::new("before-answer")));
            }
            "queue" => return self.queue(room),
            "author" => self.withheld.author = !self.withheld.author,
            "names" => self.withheld.names = !self.withheld.names,
            "metadata" => self.withheld.metadata = !self.withheld.metadata,
            key if key.starts_with("consent-") => key.clone_into(&mut self.consent),
            key if key.starts_with("harm-") => key.clone_into(&mut self.harm),
            key => {
                let number = key.strip_prefix("item-").and_then(|number| number.parse().ok());
                for (one, goes) in &mut self.items {
                    if Some(*one) == number {
                        *goes = !*goes;
                    }
                }
            }
        }
        Ok(Go::Stay)
    }
}

/// Items of a case that can be sent.
fn sendable(room: &Room, case: i64) -> Result<Vec<Item>, Problem> {
    let items = room.session()?.items(Some(case))?.into_iter();
    Ok(items
        .filter(|item| item.mine && item.state != ItemState::Recording)
        .filter(|item| item.origin != "live" || item.length > 0)
        .collect())
}
