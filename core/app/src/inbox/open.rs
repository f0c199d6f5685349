// SPDX-License-Identifier: MPL-2.0
//! A person opens what was received: custody says so, and the sender gets a signature of it.

use std::io::Read;

use amate_seal::random;
use amate_wire::{custody::Act, document::SignedDocument, id::DocumentId};

use crate::{
    clock,
    driver::Carrier,
    evidence::{CheckedCase, check_case, next_entry},
    problem::Problem,
    records::{self, Incident},
    session::Session,
    store::{
        deleting,
        inbox::{self, Arrival, Received},
        items::{self, Dossier, Item},
        people, search,
    },
    take::stored,
};

/// A report as a person reads it.
pub struct OpenedReport {
    /// The case it belongs to.
    pub dossier: Dossier,
    /// The case's statement.
    pub case: CheckedCase,
    /// Items of the case that are here.
    pub items: Vec<OpenedItem>,
    /// Whether the sender could be told that a person opened it.
    pub told: bool,
}

/// An item as a person reads it.
pub struct OpenedItem {
    /// Its row.
    pub item: Item,
    /// What it says, when it is a written record.
    pub incident: Option<Incident>,
}

/// Longest record that is shown.
const MAX_RECORD: u64 = 1024 * 1024;

impl Session {
    /// Opens a received report: a person does this, not the program.
    ///
    /// # Errors
    /// [`Problem::NotFound`]; [`Problem::Altered`] for what was refused.
    pub fn open_report(
        &mut self,
        carrier: &mut dyn Carrier,
        id: i64,
        now: u64,
    ) -> Result<OpenedReport, Problem> {
        let not_found = || Problem::NotFound { what: "report", name: id.to_string() };
        let received = self.vault.read(|db| inbox::one(db, id))?.ok_or_else(not_found)?;
        match received.state {
            Arrival::Arrived | Arrival::Opened => {}
            Arrival::Refused if received.reason.as_deref() == Some(deleting::DELETED) => {
                return Err(Problem::Deleted);
            }
            Arrival::Refused => return Err(Problem::Altered("report")),
            Arrival::Newer => return Err(Problem::NeedsNewerVersion),
            Arrival::Announced => return Err(Problem::NoAnswer),
        }
        let dossier = self.dossier_of(&received)?;
        let statement = dossier.statement.as_ref().ok_or(Problem::Damaged)?;
        let case = check_case(&SignedDocument::parse(statement)?, None)?;
        let items = self.vault.read(|db| items::items(db, Some(dossier.id)))?;
        if received.state == Arrival::Arrived {
            self.mark_opened(&received, dossier.id, &items, now)?;
        }
        let told = self.tell_sender(carrier, &received, now)?;
        let items = items
            .into_iter()
            .map(|item| Ok(OpenedItem { incident: self.incident(&item)?, item }))
            .collect::<Result<_, Problem>>()?;
        Ok(OpenedReport { dossier, case, items, told })
    }

    /// What a written record says.
    ///
    /// # Errors
    /// The vault's.
    pub fn incident(&self, item: &Item) -> Result<Option<Incident>, Problem> {
        let Some(medium) = item.medium.filter(|_| item.media_type == records::MEDIA_TYPE) else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let mut reader = self.vault.read_medium(&medium)?.take(MAX_RECORD);
        reader.read_to_end(&mut bytes).map_err(|_| Problem::Damaged)?;
        Ok(Incident::from_bytes(&bytes))
    }

    /// The case of a report: that of any item which came in it.
    fn dossier_of(&self, received: &Received) -> Result<Dossier, Problem> {
        let all = self.vault.read(items::dossiers)?;
        for dossier in all.into_iter().rev() {
            let parcel_here = self.vault.read(|db| {
                db.prepare("SELECT 1 FROM received_item WHERE received = ?1 AND dossier = ?2")?
                    .exists((received.id, dossier.id))
            })?;
            if parcel_here {
                return Ok(dossier);
            }
        }
        Err(Problem::Damaged)
    }

    fn mark_opened(
        &mut self,
        received: &Received,
        dossier: i64,
        items: &[Item],
        now: u64,
    ) -> Result<(), Problem> {
        let session = self.clone();
        let _adding = session.adding();
        let keys = self.keys()?;
        let mut entries = Vec::new();
        for item in items.iter().filter(|item| !item.mine) {
            let head = self.branch_head(item)?;
            let entry = next_entry(
                item.id,
                head,
                keys.device(),
                Act::Open,
                &clock::rfc3339(now),
                "",
                &mut random::system(),
            );
            entries.push((item.id, entry, self.words_of(item)?));
        }
        Ok(self.vault.write("opened by a person", |tx| {
            for (item, entry, text) in &entries {
                items::add_entry(tx, *item, &stored(entry))?;
                search::put_item(tx, dossier, *item, text)?;
            }
            inbox::set_state(tx, received.id, Arrival::Opened, None, None)
        })?)
    }

    /// Newest entry of this vault's own branch of a received item.
    pub(crate) fn branch_head(&self, item: &Item) -> Result<(u32, DocumentId), Problem> {
        let own = self.keys()?.device().public();
        let entries = self.vault.read(|db| items::custody(db, item.id))?;
        let head = entries.iter().rfind(|entry| entry.signer == own).ok_or(Problem::Damaged)?;
        Ok((head.n, head.id))
    }

    /// Queues the signature for the sender; `false` while no way to them is known.
    fn tell_sender(
        &mut self,
        carrier: &mut dyn Carrier,
        received: &Received,
        now: u64,
    ) -> Result<bool, Problem> {
        let Some(hash) = received.manifest_hash else { return Ok(false) };
        if received.told {
            return Ok(true);
        }
        let contact = self.vault.read(|db| people::contact(db, received.sender))?;
        // Somebody unknown or blocked learns nothing of when and from where their report is read.
        let known = contact.filter(|one| one.verified && !one.blocked);
        let Some(contact) = known else { return Ok(false) };
        let Ok(set) = self.refresh(carrier, &contact) else { return Ok(false) };
        match self.queue_opened(received, &set, &hash, now) {
            Ok(()) => {
                self.deliver(carrier, now)?;
                Ok(true)
            }
            Err(Problem::NoCommonRelay) => Ok(false),
            Err(problem) => Err(problem),
        }
    }
}
