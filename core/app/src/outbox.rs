// SPDX-License-Identifier: MPL-2.0
//! Sending: sealing into parcels, then delivering them. Each step is durable before the next, so
//! that a kill anywhere repeats at most one block; a state changes only on a verified receipt.

mod contents;
mod deliver;
mod leaves;
mod notices;
mod queue;

pub use deliver::Round;
pub use queue::{Order, Queued};

pub use crate::store::parcels::{Consent, Withheld};

use amate_wire::id::BlockId;

use crate::{
    problem::Problem,
    session::Session,
    store::parcels::{self, Delivery, Parcel},
};

/// A parcel and how far it came towards each contact.
pub struct Sending {
    /// The parcel.
    pub parcel: Parcel,
    /// One per contact.
    pub deliveries: Vec<Delivery>,
    /// Ids of all its blocks known so far, index blocks last.
    pub blocks: Vec<BlockId>,
}

impl Sending {
    /// Blocks that the delivery's relay has given no receipt for.
    ///
    /// # Errors
    /// The vault's.
    pub fn left(&self, session: &Session, delivery: &Delivery) -> Result<usize, Problem> {
        let Some(relay) = delivery.relay else { return Ok(self.blocks.len()) };
        let missing = session.vault.read(|db| {
            let mut missing = 0;
            for id in &self.blocks {
                missing += usize::from(!parcels::has_receipt(db, *id, relay)?);
            }
            Ok(missing)
        })?;
        Ok(missing)
    }
}

impl Session {
    /// All parcels, oldest first.
    ///
    /// # Errors
    /// The vault's.
    pub fn sendings(&self) -> Result<Vec<Sending>, Problem> {
        self.vault
            .read(parcels::parcels)?
            .into_iter()
            .map(|parcel| {
                let (deliveries, items, index) = self.vault.read(|db| {
                    Ok((
                        parcels::deliveries(db, parcel.id)?,
                        parcels::items(db, parcel.id)?,
                        parcels::index_blocks(db, parcel.id)?,
                    ))
                })?;
                let own = items.into_iter().flat_map(|item| item.ids);
                let blocks = own.chain(index.into_iter().map(|(id, _)| id)).collect();
                Ok(Sending { parcel, deliveries, blocks })
            })
            .collect()
    }
}
