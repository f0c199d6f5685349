// SPDX-License-Identifier: MPL-2.0
//! The memory of another process, as a core dump would hold it, and what is found there.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::{
    collections::HashMap,
    fs::{self, File},
    os::unix::fs::FileExt,
    process::Child,
};

/// Pieces of keys that are looked for: an allocator overwrites the beginning of what it gets back.
const PIECE: usize = 8;

/// All memory of a process that can be written.
pub(crate) struct Memory(Vec<Vec<u8>>);

impl Memory {
    pub(crate) fn of(child: &Child) -> Self {
        let maps = fs::read_to_string(format!("/proc/{}/maps", child.id())).unwrap();
        let memory = File::open(format!("/proc/{}/mem", child.id())).unwrap();
        let regions = maps.lines().filter(|line| line.contains(" rw")).filter_map(|line| {
            let range = line.split(' ').next().unwrap();
            let (from, to) = range.split_once('-').unwrap();
            let number = |text| u64::from_str_radix(text, 16).unwrap();
            let mut bytes = vec![0; (number(to) - number(from)) as usize];
            memory.read_exact_at(&mut bytes, number(from)).is_ok().then_some(bytes)
        });
        Self(regions.collect())
    }

    pub(crate) fn regions(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(Vec::as_slice)
    }

    /// How often a piece of a key of each kind stands there.
    pub(crate) fn count(&self, keys: &[(&'static str, Vec<u8>)]) -> HashMap<&'static str, usize> {
        let mut pieces: HashMap<[u8; PIECE], &'static str> = HashMap::new();
        let mut begins = vec![false; 1 << 16];
        for (kind, key) in keys {
            for piece in key.as_chunks::<PIECE>().0 {
                begins[usize::from(u16::from_be_bytes([piece[0], piece[1]]))] = true;
                pieces.insert(*piece, kind);
            }
        }
        let mut found = HashMap::new();
        for window in self.regions().flat_map(|region| region.windows(PIECE)) {
            if begins[usize::from(u16::from_be_bytes([window[0], window[1]]))]
                && let Some(kind) = pieces.get(window)
            {
                *found.entry(*kind).or_default() += 1;
            }
        }
        found
    }
}
