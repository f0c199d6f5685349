// SPDX-License-Identifier: MPL-2.0
//! Cells of media, heads of the spool.

use amate_seal::{aead, hash::sha256};
use amate_wire::document::hex;

use super::{Vector, bytes, flip, good, noise, padded, sealed, secret, unread, with_unread};

const CELL: usize = 65_536;

pub(super) fn vectors() -> Vec<Vector> {
    [cells(), spools()].concat()
}

/// Cell `index` of the medium, in a place.
fn cell(index: u64, place: u32, len: u32, next: u32, end: u8, content: &[u8]) -> Vec<u8> {
    let body = [len.to_be_bytes(), next.to_be_bytes(), [end, 0, 0, 0]].concat();
    seal_cell(index, place, padded([&body, content].concat(), CELL - 16))
}

fn seal_cell(index: u64, place: u32, mut body: Vec<u8>) -> Vec<u8> {
    let k0: [u8; 32] = bytes("k0");
    let next_key = |k: [u8; 32], _| *secret(&k, "amate/v1/vault/media/next", &[]).expose();
    let k = (0..index).fold(k0, next_key);
    let medium = bytes::<16>("medium id");
    let aad = [b"cell".as_slice(), &medium, &index.to_be_bytes(), &place.to_be_bytes()].concat();
    let tag = aead::seal_once(&secret(&k, "amate/v1/vault/media/cell", &[]), &aad, &mut body);
    [body, tag.to_vec()].concat()
}

fn cells() -> Vec<Vector> {
    let full = noise("content", 65_508);
    let vector = |name: &str, why: &str, index: u64, place: u32, body: Vec<u8>| {
        good("cell", name, "vault.md §9", why, body)
            .bytes("k0", &bytes::<32>("k0"))
            .bytes("medium-id", &bytes::<16>("medium id"))
            .with("index", index.to_string())
            .with("cell", place.to_string())
    };
    let middle = vector("cell", "the fourth of a medium, full", 3, 21, {
        cell(3, 21, 65_508, 77, 0, &full)
    });
    let middle = middle
        .with("gives-length", "65508")
        .with("gives-next", "77")
        .with("gives-end", "no")
        .bytes("gives-sha256", &sha256(&full));
    let end = vector("cell-end", "the last", 4, 77, cell(4, 77, 5, u32::MAX, 1, b"final"))
        .with("gives-length", "5")
        .with("gives-next", "4294967295")
        .with("gives-end", "yes")
        .bytes("gives-sha256", &sha256(b"final"));
    let head = [5_u32.to_be_bytes(), u32::MAX.to_be_bytes(), [0xff; 4]].concat();
    let filled = unread([&head, b"final".as_slice()].concat(), CELL - 16);
    let filled = with_unread(&end, seal_cell(4, 77, filled));
    let rule = "vault.md C-1";
    let other = |input: &str, value: &str| {
        let (name, why) = (format!("c1-{input}"), format!("another {input}"));
        end.bad(&name, "open", rule, &why, |vector| vector.set(input, value))
    };
    let long = "a length that no cell has";
    vec![
        end.bad("c1-bit", "open", rule, "a flipped bit", flip),
        other("index", "3"),
        other("cell", "78"),
        other("medium-id", &hex(&bytes::<16>("other id"))),
        middle.bad("c1-length", "parse", rule, long, |vector| {
            vector.body = cell(3, 21, 65_509, 77, 0, &full);
        }),
        middle,
        filled,
        end,
    ]
}

fn spools() -> Vec<Vector> {
    let key: [u8; 32] = bytes("spool key");
    let bodies: [u8; 32] = bytes("bodies");
    let row = |note: u16, len: u32| {
        let text = vec![b'n'; usize::from(note.min(987)) - 1];
        let hash = sha256(b"body");
        let row = [note.to_be_bytes().as_slice(), &len.to_be_bytes(), &hash, &text].concat();
        padded(row, 1_024)
    };
    let rows = [row(6, 4), vec![0; 1_024], row(987, 262_144), row(988, 4), row(6, 262_145)];
    let plain = [bodies.to_vec(), rows.concat()].concat();
    let seal = |plain: &[u8]| sealed(&key, "amate/v1/vault/spool", &[&[1]], "spool", plain);
    let body = seal(&padded(plain.clone(), CELL - 32));
    let why = "two entries; dummies: none, a note and a body that are too long";
    let body_key = |e: u8| *secret(&bodies, "amate/v1/vault/spool/body", &[&[e]]).expose();
    let spool = good("spool", "spool", "vault.md §10", why, body)
        .bytes("spool-key", &key)
        .with("partition", "1")
        .with("entries", "5")
        .with("gives-entries", "5 4, none, 986 262144, none, none")
        .bytes("gives-sha256-0", &sha256(b"body"))
        .bytes("gives-key-0", &body_key(0))
        .bytes("gives-key-2", &body_key(2));
    let mut other = plain;
    other[32 + 1_000..32 + 1_024].fill(0xa5);
    let filled = with_unread(&spool, seal(&unread(other, CELL - 32)));
    let rule = "vault.md S-1";
    vec![
        filled,
        spool.bad("s1-bit", "open", rule, "a flipped bit", flip),
        spool.bad("s1-partition", "open", rule, "of the other partition", |vector| {
            vector.set("partition", "0");
        }),
        spool,
    ]
}
