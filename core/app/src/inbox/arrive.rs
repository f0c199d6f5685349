// SPDX-License-Identifier: MPL-2.0
//! Checking a whole parcel and keeping its items: everything under its own signatures, or nothing.

use std::{collections::BTreeMap, io::Read};

use amate_seal::{hash::sha256, note, random};
use amate_vault::{FinishedMedium, MediumId};
use amate_wire::{
    custody::{Act, CustodyEntry},
    document::{SignedDocument, hex},
    facts::Disclosure,
    id::ItemId,
    index::Index,
    live::LiveOpening,
    log::TlogProof,
    manifest::Manifest,
    notice::Notice,
    parcel::{MAX_LEN, ParcelManifest},
};

use super::{
    join::{Joined, joined, json},
    parts::{Described, Parts, sort},
};
use crate::{
    clock::{self, Moment},
    evidence::{
        CheckedCase, CustodyFault, LiveState, Segments, check_case, check_custody,
        check_custody_fact, check_document, check_fact, check_live, item_id, next_entry,
    },
    problem::Problem,
    session::Session,
    store::{
        deleting,
        inbox::{self, Arrival, Received},
        items::{self, Item, ItemState, Leaf},
        people,
    },
    take::{pour, stored},
};

/// An item that was checked, ready to be kept.
struct Checked {
    item: Item,
    custody: Vec<items::Entry>,
    receipts: Vec<Leaf>,
    medium: FinishedMedium,
}

/// An item whose content is here.
struct ReadItem {
    id: ItemId,
    parts: Parts,
    facts: Described,
    content: Content,
}

/// Content that agrees with its manifest or opening.
struct Content {
    medium: FinishedMedium,
    state: ItemState,
    /// What leaves name as its end (spec/receipts.md §2).
    end: [u8; 32],
}

impl Session {
    /// Checks a parcel whose blocks are all here and keeps its items.
    pub(super) fn arrive(
        &mut self,
        received: &Received,
        notice: &Notice,
        index: &Index,
        now: Moment,
    ) -> Result<(), Problem> {
        let bytes = self.manifest_bytes(received, notice, index)?;
        let count = u32::try_from(index.items.len()).map_err(|_| Problem::Altered("index"))?;
        let manifest = ParcelManifest::parse(&bytes, count)?;
        let (case, parts) = sort(manifest)?;
        if parts.is_empty() {
            return Err(Problem::Altered("parcel manifest"));
        }
        let mut poured = Vec::new();
        let read = self.read_all(received, notice, index, &case, parts, &mut poured);
        let kept = read.and_then(|read| self.take_in(received, case, read, &sha256(&bytes), now));
        let dropped = self.drop_unkept(&poured);
        kept.and(dropped)?;
        self.take_as_answer(received)
    }

    /// The long part, while everybody else goes on: contents, checked as they are written.
    fn read_all(
        &mut self,
        received: &Received,
        notice: &Notice,
        index: &Index,
        case: &SignedDocument,
        parts: BTreeMap<ItemId, Parts>,
        poured: &mut Vec<MediumId>,
    ) -> Result<Vec<ReadItem>, Problem> {
        let case = check_case(case, None)?;
        let mut all = Vec::new();
        for (id, parts) in parts {
            let document = parts.document.as_ref().ok_or(Problem::Altered("manifest"))?;
            let facts = Described::of(document, parts.live)?;
            let number = case.number_of(id, &facts.key()?);
            number.ok_or(Problem::Altered("countersignature"))?;
            for disclosure in &parts.facts {
                check_fact(facts.commitments(), disclosure)?;
            }
            let content = self.content(received, notice, index, id, &facts, &parts, poured)?;
            all.push(ReadItem { id, parts, facts, content });
        }
        Ok(all)
    }

    /// Continues chains, of the case and of custody; whoever else would continue one waits so long.
    fn take_in(
        &mut self,
        received: &Received,
        case: SignedDocument,
        read: Vec<ReadItem>,
        manifest: &[u8; 32],
        now: Moment,
    ) -> Result<(), Problem> {
        let session = self.clone();
        let _adding = session.adding();
        let case = self.check_received_case(case)?;
        let mut checked = Vec::new();
        for one in read {
            checked.push(self.check_item(received, &case, one, now)?);
        }
        self.keep_checked(received, &case, checked, manifest)
    }

    /// Gives back the room of contents that no item came to be: refused, or here already.
    fn drop_unkept(&mut self, poured: &[MediumId]) -> Result<(), Problem> {
        for medium in poured {
            if !self.vault.read(|db| items::keeps(db, medium))? {
                self.vault.delete_medium(medium)?;
            }
        }
        Ok(())
    }

    fn manifest_bytes(
        &self,
        received: &Received,
        notice: &Notice,
        index: &Index,
    ) -> Result<Vec<u8>, Problem> {
        let first = index.items.first().ok_or(Problem::Altered("index"))?;
        let reader = self.item_reader(received.id, 0, notice, first)?;
        if reader.header().kind != amate_wire::item::ItemKind::Manifest {
            return Err(Problem::Altered("parcel manifest"));
        }
        let mut bytes = Vec::new();
        reader
            .take(MAX_LEN as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| Problem::Altered("parcel manifest"))?;
        if bytes.len() > MAX_LEN {
            return Err(Problem::Altered("parcel manifest"));
        }
        Ok(bytes)
    }

    fn check_received_case(
        &self,
        document: SignedDocument,
    ) -> Result<(CheckedCase, Vec<u8>), Problem> {
        let case = check_case(&document, None)?;
        let held = self.vault.read(|db| items::dossier_of(db, &case.key))?;
        let held = held.and_then(|one| one.statement);
        let Some(bytes) = held else { return Ok((case, document.encode())) };
        let older = SignedDocument::parse(&bytes)?;
        let statement = older.read()?;
        let case = check_case(&document, Some(&statement))?;
        // The statement with more items is the one that counts.
        if statement.n > case.statement.n {
            return Ok((check_case(&older, None)?, bytes));
        }
        Ok((case, document.encode()))
    }

    fn check_item(
        &mut self,
        received: &Received,
        (case, _): &(CheckedCase, Vec<u8>),
        read: ReadItem,
        now: Moment,
    ) -> Result<Checked, Problem> {
        let ReadItem { id, parts, facts, content } = read;
        let document = parts.document.as_ref().ok_or(Problem::Altered("manifest"))?;
        let key = facts.key()?;
        let number = case.number_of(id, &key).ok_or(Problem::Altered("countersignature"))?;
        if let Some(text) = &parts.before
            && crate::evidence::log_root(text).as_ref() != facts.not_before()
        {
            return Err(Problem::Altered("checkpoint"));
        }
        let custody = self.check_received_custody(id, &facts, &parts, now)?;
        check_custody_facts(&parts)?;
        let receipts = check_receipts(&parts.receipts, &content.end, &custody)?;
        let (medium, state) = (content.medium, content.state);
        let item = Item {
            id,
            dossier: 0,
            number,
            origin: facts.origin(),
            media_type: facts.media_type().to_owned(),
            mine: false,
            kept: None,
            document: document.encode(),
            closing: parts.closing.as_ref().map(SignedDocument::encode),
            state,
            medium: Some(medium.id),
            length: medium.length,
            sha256: Some(medium.sha256),
            facts: json(&parts.facts),
            custody_facts: json(&parts.custody_facts),
            source: Some(received.sender),
            created: now,
            title: name_of(&parts.facts),
            before: parts.before.clone(),
        };
        Ok(Checked { item, custody, receipts, medium })
    }

    /// The witness's chain, joined with what is held of it, and a *receive* entry of one's own.
    fn check_received_custody(
        &mut self,
        id: ItemId,
        described: &Described,
        parts: &Parts,
        now: Moment,
    ) -> Result<Vec<items::Entry>, Problem> {
        let held = self.vault.read(|db| {
            let mut held = items::custody(db, id)?;
            held.extend(deleting::kept_custody(db, id)?);
            Ok(held)
        })?;
        let held_documents = held
            .iter()
            .map(|one| SignedDocument::parse(&one.document))
            .collect::<Result<Vec<_>, _>>()?;
        let own = described.capture_key();
        let chain = check_custody(id, own, parts.custody.iter()).map_err(custody_problem)?;
        // Prefixes of one another, then branches: together they are still one chain, or somebody
        // forked it.
        let (witness, branches): (Vec<_>, Vec<_>) =
            held_documents.iter().partition(|one| signer(one).as_deref() == Some(own));
        let both = witness.into_iter().chain(&parts.custody).chain(branches);
        check_custody(id, own, both).map_err(custody_problem)?;
        let head = chain.witness_head(own).ok_or(Problem::Altered("custody"))?;
        let keys = self.keys()?;
        let entry = next_entry(
            id,
            head,
            keys.device(),
            Act::Receive,
            &clock::rfc3339(now.unix),
            "",
            &mut random::system(),
        );
        let mut entries: Vec<items::Entry> = chain
            .entries
            .iter()
            .zip(&parts.custody)
            .map(|((entry_id, one), document)| items::Entry {
                n: one.n,
                signer: amate_wire::document::unhex(&one.by).unwrap_or_default(),
                id: *entry_id,
                document: document.encode(),
                disclosures: "[]".into(),
            })
            .collect();
        let received_before = held.iter().any(|one| one.signer == keys.device().public());
        if !received_before {
            entries.push(stored(&entry));
        }
        Ok(entries)
    }

    /// Content into a medium of its own, checked while it is written.
    #[expect(clippy::too_many_arguments, reason = "the one place where all of them meet")]
    fn content(
        &mut self,
        received: &Received,
        notice: &Notice,
        index: &Index,
        id: ItemId,
        described: &Described,
        parts: &Parts,
        begun: &mut Vec<MediumId>,
    ) -> Result<Content, Problem> {
        let (first, count) = parts.content.ok_or(Problem::Altered("content"))?;
        let mut writer = self.vault.begin_medium()?;
        begun.push(writer.id());
        (first..first + count).try_for_each(|idx| {
            let at = usize::try_from(idx).map_err(|_| Problem::Altered("content"))?;
            let item = index.items.get(at).ok_or(Problem::Altered("content"))?;
            let mut reader = self.item_reader(received.id, idx, notice, item)?;
            pour(&mut reader, &mut writer).map(drop).map_err(|problem| match problem {
                // What cannot be read any more is not what somebody altered.
                _ if self.is_locked() => Problem::Locked,
                Problem::CannotRead(_) => Problem::Altered("content"),
                other => other,
            })
        })?;
        let medium = writer.finish()?;
        let (state, end) = match described {
            Described::Whole(manifest) => {
                let same = manifest.content.length == medium.length
                    && amate_wire::document::unhex(&manifest.content.sha256) == Ok(medium.sha256);
                if !same {
                    return Err(Problem::Altered("content"));
                }
                (ItemState::Complete, id.0)
            }
            Described::Live(opening) => self.live_state(id, opening, parts, &medium)?,
        };
        Ok(Content { medium, state, end })
    }

    /// Whether it was closed, and what its leaves name as its end.
    fn live_state(
        &self,
        id: ItemId,
        opening: &LiveOpening,
        parts: &Parts,
        medium: &FinishedMedium,
    ) -> Result<(ItemState, [u8; 32]), Problem> {
        let closing: Option<Manifest> = parts.closing.as_ref().map(check_document).transpose()?;
        let reader = self.vault.read_medium_unrecorded(medium)?;
        let segments = Segments::new(reader);
        let live = check_live(id, opening, segments, closing.as_ref(), |_| {})
            .map_err(|_| Problem::Altered("live recording"))?;
        Ok(match (live, &parts.closing) {
            (LiveState::Interrupted { running, .. }, _) => (ItemState::Interrupted, running),
            (_, Some(closing)) => (ItemState::Complete, item_id(closing).0),
            (_, None) => (ItemState::Complete, id.0),
        })
    }

    fn keep_checked(
        &mut self,
        received: &Received,
        (case, statement): &(CheckedCase, Vec<u8>),
        checked: Vec<Checked>,
        manifest: &[u8; 32],
    ) -> Result<(), Problem> {
        let incoming = self.vault.read(|db| inbox::all_incoming(db, received.id))?;
        let kept = self.vault.write("parcel arrived", |tx| {
            if people::is_blocked(tx, received.sender)? {
                return Ok(false);
            }
            let dossier = match items::dossier_of(tx, &case.key)? {
                Some(one) => one.id,
                None => items::add_dossier(tx, "", &case.key, None)?,
            };
            items::put_statement(tx, dossier, statement)?;
            for one in checked {
                let held = items::item(tx, one.item.id)?;
                match joined(held, &one.item) {
                    Joined::Own => {}
                    Joined::Known(item) => items::put_item(tx, &Item { dossier, ..item })?,
                    Joined::New(item) => {
                        one.medium.record(tx)?;
                        items::put_item(tx, &Item { dossier, ..item })?;
                        items::drop_leaves(tx, one.item.id)?;
                        deleting::restore_custody(tx, one.item.id)?;
                    }
                }
                // Proofs of another end would make what stays look altered.
                let stays = items::item(tx, one.item.id)?;
                let same =
                    stays.as_ref().is_some_and(|item| !item.mine && item.has_end_of(&one.item));
                inbox::add_item(tx, received.id, &one.item.id.0, dossier)?;
                let own = stays.as_ref().is_some_and(|item| item.mine);
                // What others say of one's own item is theirs to show; it would stand in the way
                // of one's own entries, and name this device beside an anonymous capture.
                if !own {
                    one.custody
                        .iter()
                        .try_for_each(|entry| items::add_entry(tx, one.item.id, entry))?;
                }
                if same {
                    one.receipts.iter().try_for_each(|leaf| items::put_leaf(tx, leaf))?;
                }
            }
            inbox::drop_incoming(tx, received.id)?;
            inbox::set_state(tx, received.id, Arrival::Arrived, None, Some(*manifest))?;
            // Somebody unknown becomes a contact who is not verified. The address that their parcel
            // names is not taken: nobody but a person makes this vault call somewhere.
            people::add_unknown(tx, received.sender, received.relay)?;
            Ok(true)
        })?;
        if !kept {
            return Err(Problem::Blocked);
        }
        for medium in incoming {
            self.vault.delete_medium(&medium)?;
        }
        Ok(())
    }
}

/// Receipts whose proofs hold for a head of this chain; others are refused.
fn check_receipts(
    receipts: &[Leaf],
    end: &[u8; 32],
    custody: &[items::Entry],
) -> Result<Vec<Leaf>, Problem> {
    for leaf in receipts {
        let text = leaf.proof.as_deref().unwrap_or_default();
        let proof = TlogProof::parse(text)?;
        let entry = note::leaf(&leaf.salt, &leaf.item.0, end, &leaf.head.0);
        note::verify_proof(&leaf.relay, &entry, &proof).map_err(|_| Problem::Altered("proof"))?;
        if !custody.iter().any(|one| (one.id, one.n) == (leaf.head, leaf.head_n)) {
            return Err(Problem::Altered("proof"));
        }
    }
    Ok(receipts.to_vec())
}

/// Rule F-1 for fields of the custody entries that came.
fn check_custody_facts(parts: &Parts) -> Result<(), Problem> {
    let entries: BTreeMap<String, &SignedDocument> =
        parts.custody.iter().map(|one| (hex(&sha256(&one.json)), one)).collect();
    for disclosure in &parts.custody_facts {
        let entry = entries.get(&disclosure.entry).ok_or(Problem::Altered("custody disclosure"))?;
        check_custody_fact(&entry.read()?, disclosure)?;
    }
    Ok(())
}

fn signer(document: &SignedDocument) -> Option<String> {
    document.read::<CustodyEntry>().ok().map(|entry| entry.by)
}

fn custody_problem(fault: CustodyFault) -> Problem {
    match fault {
        CustodyFault::Fork(_) => Problem::Altered("forked custody"),
        _ => Problem::Altered("custody"),
    }
}

fn name_of(facts: &[Disclosure]) -> String {
    let name = facts.iter().find(|one| one.fact == amate_wire::facts::Fact::Name);
    name.map(|one| one.value.clone()).unwrap_or_default()
}
