// SPDX-License-Identifier: MPL-2.0
//! Pages, records, nodes and roots.

use amate_seal::{aead, hash::sha256, secret::Secret};
use amate_wire::document::hex;

use super::{UNIT, Vector, bytes, flip, good, noise, padded, sealed, unread, with_unread, words};

const SEALED: usize = UNIT - 32;

pub(super) fn vectors() -> Vec<Vector> {
    [pages(), records(), nodes(), roots()].concat()
}

/// Seals under a key used for this alone; the tag stands elsewhere.
fn once(key: &[u8; 32], aad: &[u8], plain: &[u8]) -> (Vec<u8>, [u8; 16]) {
    let mut body = plain.to_vec();
    let tag = aead::seal_once(&Secret::new(*key), aad, &mut body);
    (body, tag)
}

/// One rejected vector for each input that is another, and one for the bytes.
fn bound(base: &Vector, kind: &str, inputs: &[(&str, String)]) -> Vec<Vector> {
    let rule = "vault.md V-1";
    let others = inputs.iter().map(|(input, value)| {
        let (name, why) = (format!("v1-{kind}-{input}"), format!("another {input}"));
        base.bad(&name, "open", rule, &why, |vector| vector.set(input, value.clone()))
    });
    let bit = base.bad(&format!("v1-{kind}-bit"), "open", rule, "a flipped bit", flip);
    others.chain([bit]).collect()
}

fn pages() -> Vec<Vector> {
    let (key, volume) = (bytes("page key"), bytes::<16>("volume id"));
    let (number, place) = (3_u32, 41_u32);
    let plain = noise("page", UNIT);
    let aad = [b"page".as_slice(), &volume, &number.to_be_bytes(), &place.to_be_bytes()].concat();
    let (body, tag) = once(&key, &aad, &plain);
    let page = good("page", "page", "vault.md §8", "page 3 in place 41", body)
        .bytes("key", &key)
        .bytes("tag", &tag)
        .bytes("volume-id", &volume)
        .with("number", "3")
        .with("place", "41")
        .bytes("gives-sha256", &sha256(&plain));
    let others = [
        ("key", hex(&bytes::<32>("other key"))),
        ("tag", hex(&bytes::<16>("other tag"))),
        ("volume-id", hex(&bytes::<16>("other id"))),
        ("number", "4".to_owned()),
        ("place", "40".to_owned()),
    ];
    [bound(&page, "page", &others), vec![page]].concat()
}

/// What a record says.
#[derive(Clone)]
struct Said {
    sequence: u64,
    before: [u8; 32],
    next: [u32; 2],
    pages: u32,
    count: u16,
    flags: u16,
}

impl Said {
    fn entry(n: u16) -> Vec<u8> {
        let name = format!("entry {n}");
        let (page, place) = (u32::from(n), 500 - u32::from(n));
        let (key, tag) = (bytes::<32>(&name), bytes::<16>(&name));
        [page.to_be_bytes().as_slice(), &place.to_be_bytes(), &key, &tag].concat()
    }

    fn plain(&self) -> Vec<u8> {
        padded(self.said(), SEALED)
    }

    fn said(&self) -> Vec<u8> {
        let mut plain = self.sequence.to_be_bytes().to_vec();
        plain.extend(self.before);
        for number in [self.next[0], self.next[1], self.pages] {
            plain.extend(number.to_be_bytes());
        }
        plain.extend(self.count.to_be_bytes());
        plain.extend(self.flags.to_be_bytes());
        plain.extend((0..self.count.min(71)).flat_map(Self::entry));
        plain
    }

    /// Under the key of a sequence.
    fn seal(&self, sequence: u64) -> Vec<u8> {
        Self::seal_plain(sequence, &self.plain())
    }

    fn seal_plain(sequence: u64, plain: &[u8]) -> Vec<u8> {
        let key = bytes("record key");
        sealed(&key, "amate/v1/vault/record", &[&sequence.to_be_bytes()], "record", plain)
    }

    fn vector(&self, name: &str, why: &str) -> Vector {
        let entries: Vec<u8> = (0..self.count).flat_map(Self::entry).collect();
        good("record", name, "vault.md §8", why, self.seal(self.sequence))
            .bytes("record-key", &bytes::<32>("record key"))
            .with("sequence", self.sequence.to_string())
            .bytes("before", &self.before)
            .with("gives-next", words(&self.next.map(u64::from)))
            .with("gives-pages", self.pages.to_string())
            .with("gives-last", if self.flags == 1 { "yes" } else { "no" })
            .with("gives-count", self.count.to_string())
            .bytes("gives-entries-sha256", &sha256(&entries))
            .bytes("gives-hash", &sha256(&self.plain()))
    }
}

fn records() -> Vec<Vector> {
    let first =
        Said { sequence: 9, before: bytes("root"), next: [7, 8], pages: 90, count: 71, flags: 0 };
    let before = sha256(&first.plain());
    let last = Said { sequence: 10, before, next: [9, 10], pages: 90, count: 2, flags: 1 };
    let full = first.vector("record-full", "the first of a commit, full");
    let record = last.vector("record", "the last of the same commit");
    let spoilt = |name: &str, stage: &str, rule: &str, why: &str, said: &Said| {
        let body = said.seal(10);
        record.bad(name, stage, &format!("vault.md {rule}"), why, |vector| vector.body = body)
    };
    let others = [("record-key", hex(&bytes::<32>("other key"))), ("sequence", "9".to_owned())];
    let older = Said { sequence: 9, ..last.clone() };
    let filled = unread(Said { flags: 0xffff, ..last.clone() }.said(), SEALED);
    // The next one names all of it, whatever it is.
    let hash = hex(&sha256(&filled));
    let mut filled = with_unread(&record, Said::seal_plain(10, &filled));
    filled.set("gives-hash", hash);
    let many = Said { count: 72, ..last };
    [
        bound(&record, "record", &others),
        vec![
            spoilt("v2-record-sequence", "chain", "V-2", "says another sequence", &older),
            record.bad("v2-record-before", "chain", "vault.md V-2", "behind another", |vector| {
                vector.set("before", hex(&bytes::<32>("root")));
            }),
            spoilt("v4-record-count", "parse", "V-4", "72 pages", &many),
            full,
            filled,
            record,
        ],
    ]
    .concat()
}

fn nodes() -> Vec<Vector> {
    let (key, volume) = (bytes("node key"), bytes::<16>("volume id"));
    let (level, index, place) = (1_u8, 2_u32, 55_u32);
    let mut plain = vec![level, 0, 0, 0];
    plain.extend(index.to_be_bytes());
    let child = |place: u32, name: &str| {
        let (key, tag) = (bytes::<32>(name), bytes::<16>(name));
        [place.to_be_bytes().as_slice(), &key, &tag].concat()
    };
    let none = |place: u32| [place.to_be_bytes().as_slice(), &[0; 48]].concat();
    plain.extend(child(17, "child 0"));
    plain.extend(none(u32::MAX - 1));
    plain.extend(child(100, "child 2"));
    plain.extend(child(99, "child 3"));
    (4..78).for_each(|_| plain.extend(none(u32::MAX)));
    assert_eq!(plain.len(), UNIT - 32);
    let mut filled = unread(plain.clone(), UNIT);
    filled[1..4].fill(0xa5);
    let (index_bytes, place_bytes) = (index.to_be_bytes(), place.to_be_bytes());
    let aad = [b"node".as_slice(), &volume, &[level], &index_bytes, &place_bytes].concat();
    let (body, tag) = once(&key, &aad, &padded(plain, UNIT));
    let children = [vec!["17", "lost", "lost", "99"], vec!["never"; 74]].concat().join(" ");
    let why = "the third child names a place that there is not";
    let node = good("node", "node", "vault.md §8", why, body)
        .bytes("key", &key)
        .bytes("tag", &tag)
        .bytes("volume-id", &volume)
        .with("level", "1")
        .with("index", "2")
        .with("place", "55")
        .with("places", "100")
        .with("gives-children", children)
        .bytes("gives-key-0", &bytes::<32>("child 0"))
        .bytes("gives-tag-3", &bytes::<16>("child 3"));
    let others = [
        ("key", hex(&bytes::<32>("other key"))),
        ("tag", hex(&bytes::<16>("other tag"))),
        ("volume-id", hex(&bytes::<16>("other id"))),
        ("level", "0".to_owned()),
        ("index", "1".to_owned()),
        ("place", "54".to_owned()),
    ];
    let (body, tag) = once(&key, &aad, &filled);
    let mut filled = with_unread(&node, body);
    filled.set("tag", hex(&tag));
    [bound(&node, "node", &others), vec![filled, node]].concat()
}

fn root(version: u16, pages: u32, top: u32) -> Vec<u8> {
    padded(said_by_root(version, pages, top), SEALED)
}

fn said_by_root(version: u16, pages: u32, top: u32) -> Vec<u8> {
    let mut plain = bytes::<16>("volume id").to_vec();
    plain.extend(77_u64.to_be_bytes());
    plain.extend(version.to_be_bytes());
    plain.extend(pages.to_be_bytes());
    plain.extend(top.to_be_bytes());
    if top == u32::MAX {
        plain.extend([0; 48]);
    } else {
        plain.extend(bytes::<32>("top"));
        plain.extend(bytes::<16>("top"));
    }
    plain.extend(bytes::<32>("record key"));
    plain.extend([33_u32, 34].map(u32::to_be_bytes).as_flattened());
    plain.extend(9_u64.to_be_bytes());
    plain.extend(bytes::<32>("before"));
    plain
}

fn roots() -> Vec<Vector> {
    let key = bytes("volume key");
    let seal = |plain: &[u8]| sealed(&key, "amate/v1/vault/root", &[], "root", plain);
    let vector = |name: &str, why: &str, pages: u32, top: u32| {
        let plain = root(1, pages, top);
        good("root", name, "vault.md §8", why, seal(&plain))
            .bytes("volume-key", &key)
            .bytes("gives-volume-id", &bytes::<16>("volume id"))
            .with("gives-generation", "77")
            .with("gives-pages", pages.to_string())
            .bytes("gives-record-key", &bytes::<32>("record key"))
            .with("gives-next", "33 34")
            .with("gives-sequence", "9")
            .bytes("gives-hash", &sha256(&plain))
    };
    let whole = vector("root", "with a tree", 90, 12)
        .with("gives-top", "12")
        .bytes("gives-top-key", &bytes::<32>("top"))
        .bytes("gives-top-tag", &bytes::<16>("top"));
    let empty =
        vector("root-empty", "of a database without pages", 0, u32::MAX).with("gives-top", "none");
    let others = [("volume-key", hex(&bytes::<32>("other key")))];
    let filled = unread(said_by_root(1, 90, 12), SEALED);
    let mut unread_root = with_unread(&whole, seal(&filled));
    unread_root.set("gives-hash", hex(&sha256(&filled)));
    let newer = "the volume has version 2";
    [
        bound(&whole, "root", &others),
        vec![
            whole.bad("v3-root-version", "parse", "vault.md V-3", newer, |vector| {
                vector.body = seal(&root(2, 90, 12));
            }),
            empty,
            unread_root,
            whole,
        ],
    ]
    .concat()
}
