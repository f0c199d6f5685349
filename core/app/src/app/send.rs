// SPDX-License-Identifier: MPL-2.0
//! Sending: to whom, exactly what, whether it can hurt somebody; then the truth about it.

mod before;
mod line;
mod recipients;

use amate_screen::{Badge, Icon, Tone};
use amate_wire::id::IdentityId;

pub(super) use line::{Line, Sent};
pub(super) use recipients::{Recipients, verified};

use super::{
    draw::{Draw, row_with},
    page::Go,
    room::Room,
};
use crate::{
    outbox::Sending,
    problem::Problem,
    store::parcels::{Delivery, ParcelId, State},
};

/// Where a case went, one line each.
pub(super) fn sendings_of(room: &Room, draw: &mut Draw<'_>, case: i64) -> Result<(), Problem> {
    let all = room.session()?.sendings()?;
    let all: Vec<_> = all.iter().filter(|one| one.parcel.dossier == case).collect();
    if !all.is_empty() {
        draw.heading("case-sent");
    }
    for sending in all {
        rows(room, draw, sending)?;
    }
    Ok(())
}

/// The states of one parcel, a line for each recipient.
pub(super) fn rows(room: &Room, draw: &mut Draw<'_>, sending: &Sending) -> Result<(), Problem> {
    let contacts = room.session()?.contacts()?;
    for delivery in &sending.deliveries {
        let contact = contacts.iter().find(|one| one.identity == delivery.contact);
        let name = contact.map(|one| one.name.clone()).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| room.of("unknown-name"));
        let time = room.when(sending.parcel.created);
        let key = line_key(delivery.parcel, delivery.contact);
        let lines = (name, room.of(state_words(delivery.state)), time);
        draw.block(row_with(key, state_icon(delivery.state), lines, Vec::new(), false));
    }
    Ok(())
}

/// The page that such a line opens.
pub(super) fn open(key: &str) -> Option<Go> {
    Some(Go::to(Line::new(key.strip_prefix("line-")?.to_owned())))
}

/// In one word, how far each sending of a case is.
pub(super) fn badges_of(room: &Room, case: i64) -> Result<Vec<Badge>, Problem> {
    let all = room.session()?.sendings()?;
    let deliveries = all.iter().filter(|one| one.parcel.dossier == case);
    let mut states: Vec<State> =
        deliveries.flat_map(|one| &one.deliveries).map(|one| one.state).collect();
    states.sort_unstable();
    states.dedup();
    Ok(states
        .into_iter()
        .map(|state| Badge { label: room.of(state_words(state)), tone: state_tone(state) })
        .collect())
}

pub(super) fn state_words(state: State) -> &'static str {
    match state {
        State::Waiting => "state-waiting",
        State::Left => "state-left",
        State::AtRelay => "state-at-relay",
        State::Opened => "state-opened",
    }
}

fn state_icon(state: State) -> Icon {
    match state {
        State::Waiting => Icon::Waiting,
        State::Left => Icon::LeftPhone,
        State::AtRelay => Icon::AtRelay,
        State::Opened => Icon::Opened,
    }
}

/// Green only where a receipt shows it.
fn state_tone(state: State) -> Tone {
    match state {
        State::Waiting => Tone::Warn,
        State::Left => Tone::Info,
        State::AtRelay | State::Opened => Tone::Ok,
    }
}

/// Names one delivery on the screens.
fn key_of(delivery: &Delivery) -> String {
    name_of(delivery.parcel, delivery.contact)
}

/// The key of a row that opens it.
pub(super) fn line_key(parcel: ParcelId, contact: IdentityId) -> String {
    format!("line-{}", name_of(parcel, contact))
}

fn name_of(parcel: ParcelId, contact: IdentityId) -> String {
    format!("{}-{}", data_encoding::HEXLOWER.encode(&parcel), contact.hex())
}
