// SPDX-License-Identifier: MPL-2.0
//! Both files with the outer layer taken off: for who has the code, and the keys of a device in
//! software. Reads with `examine`, seals by spec/vault.md alone.

#![allow(dead_code, clippy::unwrap_used, reason = "a test stops where it fails")]

use std::{fs, path::Path};

use amate_seal::{aead, kdf::derive, secret::Secret};
use amate_vault::{
    SoftwareKeys, UNIT,
    examine::{self, Child, Entry, Header, Plan, Root, Table},
};

/// Kinds of places (§4).
pub(crate) const SLOT: u8 = 1;
pub(crate) const ROOT: u8 = 3;
pub(crate) const PAGE: u8 = 5;
pub(crate) const CELL: u8 = 6;

#[derive(Clone)]
pub(crate) struct Inside {
    files: [Vec<u8>; 2],
    pub(crate) plan: Plan,
    table: Table,
    pub(crate) slot: u32,
    pub(crate) volume_key: [u8; 32],
}

impl Inside {
    /// Of a vault that nothing is being written to.
    pub(crate) fn read(dir: &Path, code: &[u8]) -> Self {
        let files = ["vault", "reserve"].map(|name| fs::read(dir.join(name)).unwrap());
        let header = Header::parse(&files[0][..UNIT]).unwrap();
        let plan = header.plan();
        let [_, layer, _] = header.handles();
        let key = header.layer_key(&SoftwareKeys, layer).unwrap();
        let parts = (0..=plan.extents().len()).map(|part| {
            let (at, len) = plan.table(part, 0);
            files[0][at as usize..at as usize + len].to_vec()
        });
        let table = plan.open_table(&key, &parts.collect::<Vec<_>>()).unwrap();
        let mut inside = Self { files, plan, table, slot: 0, volume_key: [0; 32] };
        let code_key = header.code_key(&SoftwareKeys, code).unwrap();
        let mut slots = (0..8).filter_map(|slot| {
            let (volume, _) = examine::open_slot(&code_key, &inside.place(SLOT, slot))?;
            Some((slot, volume))
        });
        let (slot, volume) = slots.next().unwrap();
        inside.slot = slot;
        inside.volume_key = volume;
        inside
    }

    pub(crate) fn write(&self, dir: &Path) {
        for (name, bytes) in ["vault", "reserve"].into_iter().zip(&self.files) {
            fs::write(dir.join(name), bytes).unwrap();
        }
    }

    /// Of all places.
    pub(crate) fn place_keys(&self) -> impl Iterator<Item = [u8; 16]> + '_ {
        self.table.keys.iter().map(|(_, _, key)| *key)
    }

    /// A place without its outer layer.
    pub(crate) fn place(&self, kind: u8, number: u32) -> Vec<u8> {
        let (reserve, at, len) = self.plan.position(kind, number).unwrap();
        let mut bytes = self.files[usize::from(reserve)][at as usize..at as usize + len].to_vec();
        assert!(examine::stream(&self.key(kind, number), kind, number, &mut bytes));
        bytes
    }

    pub(crate) fn put(&mut self, kind: u8, number: u32, mut bytes: Vec<u8>) {
        let (reserve, at, len) = self.plan.position(kind, number).unwrap();
        assert!(examine::stream(&self.key(kind, number), kind, number, &mut bytes));
        self.files[usize::from(reserve)][at as usize..at as usize + len].copy_from_slice(&bytes);
    }

    pub(crate) fn flip(&mut self, kind: u8, number: u32, at: usize) {
        let (reserve, start, _) = self.plan.position(kind, number).unwrap();
        self.files[usize::from(reserve)][start as usize + at] ^= 1;
    }

    /// Flips a bit of the file `reserve`.
    pub(crate) fn flip_reserve(&mut self, at: usize) {
        self.files[1][at] ^= 1;
    }

    /// Numbers of the roots that open, and what the newest says.
    pub(crate) fn roots(&self) -> (Vec<u32>, Root) {
        let all = 0..u32::from(self.plan.geometry().halves) * 4;
        let opened: Vec<(u32, Root)> = all
            .filter_map(|n| {
                let root = examine::open_root(&self.volume_key, &self.place(ROOT, n)).unwrap();
                root.map(|root| (n, root))
            })
            .collect();
        let numbers = opened.iter().map(|(n, _)| *n).collect();
        (numbers, opened.into_iter().map(|(_, root)| root).max_by_key(|r| r.generation).unwrap())
    }

    /// Leaves of the newest root's tree, and what each says of its pages.
    pub(crate) fn leaves(&self) -> Vec<(Entry, Vec<Child>)> {
        let (_, root) = self.roots();
        let mut nodes = vec![(0, root.top.unwrap())];
        let mut level = 0;
        let mut below = root.pages.div_ceil(78);
        while below > 1 {
            below = below.div_ceil(78);
            level += 1;
        }
        let places = self.plan.geometry().pages;
        loop {
            let opened = nodes.iter().map(|(index, node)| {
                let bytes = self.place(PAGE, node.place).try_into().unwrap();
                examine::open_node(node, &root.volume, level, *index, places, &bytes).unwrap()
            });
            let opened: Vec<Vec<Child>> = opened.collect();
            if level == 0 {
                return nodes.into_iter().map(|(_, node)| node).zip(opened).collect();
            }
            let entries = nodes.iter().zip(opened).flat_map(|((index, _), children)| {
                let children = children.into_iter().enumerate();
                children.filter_map(move |(n, child)| match child {
                    Child::At(entry) => Some((index * 78 + n as u32, entry)),
                    _ => None,
                })
            });
            nodes = entries.collect();
            level -= 1;
        }
    }

    /// Number and place of all pages that the tree names.
    pub(crate) fn pages(&self) -> Vec<(u32, Entry)> {
        let all = self.leaves().into_iter().flat_map(|(_, children)| children).enumerate();
        all.filter_map(|(number, child)| match child {
            Child::At(entry) => Some((number as u32, entry)),
            _ => None,
        })
        .collect()
    }

    fn key(&self, kind: u8, number: u32) -> [u8; 16] {
        self.table.keys.iter().find(|(k, n, _)| (*k, *n) == (kind, number)).unwrap().2
    }
}

/// `salt ‖ ChaCha20-Poly1305(derive₃₂(key, label, parts …, salt), nonce 0, AAD "", plain)`.
pub(crate) fn seal(key: &[u8; 32], label: &str, parts: &[&[u8]], plain: &[u8]) -> Vec<u8> {
    let salt = [5; 16];
    let key: Secret<32> = derive(key, label, &[parts, &[&salt]].concat());
    let mut body = plain.to_vec();
    let tag = aead::seal_once(&key, &[], &mut body);
    [salt.as_slice(), &body, &tag].concat()
}

/// What [`seal`] sealed.
pub(crate) fn open(key: &[u8; 32], label: &str, parts: &[&[u8]], bytes: &[u8]) -> Vec<u8> {
    let (salt, rest) = bytes.split_at(16);
    let key: Secret<32> = derive(key, label, &[parts, &[salt]].concat());
    let (body, tag) = rest.split_last_chunk::<16>().unwrap();
    let mut plain = body.to_vec();
    aead::open_once(&key, &[], &mut plain, tag).unwrap();
    plain
}
