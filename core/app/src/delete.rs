// SPDX-License-Identifier: MPL-2.0
//! Deleting an item: content, row, search and key go; what is signed and what has left stays, and
//! the person is told so before.

use crate::{
    problem::Problem,
    session::Session,
    store::{
        deleting,
        items::{Item, ItemState},
        parcels::State,
    },
    text::{Message, size},
};

/// What deleting an item would do.
pub struct Deletion {
    item: Item,
    waiting: usize,
    left: usize,
}

impl Deletion {
    /// What a person should know before.
    #[must_use]
    pub fn consequences(&self) -> Vec<Message> {
        let item = &self.item;
        let mut all = vec![
            Message::new("delete-what")
                .with("case", item.dossier)
                .with("number", item.number)
                .with("length", size(item.length))
                .with("title", &item.title),
            Message::new(if item.mine { "delete-own" } else { "delete-received" }),
            Message::new("delete-listed").with("number", item.number),
        ];
        if self.waiting > 0 {
            all.push(Message::new("delete-waiting").with("count", self.waiting));
        }
        if self.left > 0 {
            all.push(Message::new("delete-left"));
        }
        all
    }
}

impl Deletion {
    /// The same for screens: no command to type, and what waits stands apart.
    #[must_use]
    pub fn on_screen(&self) -> Vec<Message> {
        let all = self.consequences().into_iter();
        all.filter(|one| !matches!(one.id, "delete-what" | "delete-waiting")).collect()
    }

    /// Whether something that still waits to be sent carries it.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.waiting > 0
    }
}

impl Session {
    /// What deleting an item of a case would do; changes nothing.
    ///
    /// # Errors
    /// [`Problem::NotFound`]; [`Problem::StillRecording`].
    pub fn deletion(&self, dossier: i64, number: u32) -> Result<Deletion, Problem> {
        let not_found = || Problem::NotFound { what: "item", name: number.to_string() };
        let items = self.items(Some(dossier))?;
        let item = items.into_iter().find(|item| item.number == number).ok_or_else(not_found)?;
        if item.state == ItemState::Recording {
            return Err(Problem::StillRecording);
        }
        let waiting = self.deliveries(&item, |state| state < State::AtRelay)?;
        let left = self.deliveries(&item, |state| state > State::Waiting)?;
        Ok(Deletion { item, waiting, left })
    }

    /// How many deliveries that carry an item are in such a state.
    fn deliveries(&self, item: &Item, such: fn(State) -> bool) -> Result<usize, Problem> {
        let states = self.vault.read(|db| deleting::deliveries(db, item.id))?;
        Ok(states.into_iter().filter(|state| such(*state)).count())
    }

    /// Deletes an item for good. What waits to be sent with it is taken back, if `withdraw` says
    /// so. A kill leaves it whole, or gone: content without its row is removed at the next unlock.
    ///
    /// # Errors
    /// [`Problem::StillWaiting`], with nothing changed.
    pub fn delete(&mut self, deletion: Deletion, withdraw: bool) -> Result<(), Problem> {
        let item = deletion.item;
        let deleted = self.vault.write("delete item", |tx| {
            // Asked in the same commit: something may have been queued since the person was told.
            let states = deleting::deliveries(tx, item.id)?;
            if !withdraw && states.iter().any(|state| *state < State::AtRelay) {
                return Ok(false);
            }
            deleting::withdraw(tx, item.id)?;
            deleting::remove(tx, &item)?;
            Ok(true)
        })?;
        if !deleted {
            return Err(Problem::StillWaiting);
        }
        match item.medium {
            Some(medium) => Ok(self.vault.delete_medium(&medium)?),
            None => Ok(()),
        }
    }
}
