// SPDX-License-Identifier: MPL-2.0
//! What stands below the outer layer for who has a code and the keys of the device: at each image,
//! as if the phone had been in hand each time.

use std::collections::{BTreeMap, BTreeSet};

use amate_seal::{aead, kdf::derive, secret::Secret};
use amate_vault::{
    DeviceKeys, UNIT,
    examine::{self, Child, Commit, Entry, Header, Plan, Root},
};

use crate::{
    images::{doors::phone_of, examiner::Image, history::image_of},
    world::keys::SimKeys,
};

const SLOT: u8 = 1;
const ACTION: u8 = 2;
const ROOT: u8 = 3;
const PAGE: u8 = 5;
const FAN: usize = 78;

/// One image, opened with a code.
pub struct Inside {
    image: Image,
    plan: Plan,
    keys: BTreeMap<(u8, u32), [u8; 16]>,
    /// What the table remembers.
    pub state: [u8; 64],
    /// Numbers of the slots that the code opens.
    pub slots: Vec<u32>,
    /// Whether the action record of the slot opens.
    pub acts: bool,
    /// Number and content of the roots that open.
    pub roots: Vec<(u32, Root)>,
    /// Records behind the newest root.
    pub records: Vec<Commit>,
    /// Places of nodes, of the records that follow and of the next one.
    pub nodes: Vec<u32>,
    pub chain: Vec<u32>,
    pub next: [u32; 2],
    /// Where each page is.
    pub pages: BTreeMap<u32, Entry>,
}

impl Inside {
    /// `device` as it was then.
    pub fn read(image: &Image, device: &SimKeys, code: &[u8]) -> Self {
        let device = device.copy();
        // What was cut is settled first, as by any start.
        let image = image_of(&phone_of(image, &device).platter());
        let header = Header::parse(&bytes(&image, false, 0, UNIT)).unwrap();
        let plan = header.plan();
        let layer_key = header.layer_key(&device, header.handles()[1]).unwrap();
        let (at, len) = plan.table(0, 0);
        let part = bytes(&image, false, at, len);
        let table = plan.open_table(&layer_key, std::slice::from_ref(&part)).unwrap();
        let keys: BTreeMap<_, _> =
            table.keys.iter().map(|(kind, number, key)| ((*kind, *number), *key)).collect();
        let mut inside = Self {
            image,
            plan,
            state: state(&layer_key, &part, 112 + 16 * keys.len()),
            keys,
            slots: Vec::new(),
            acts: false,
            roots: Vec::new(),
            records: Vec::new(),
            nodes: Vec::new(),
            chain: Vec::new(),
            next: [0; 2],
            pages: BTreeMap::new(),
        };
        inside.open(&header, &device, code);
        inside
    }

    /// The newest.
    pub fn root(&self) -> &Root {
        &self.roots.iter().max_by_key(|(_, root)| root.generation).unwrap().1
    }

    /// Half of the newest root.
    pub fn half(&self) -> usize {
        self.roots[0].0 as usize / 4
    }

    /// Every place that the volume uses.
    pub fn used(&self) -> BTreeSet<usize> {
        let pages = self.pages.values().map(|entry| entry.place);
        let all = pages.chain(self.nodes.iter().copied()).chain(self.chain.iter().copied());
        all.chain(self.next).map(|place| place as usize).collect()
    }

    /// The first page of the database, which has SQLite's header.
    pub fn first_page(&self) -> Vec<u8> {
        let entry = &self.pages[&0];
        let mut page: [u8; UNIT] = self.place(PAGE, entry.place).try_into().unwrap();
        examine::open_page(entry, &self.root().volume, 0, &mut page).unwrap();
        page.to_vec()
    }

    fn open(&mut self, header: &Header, device: &SimKeys, code: &[u8]) {
        let code_key = header.code_key(device, code).unwrap();
        let mut opened = None;
        for slot in 0..8 {
            if let Some(found) = examine::open_slot(&code_key, &self.place(SLOT, slot)) {
                self.slots.push(slot);
                opened = Some(found);
            }
        }
        let (volume_key, ticket) = opened.unwrap();
        let action = action_key(header, device, &ticket);
        let slot = self.slots[0];
        self.acts = acts(&action, slot, &self.place(ACTION, slot));
        for number in 0..8 {
            let root = examine::open_root(&volume_key, &self.place(ROOT, number)).unwrap();
            self.roots.extend(root.map(|root| (number, root)));
        }
        let root = self.root().clone();
        self.read_tree(&root);
        self.read_records(&root);
    }

    fn read_tree(&mut self, root: &Root) {
        let mut heights = vec![(root.pages as usize).div_ceil(FAN)];
        while heights[heights.len() - 1] > 1 {
            heights.push(heights[heights.len() - 1].div_ceil(FAN));
        }
        let mut level: Vec<(usize, Entry)> = root.top.iter().map(|top| (0, top.clone())).collect();
        for height in (0..heights.len()).rev() {
            let mut below = Vec::new();
            for (index, entry) in level {
                let bytes = self.place(PAGE, entry.place).try_into().unwrap();
                let places = self.plan.geometry().pages;
                let (volume, height, at) = (&root.volume, height as u8, index as u32);
                let node = examine::open_node(&entry, volume, height, at, places, &bytes).unwrap();
                self.nodes.push(entry.place);
                below.extend(node.into_iter().enumerate().filter_map(|(n, child)| match child {
                    Child::At(entry) => Some((index * FAN + n, entry)),
                    _ => None,
                }));
            }
            level = below;
        }
        self.pages = level.into_iter().map(|(number, entry)| (number as u32, entry)).collect();
    }

    fn read_records(&mut self, root: &Root) {
        let (mut next, mut hash, mut sequence) = (root.next, root.hash, root.sequence);
        loop {
            let mut copies = next.iter().map(|place| self.place(PAGE, *place));
            let open =
                |bytes: Vec<u8>| examine::open_record(&root.record_key, sequence, &hash, &bytes);
            let Some(record) = copies.find_map(open) else { break };
            self.chain.extend(next);
            (next, hash) = (record.next, record.hash);
            sequence += 1;
            self.pages.extend(record.entries.iter().cloned());
            self.records.push(record);
        }
        self.next = next;
    }

    fn place(&self, kind: u8, number: u32) -> Vec<u8> {
        let (reserve, at, len) = self.plan.position(kind, number).unwrap();
        let mut bytes = bytes(&self.image, reserve, at, len);
        assert!(examine::stream(&self.keys[&(kind, number)], kind, number, &mut bytes));
        bytes
    }
}

fn bytes(image: &Image, reserve: bool, at: u64, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    assert!(image[usize::from(reserve)].read(&mut bytes, at as usize));
    bytes
}

/// From part 0 of the table (spec/vault.md §4), which has so many bytes.
fn state(layer_key: &[u8; 32], part: &[u8], len: usize) -> [u8; 64] {
    let salt = &part[..16];
    let key: Secret<32> = derive(layer_key, "amate/v1/vault/table", &[salt]);
    let mut plain = part[16..16 + len].to_vec();
    let tag = part[16 + len..].first_chunk().unwrap();
    aead::open_once(&key, &[], &mut plain, tag).unwrap();
    *plain[48..].first_chunk().unwrap()
}

/// Under which action records stand (spec/vault.md §7).
fn action_key(header: &Header, device: &SimKeys, ticket: &[u8; 32]) -> [u8; 32] {
    let input: Secret<32> = derive(ticket, "amate/v1/vault/action/input", &[]);
    let mac = device.mac(header.handles()[0], input.expose()).unwrap();
    let both = [*ticket, *mac.expose()];
    *derive::<32>(both.as_flattened(), "amate/v1/vault/action", &[]).expose()
}

fn acts(key: &[u8; 32], slot: u32, record: &[u8]) -> bool {
    (0..2_u8).any(|copy| {
        let at = usize::from(copy) * UNIT / 2;
        let (salt, rest) = record[at..].split_at(16);
        let label = "amate/v1/vault/action/record";
        let key: Secret<32> = derive(key, label, &[&[slot as u8, copy], salt]);
        let mut body = rest[..16].to_vec();
        aead::open_once(&key, &[], &mut body, rest[16..].first_chunk().unwrap()).is_ok()
    })
}
