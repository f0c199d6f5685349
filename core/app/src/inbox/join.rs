// SPDX-License-Identifier: MPL-2.0
//! An item that arrives again, joined with what is held of it.

use amate_wire::{
    document::Format,
    facts::{CustodyDisclosure, Disclosure},
};

use crate::store::items::{Item, ItemState};

/// What an item that arrives again becomes.
pub(super) enum Joined {
    /// One of this vault's own, whose keys and salts nobody else has: it stays as it is.
    Own,
    /// What is held stays; facts that were not shown before are added.
    Known(Item),
    /// What arrived, and all facts.
    New(Item),
}

pub(super) fn joined(held: Option<Item>, new: &Item) -> Joined {
    let Some(held) = held else { return Joined::New(new.clone()) };
    if held.mine {
        return Joined::Own;
    }
    let mut facts: Vec<Disclosure> = union(&held.facts, &new.facts);
    facts.sort_by_key(|one| one.fact);
    let custody_facts: Vec<CustodyDisclosure> = union(&held.custody_facts, &new.custody_facts);
    let (facts, custody_facts) = (json(&facts), json(&custody_facts));
    let more = new.length > held.length || new.closing.is_some();
    if held.state != ItemState::Complete && more {
        Joined::New(Item { facts, custody_facts, ..new.clone() })
    } else {
        Joined::Known(Item { facts, custody_facts, ..held })
    }
}

/// Two lists of disclosures as one; all of both were checked against the same commitments.
fn union<T: serde::de::DeserializeOwned + PartialEq>(held: &str, new: &str) -> Vec<T> {
    let list = |text: &str| serde_json::from_str::<Vec<T>>(text).unwrap_or_default();
    let mut all = list(held);
    for one in list(new) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// As the database keeps it.
pub(super) fn json<T: Format>(value: &T) -> String {
    String::from_utf8(amate_wire::document::write(value)).unwrap_or_default()
}
