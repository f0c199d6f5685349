// SPDX-License-Identifier: MPL-2.0
//! What stands in the places of a vault. Keys are ours: a structure that was sealed with any
//! content is read as the specification says, or not at all; what was not sealed does not open.

use std::collections::HashSet;

use amate_seal::{aead, hash::sha256, kdf::derive, secret::Secret};
use amate_vault::{
    CELL, Extent, Geometry, UNIT, VaultError,
    examine::{self, Child, Entry, Header, Plan},
};

use crate::world::{Cursor, secret};

/// Places of the plan that tables and batches are read for.
const PAGES: u32 = 12;
const CELLS: u32 = 6;
/// Bytes of the two parts of its table.
const TABLE: [usize; 2] = [112 + 16 * (26 + 8 + 4), 16 + 16 * (4 + 2)];
const SEQUENCE: u64 = 9;
const BEFORE: [u8; 32] = [4; 32];
const TABLE_ID: [u8; 16] = [6; 16];
const VOLUME: [u8; 16] = [7; 16];

fn key() -> [u8; 32] {
    *secret("place").expose()
}

fn padded(bytes: &[u8], len: usize) -> Vec<u8> {
    let mut plain = bytes.to_vec();
    plain.resize(len, 0);
    plain
}

/// `salt ‖ ChaCha20-Poly1305(derive₃₂(key, label, parts …, salt), plain)`.
fn seal(label: &str, parts: &[&[u8]], plain: &[u8]) -> Vec<u8> {
    let salt = [9; 16];
    let key: Secret<32> = derive(&key(), label, &[parts, &[&salt]].concat());
    let mut body = plain.to_vec();
    let tag = aead::seal_once(&key, &[], &mut body);
    [salt.as_slice(), &body, &tag].concat()
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn plan() -> Plan {
    let geometry = Geometry {
        halves: 2,
        spool: 1,
        grows: false,
        pages: 8,
        cells: 4,
        journal: 64,
        set_pages: 0,
        set_cells: 0,
    };
    Plan::new(geometry, vec![Extent { pages: 4, cells: 2 }]).expect("sound")
}

/// A plain header, as it is and with the hash that it needs.
pub fn vault_header(bytes: &[u8]) -> bool {
    if let Ok(header) = Header::parse(bytes) {
        assert_eq!(header.encode(), bytes);
    }
    let mut hashed = padded(bytes, UNIT - 32);
    hashed.extend(sha256(&hashed));
    let Ok(header) = Header::parse(&hashed) else { return false };
    assert_eq!(header.encode(), hashed, "H-5");
    stands_apart(&header.plan());
    true
}

/// No two places of a small plan overlap, and all lie within the files.
fn stands_apart(plan: &Plan) {
    let geometry = plan.geometry();
    let of = |add: fn(&Extent) -> u32| plan.extents().iter().map(add).sum::<u32>();
    let pages = geometry.pages + of(|extent| extent.pages);
    let cells = geometry.cells + of(|extent| extent.cells);
    let (vault, reserve) = plan.lengths();
    for (kind, number) in [(5, pages - 1), (6, cells - 1)] {
        assert!(plan.position(kind, number).is_some() && plan.position(kind, number + 1).is_none());
    }
    if pages + cells > 10_000 {
        return;
    }
    let mut taken: HashSet<(bool, u64)> = HashSet::new();
    let mut take = |in_reserve: bool, at: u64, len: usize| {
        assert!(at + len as u64 <= if in_reserve { reserve } else { vault });
        let units = (0..len / UNIT).map(|unit| (in_reserve, at / UNIT as u64 + unit as u64));
        units.for_each(|unit| assert!(taken.insert(unit), "two things in one place"));
    };
    take(false, 0, 2 * UNIT);
    for part in 0..=plan.extents().len() {
        for (at, len) in [0, 1].map(|copy| plan.table(part, copy)) {
            take(false, at, len);
        }
    }
    take(false, plan.journal(0).0, geometry.journal as usize * UNIT);
    let numbers = [8, 8, 4 * u32::from(geometry.halves), 2, pages, cells];
    for (kind, count) in (1..).zip(numbers) {
        for place in (0..count).filter_map(|number| plan.position(kind, number)) {
            take(place.0, place.1, place.2);
        }
    }
}

/// A slot that was altered: `u16(where) ‖ u8(xor)` each. It opens as long as one copy is whole.
pub fn vault_slot(bytes: &[u8]) -> bool {
    let (volume, ticket) = ([1; 32], [2; 32]);
    let plain = [volume, ticket].concat();
    let mut slot = vec![3; UNIT];
    for (number, at) in [0_u8, 1].into_iter().zip([0, UNIT / 2]) {
        slot[at..at + 96].copy_from_slice(&seal("amate/v1/vault/slot", &[&[number]], &plain));
    }
    let before = slot.clone();
    let mut cursor = Cursor(bytes);
    while !cursor.is_empty() {
        let (at, xor) = (usize::from(cursor.u16()) % UNIT, cursor.u8());
        slot[at] ^= xor;
    }
    let whole = [0, UNIT / 2].iter().any(|at| slot[*at..at + 96] == before[*at..at + 96]);
    let opened = examine::open_slot(&key(), &slot);
    assert_eq!(opened, whole.then_some((volume, ticket)), "V-1");
    whole
}

/// The plaintext of both parts of a table.
pub fn vault_table(bytes: &[u8]) -> bool {
    let plain = padded(bytes, TABLE[0] + TABLE[1]);
    let (first, second) = plain.split_at(TABLE[0]);
    let parts = [first, second].map(|part| padded(&seal("amate/v1/vault/table", &[], part), UNIT));
    let table = plan().open_table(&key(), &parts);
    assert_eq!(table.is_some(), first[..16] == second[..16], "L-2");
    let Some(table) = table else { return false };
    // Slots, action records, roots, heads; pages and cells of both extents.
    let fixed = &first[112..112 + 16 * 26];
    let pages = [&first[112 + 16 * 26..112 + 16 * 34], &second[16..16 + 16 * 4]].concat();
    let cells = [&first[112 + 16 * 34..], &second[16 + 16 * 4..]].concat();
    let keys = [fixed, &pages, &cells].concat();
    assert!(table.keys.iter().map(|(_, _, key)| key.as_slice()).eq(keys.chunks(16)));
    assert_eq!(table.full_pass_done, number(&first[16 + 32 + 8..16 + 32 + 16]));
    true
}

/// The plaintext of a header of the journal.
pub fn vault_batch(bytes: &[u8]) -> bool {
    let plan = plan();
    assert!(plan.open_batch(&key(), &TABLE_ID, 2, bytes).is_none(), "L-1");
    let plain = padded(bytes, 4 * UNIT - 32);
    let sealed = seal("amate/v1/vault/journal", &[], &plain);
    let Some(batch) = plan.open_batch(&key(), &TABLE_ID, 2, &sealed) else { return false };
    assert!(plain[..16] == TABLE_ID && plain[16..18] == [0, 2], "L-2");
    assert!(batch.units <= 16 && batch.places.len() <= 774, "L-2");
    assert_eq!(batch.places.len() as u64, number(&plain[18..20]));
    let most = [8, 8, 8, 2, PAGES, CELLS];
    for (kind, n, _) in &batch.places {
        assert!(*n < most[usize::from(*kind) - 1], "L-2");
    }
    true
}

/// The plaintext of an action, and the number of its record.
pub fn vault_action(bytes: &[u8]) -> bool {
    let Some((number, plain)) = bytes.split_first() else { return false };
    let (number, plain) = (number % 8, padded(plain, 16));
    assert!(examine::open_action(&key(), number.into(), bytes).is_none(), "A-1");
    let sealed = seal("amate/v1/vault/action/record", &[&[number, 1]], &plain);
    let record = [vec![7; UNIT / 2], sealed, vec![7; UNIT / 2 - 48]].concat();
    let next = u32::from(number + 1) % 8;
    assert!(examine::open_action(&key(), next, &record).is_none(), "A-1");
    let target = examine::open_action(&key(), number.into(), &record);
    let known = plain[0] == 1 && plain[1] < 8;
    assert_eq!(target, known.then_some(plain[1].into()), "A-1");
    known
}

/// The plaintext of a record.
pub fn vault_record(bytes: &[u8]) -> bool {
    assert!(examine::open_record(&key(), SEQUENCE, &BEFORE, bytes).is_none(), "V-1");
    let plain = padded(bytes, UNIT - 32);
    let sealed = seal("amate/v1/vault/record", &[&SEQUENCE.to_be_bytes()], &plain);
    let record = examine::open_record(&key(), SEQUENCE, &BEFORE, &sealed);
    let count = number(&plain[52..54]);
    let follows = number(&plain[..8]) == SEQUENCE && plain[8..40] == BEFORE && count <= 71;
    assert_eq!(record.is_some(), follows, "V-2, V-4");
    record.is_some_and(|record| {
        assert_eq!(record.entries.len() as u64, count);
        assert_eq!(record.hash, sha256(&plain));
        true
    })
}

/// The plaintext of a node.
pub fn vault_node(bytes: &[u8]) -> bool {
    let mut sealed: [u8; UNIT] = padded(bytes, UNIT).try_into().expect("of its length");
    let plain = sealed;
    let aad = [b"node".as_slice(), &VOLUME, &[1], &2_u32.to_be_bytes(), &5_u32.to_be_bytes()];
    let tag = aead::seal_once(&secret("place"), &aad.concat(), &mut sealed);
    let entry = Entry { place: 5, key: key(), tag };
    let open = |entry: &Entry, index| examine::open_node(entry, &VOLUME, 1, index, PAGES, &sealed);
    assert!(open(&entry, 3).is_err() && open(&Entry { place: 6, ..entry.clone() }, 2).is_err());
    let children = open(&entry, 2).expect("sealed so");
    assert_eq!(children.len(), 78);
    for (child, bytes) in children.iter().zip(plain[8..].chunks(52)) {
        let place = number(&bytes[..4]);
        match child {
            Child::At(entry) => assert!(u64::from(entry.place) == place && entry.place < PAGES),
            Child::Never => assert_eq!(place, u64::from(u32::MAX)),
            _ => assert!(place >= u64::from(PAGES)),
        }
    }
    children.iter().any(|child| matches!(child, Child::At(_)))
}

/// The plaintext of a root.
pub fn vault_root(bytes: &[u8]) -> bool {
    assert!(matches!(examine::open_root(&key(), bytes), Ok(None)), "V-1");
    let plain = padded(bytes, UNIT - 32);
    let root = examine::open_root(&key(), &seal("amate/v1/vault/root", &[], &plain));
    match (root, number(&plain[24..26])) {
        (Ok(Some(root)), 1) => {
            assert_eq!(root.volume, plain[..16]);
            assert_eq!(u64::from(root.pages), number(&plain[26..30]));
            assert_eq!(root.hash, sha256(&plain));
            true
        }
        (Err(VaultError::NeedsNewerVersion), version) if version != 1 => false,
        (root, version) => panic!("V-3: version {version}, {root:?}"),
    }
}

/// The plaintext of a cell.
pub fn vault_cell(bytes: &[u8]) -> bool {
    let mut body = padded(bytes, CELL - 16);
    let plain = body.clone();
    let k: Secret<32> = derive(&key(), "amate/v1/vault/media/next", &[]);
    let cell_key = derive(k.expose(), "amate/v1/vault/media/cell", &[]);
    let aad = [b"cell".as_slice(), &VOLUME, &1_u64.to_be_bytes(), &5_u32.to_be_bytes()].concat();
    let tag = aead::seal_once(&cell_key, &aad, &mut body);
    body.extend(tag);
    let sealed: Box<[u8; CELL]> = body.into_boxed_slice().try_into().expect("of its length");
    assert!(examine::open_cell(&key(), VOLUME, 2, 5, &sealed).is_none(), "C-1");
    let cell = examine::open_cell(&key(), VOLUME, 1, 5, &sealed);
    let len = number(&plain[..4]) as usize;
    assert_eq!(cell.is_some(), len <= 65_508, "C-1");
    cell.is_some_and(|cell| {
        assert_eq!(cell.content, plain[12..12 + len]);
        assert_eq!(cell.end, plain[8] & 1 == 1);
        true
    })
}

/// The plaintext of a head of the spool.
pub fn vault_spool(bytes: &[u8]) -> bool {
    assert!(examine::open_spool(&key(), 1, 16, bytes).is_none(), "S-1");
    let plain = padded(bytes, CELL - 32);
    let sealed = seal("amate/v1/vault/spool", &[&[1]], &plain);
    assert!(examine::open_spool(&key(), 0, 16, &sealed).is_none(), "S-1");
    let head = examine::open_spool(&key(), 1, 16, &sealed).expect("sealed so");
    assert_eq!(head.len(), 16);
    for (entry, row) in head.iter().zip(plain[32..].chunks(1_024)) {
        let (note, len) = (number(&row[..2]), number(&row[2..6]));
        let sound = (1..=987).contains(&note) && len <= 262_144;
        assert_eq!(entry.is_some(), sound, "S-2");
    }
    head.iter().any(Option::is_some)
}

/// Names and plaintexts that are accepted.
pub(crate) fn seeds(target: &str) -> Vec<(&'static str, Vec<u8>)> {
    let be = |numbers: &[u32]| numbers.iter().flat_map(|n| n.to_be_bytes()).collect::<Vec<u8>>();
    match target {
        "vault_header" => vec![("desk", header())],
        "vault_slot" => vec![("untouched", Vec::new()), ("one-copy", vec![0, 20, 1])],
        "vault_table" => vec![("zeros", vec![0; 700])],
        "vault_batch" => {
            let head = [&TABLE_ID[..], &[0, 2, 0, 2], &be(&[16, 3]), &[8; 64]].concat();
            let places = [&[6, 0, 0, 0, 5], &[1; 16][..], &[1, 0, 0, 0, 7], &[2; 16]].concat();
            vec![("a-cell-and-a-slot", [head, places].concat())]
        }
        "vault_action" => vec![("overwrites", vec![3, 1, 5])],
        "vault_record" => {
            let head = [&SEQUENCE.to_be_bytes()[..], &BEFORE, &be(&[3, 4, 90])].concat();
            vec![("two-pages", [head, vec![0, 2, 0, 1], vec![1; 112]].concat())]
        }
        "vault_node" => vec![("zeros", vec![0; UNIT - 32])],
        "vault_root" => {
            let head = [&VOLUME[..], &[0; 8], &[0, 1], &be(&[90, 12])].concat();
            vec![("small", [head, vec![5; 48 + 32 + 8 + 40]].concat())]
        }
        "vault_cell" => vec![
            ("end", [be(&[5, u32::MAX]), vec![1, 0, 0, 0], b"final".to_vec()].concat()),
            ("full", be(&[65_508, 4, 0])),
        ],
        "vault_spool" => {
            let row = [&[0, 6][..], &be(&[4]), &[3; 32], b"nota."].concat();
            vec![("two", [vec![1; 32], padded(&row, 1_024), padded(&row, 1_024)].concat())]
        }
        _ => Vec::new(),
    }
}

/// What stands before the hash of a header: a desk's, with an extent.
fn header() -> Vec<u8> {
    let mut header = b"AMvt\x01\x01\x00\x01".to_vec();
    let numbers = [512, 32, 64, 0, 0, 64, 1, 1, 1].map(u32::to_be_bytes);
    header.extend(numbers.as_flattened());
    header.extend([1; 64]);
    for _ in 0..3 {
        header.extend([0, 32]);
        header.extend(padded(&[2; 32], 318));
    }
    header.extend([0, 1, 0, 0, 2, 0, 0, 0, 0, 64]);
    header
}
