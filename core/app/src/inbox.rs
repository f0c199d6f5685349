// SPDX-License-Identifier: MPL-2.0
//! Receiving: notices, then blocks, then checked items in the vault. Everything that came is
//! durable before the relay is told to drop it; what was fetched is not fetched again.

mod arrive;
mod collect;
mod fetch;
mod join;
mod open;
mod parts;

pub use collect::Collected;
pub use open::{OpenedItem, OpenedReport};

use crate::{
    problem::Problem,
    session::Session,
    store::{
        inbox::{self, Received},
        people,
    },
};

impl Session {
    /// All received parcels, oldest first, with the name of the sender and whether it is verified.
    ///
    /// # Errors
    /// The vault's.
    pub fn received(&self) -> Result<Vec<(Received, String, bool)>, Problem> {
        self.vault
            .read(inbox::all)?
            .into_iter()
            .map(|received| {
                let contact = self.vault.read(|db| people::contact(db, received.sender))?;
                let (name, verified) =
                    contact.map_or((String::new(), false), |one| (one.name, one.verified));
                Ok((received, name, verified))
            })
            .collect()
    }
}
