// SPDX-License-Identifier: MPL-2.0
//! The parcel manifest: what goes with the content of the items.

use amate_seal::hash::sha256;
use amate_wire::{
    document::write,
    facts::{CustodyDisclosure, CustodyField, Disclosure},
    item::ItemKind,
    pairing::PairingCode,
    parcel::{Entry, MAX_LEN, ParcelManifest},
};

use super::{deliver::index_of, queue::sealer_of};
use crate::{
    envelope::{Seed, build_index, plan},
    evidence::Kept,
    problem::Problem,
    session::Session,
    store::{
        items::{self, Item},
        parcels::{self, Parcel, ParcelItem, Withheld},
    },
};

/// At most, for an item that two relays prove.
const ADDED_BY_SENDING: usize = 4_096;

impl Session {
    /// Writes the content of parcel item 0, once: later it never changes, so its blocks do not.
    pub(super) fn fix_manifest(&mut self, parcel: &Parcel, seed: &Seed) -> Result<(), Problem> {
        let parcel_items = self.vault.read(|db| parcels::items(db, parcel.id))?;
        let bytes = self.manifest(parcel, &parcel_items)?;
        if bytes.len() > MAX_LEN {
            return Err(Problem::TooMuch);
        }
        let shape = plan(ItemKind::Manifest, bytes.len() as u64, None).ok_or(Problem::NoSpace)?;
        let mut first = ParcelItem {
            idx: 0,
            kind: ItemKind::Manifest.number(),
            item: None,
            medium: None,
            start: 0,
            length: bytes.len() as u64,
            sha256: sha256(&bytes),
            live: false,
            class: shape.class.number(),
            ids: Vec::new(),
        };
        let content = Box::new(std::io::Cursor::new(bytes.clone()));
        let mut sealer = sealer_of(seed, &first, content)?;
        while let Some(block) = sealer.next_block().map_err(|_| Problem::Damaged)? {
            first.ids.push(block.id);
        }
        let mut all = vec![first];
        all.extend(parcel_items);
        let (_, blocks) = build_index(seed, index_of(&all)?)?;
        let [first, ..] = all.as_slice() else { return Err(Problem::Internal("parcel")) };
        Ok(self.vault.write("fix manifest", |tx| {
            if !parcels::fix_manifest(tx, parcel.id, &bytes)? {
                return Ok(());
            }
            parcels::put_item(tx, parcel.id, first)?;
            blocks
                .iter()
                .try_for_each(|one| parcels::add_index_block(tx, parcel.id, one.id, &one.bytes))
        })?)
    }

    fn manifest(&self, parcel: &Parcel, parcel_items: &[ParcelItem]) -> Result<Vec<u8>, Problem> {
        let mut entries = Vec::new();
        let dossier = self.vault.read(|db| items::dossier(db, parcel.dossier))?;
        entries.extend(dossier.and_then(|one| one.statement).map(Entry::Case));
        for item in self.items_of(parcel)? {
            self.describe(&item, parcel_items, &parcel.withheld, &mut entries)?;
        }
        entries.extend(self.address()?.map(Entry::Address));
        Ok(ParcelManifest { entries }.encode())
    }

    /// Whether one parcel can describe these items, with the custody entry and the proofs that
    /// sending adds.
    pub(super) fn fits_one_parcel(
        &self,
        chosen: &[Item],
        withheld: &Withheld,
    ) -> Result<bool, Problem> {
        let mut entries = Vec::new();
        for item in chosen {
            self.describe(item, &[], withheld, &mut entries)?;
        }
        let bytes = ParcelManifest { entries }.encode().len();
        Ok(bytes + chosen.len() * ADDED_BY_SENDING <= MAX_LEN)
    }

    fn describe(
        &self,
        item: &Item,
        parcel_items: &[ParcelItem],
        withheld: &Withheld,
        entries: &mut Vec<Entry>,
    ) -> Result<(), Problem> {
        let document = item.document.clone();
        let live = item.origin == "live";
        entries.push(if live { Entry::Opening(document) } else { Entry::Manifest(document) });
        entries.extend(item.closing.clone().map(Entry::Manifest));
        let kept = Kept::from_bytes(item.kept.as_ref().ok_or(Problem::Damaged)?)?;
        let signer = kept.capture_key()?.public();
        let mut custody = self.vault.read(|db| items::custody(db, item.id))?;
        custody.retain(|entry| entry.signer == signer);
        entries.extend(custody.iter().map(|one| Entry::Custody(one.document.clone())));
        let facts: Vec<Disclosure> = kept.facts.choose(|fact| !withheld.holds_back(fact));
        entries.push(Entry::Facts(item.id, write(&facts)));
        let clocks: Vec<CustodyDisclosure> = custody
            .iter()
            .filter_map(|one| serde_json::from_str::<Vec<CustodyDisclosure>>(&one.disclosures).ok())
            .flatten()
            .filter(|one| one.field == CustodyField::Clock)
            .collect();
        entries.push(Entry::CustodyFacts(item.id, write(&clocks)));
        for leaf in self.vault.read(|db| items::leaves(db, item.id))? {
            entries.extend(leaf.proof.map(|proof| Entry::Receipt {
                item: leaf.item,
                relay: leaf.relay,
                salt: leaf.salt,
                head_n: leaf.head_n,
                head: leaf.head,
                proof: proof.into_bytes(),
            }));
        }
        entries
            .extend(item.before.clone().map(|text| Entry::NotBefore(item.id, text.into_bytes())));
        let own: Vec<_> = parcel_items.iter().filter(|one| one.item == Some(item.id)).collect();
        if let [first, ..] = own.as_slice() {
            let count = u32::try_from(own.len()).map_err(|_| Problem::NoSpace)?;
            entries.push(Entry::Content { item: item.id, first: first.idx, count });
        }
        Ok(())
    }

    /// Where answers go: this vault's pairing text, without a capability.
    fn address(&self) -> Result<Option<Vec<u8>>, Problem> {
        let Some(relay) = self.relays()?.into_iter().next() else { return Ok(None) };
        let code = PairingCode {
            identity: self.identity(),
            relay: relay.key,
            capability: None,
            url: relay.url,
        };
        let text = code.to_text(&sha256(&code.body()?))?;
        Ok(Some(text.into_bytes()))
    }
}
