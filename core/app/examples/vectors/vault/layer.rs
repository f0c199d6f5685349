// SPDX-License-Identifier: MPL-2.0
//! The table of place keys, headers of the journal, slots.

use amate_seal::hash::sha256;

use super::{
    UNIT, Vector, bytes, flip, good, noise, padded, plan, sealed, unread, with_unread, words,
};

/// Halves, spool, pages, cells, journal; one extent of 4 pages and 2 cells.
const PLAN: [u32; 5] = [2, 1, 8, 4, 64];
const EXTENT: &str = "4 2";
const HEADER: usize = 4 * UNIT;

pub(super) fn vectors() -> Vec<Vector> {
    [slots(), actions(), tables(), batches()].concat()
}

fn slots() -> Vec<Vector> {
    let key = bytes::<32>("code key");
    let (volume, ticket) = (bytes::<32>("volume key"), bytes::<32>("ticket"));
    let plain = [volume, ticket].concat();
    let copy =
        |number: u8, name: &str| sealed(&key, "amate/v1/vault/slot", &[&[number]], name, &plain);
    let [first, second] = [copy(0, "slot, copy 0"), copy(1, "slot, copy 1")];
    let slot = |copies: [&[u8]; 2]| {
        let mut place = noise("slot", UNIT);
        for (copy, at) in copies.into_iter().zip([0, UNIT / 2]) {
            place[at..at + copy.len()].copy_from_slice(copy);
        }
        place
    };
    let vector = |name: &str, why: &str, body: Vec<u8>| {
        good("slot", name, "vault.md §7", why, body)
            .bytes("code-key", &key)
            .bytes("gives-volume-key", &volume)
            .bytes("gives-ticket", &ticket)
    };
    let whole = vector("slot", "both copies", slot([&first, &second]));
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        whole.bad(name, "open", "vault.md V-1", why, spoil)
    };
    vec![
        bad("v1-slot-unused", "noise", &|vector| vector.body = noise("slot", UNIT)),
        bad("v1-slot-code", "another code", &|vector| {
            vector.set("code-key", amate_wire::document::hex(&bytes::<32>("other code")));
        }),
        bad("v1-slot-copies", "each copy in the place of the other", &|vector| {
            vector.body = slot([&second, &first]);
        }),
        vector("slot-second", "the first copy is noise", slot([&[], &second])),
        whole,
    ]
}

fn actions() -> Vec<Vector> {
    let key = bytes::<32>("action key");
    let number = 3_u8;
    let label = "amate/v1/vault/action/record";
    let record = |plain: [u8; 16], copies: [bool; 2]| {
        let mut place = noise("action", UNIT);
        for (copy, at) in [(0_u8, 0), (1, UNIT / 2)] {
            if copies[usize::from(copy)] {
                let name = format!("action, copy {copy}");
                let sealed = sealed(&key, label, &[&[number, copy]], &name, &plain);
                place[at..at + sealed.len()].copy_from_slice(&sealed);
            }
        }
        place
    };
    let said = |kind: u8, target: u8, rest: u8| {
        let mut plain = [rest; 16];
        (plain[0], plain[1]) = (kind, target);
        plain
    };
    let vector = |name: &str, why: &str, body: Vec<u8>| {
        good("action", name, "vault.md §7", why, body)
            .bytes("action-key", &key)
            .with("number", number.to_string())
            .with("gives-target", "5")
    };
    let plain = said(1, 5, 0);
    let whole = vector("action", "slot 5 becomes noise", record(plain, [true, true]));
    let bad = |name: &str, stage: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        whole.bad(name, stage, "vault.md A-1", why, spoil)
    };
    vec![
        with_unread(&whole, record(said(1, 5, 0xa5), [true, true])),
        bad("a1-action-none", "open", "noise", &|vector| vector.body = noise("action", UNIT)),
        bad("a1-action-key", "open", "another key", &|vector| {
            vector.set("action-key", amate_wire::document::hex(&bytes::<32>("other key")));
        }),
        bad("a1-action-number", "open", "in another record", &|vector| {
            vector.set("number", "4".to_owned());
        }),
        bad("a1-action-kind", "parse", "a kind that is none", &|vector| {
            vector.body = record(said(2, 5, 0), [true, true]);
        }),
        bad("a1-action-target", "parse", "a slot that there is not", &|vector| {
            vector.body = record(said(1, 8, 0), [true, true]);
        }),
        vector("action-second", "the first copy is noise", record(plain, [false, true])),
        whole,
    ]
}

fn tables() -> Vec<Vector> {
    let key = bytes::<32>("layer key");
    let id = bytes::<16>("table id");
    let places = 8 + 8 + 8 + 2;
    let place_key = |name: &str, n: u32| bytes::<16>(&format!("{name} {n}"));
    let keys = |name: &str, from: u32, to: u32| -> Vec<u8> {
        (from..to).flat_map(|n| place_key(name, n)).collect()
    };
    let mut state = [0; 64];
    state[0] = 1;
    state[8..16].copy_from_slice(&12_345_u64.to_be_bytes());
    state[16..20].copy_from_slice(&7_u32.to_be_bytes());
    let part = |number: usize, plain: &[u8]| {
        let name = format!("table, part {number}");
        let mut part = sealed(&key, "amate/v1/vault/table", &[], &name, plain);
        assert!(part.len() < UNIT);
        part.extend_from_slice(&noise("table", UNIT)[part.len()..]);
        part
    };
    let spool_key = bytes::<32>("spool key");
    let first = |state: [u8; 64]| {
        let fixed = keys("fixed", 0, places);
        let (pages, cells) = (keys("page", 0, 8), keys("cell", 0, 4));
        part(0, &[id.as_slice(), &spool_key, &state, &fixed, &pages, &cells].concat())
    };
    let second = |id: [u8; 16]| {
        part(1, &[id.as_slice(), &keys("page", 8, 12), &keys("cell", 4, 6)].concat())
    };
    let body = [first(state), second(id)].concat();
    let table = good("table", "table", "vault.md §4", "a copy of two parts", body);
    let table = plan(table, PLAN, EXTENT).bytes("layer-key", &key);
    let table = table
        .bytes("gives-table-id", &id)
        .bytes("gives-spool-key", &spool_key)
        .with("gives-full-pass-due", "yes")
        .with("gives-full-pass-done", "12345")
        .with("gives-codes-tried", "7")
        .bytes("gives-slot-0", &place_key("fixed", 0))
        .bytes("gives-action-record-0", &place_key("fixed", 8))
        .bytes("gives-root-0", &place_key("fixed", 16))
        .bytes("gives-head-1", &place_key("fixed", 25))
        .bytes("gives-page-7", &place_key("page", 7))
        .bytes("gives-page-8", &place_key("page", 8))
        .bytes("gives-cell-5", &place_key("cell", 5));
    let bad = |name: &str, rule: &str, stage: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        table.bad(name, stage, &format!("vault.md {rule}"), why, spoil)
    };
    let mut filled = [0xa5; 64];
    filled[0] = 0xff;
    filled[8..20].copy_from_slice(&state[8..20]);
    vec![
        with_unread(&table, [first(filled), second(id)].concat()),
        bad("l1-table-bit", "L-1", "open", "a bit of part 0", &|vector| vector.body[500] ^= 1),
        bad("l1-table-part", "L-1", "open", "a bit of part 1", &|vector| {
            vector.body[UNIT + 20] ^= 1;
        }),
        bad("l1-table-key", "L-1", "open", "another layer key", &|vector| {
            vector.set("layer-key", amate_wire::document::hex(&bytes::<32>("other key")));
        }),
        bad("l2-table-id", "L-2", "chain", "part 1 of another writing", &|vector| {
            vector.body.truncate(UNIT);
            vector.body.extend(second(bytes("other id")));
        }),
        table,
    ]
}

/// What a header of the journal says.
#[derive(Clone)]
struct Said {
    id: [u8; 16],
    number: u16,
    count: Option<u16>,
    units: u32,
    places: Vec<(u8, u32)>,
}

impl Said {
    fn seal(&self) -> Vec<u8> {
        self.seal_with(padded)
    }

    fn seal_with(&self, fill: fn(Vec<u8>, usize) -> Vec<u8>) -> Vec<u8> {
        let mut plain = self.id.to_vec();
        plain.extend(self.number.to_be_bytes());
        plain.extend(self.count.unwrap_or(self.places.len() as u16).to_be_bytes());
        plain.extend(self.units.to_be_bytes());
        plain.extend(3_u32.to_be_bytes());
        plain.extend(sha256(b"payload"));
        plain.extend(bytes::<32>("payload key"));
        for (kind, number) in &self.places {
            plain.push(*kind);
            plain.extend(number.to_be_bytes());
            plain.extend(bytes::<16>(&format!("new key {kind} {number}")));
        }
        let key: [u8; 32] = bytes("layer key");
        let plain = fill(plain, HEADER - 32);
        sealed(&key, "amate/v1/vault/journal", &[], "journal", &plain)
    }
}

fn batches() -> Vec<Vector> {
    let places = vec![(5, 11), (1, 0), (2, 7), (3, 7), (5, 0)];
    let said = Said { id: bytes("table id"), number: 2, count: None, units: 5, places };
    let named = said.places.iter().map(|(kind, number)| {
        let key = bytes::<16>(&format!("new key {kind} {number}"));
        format!("{kind} {number} {}", amate_wire::document::hex(&key))
    });
    let named: Vec<String> = named.collect();
    let why = "pages 11 and 0, a slot, an action record, a root";
    let batch = good("batch", "batch", "vault.md §5", why, said.seal());
    let batch = plan(batch, PLAN, EXTENT)
        .bytes("layer-key", &bytes::<32>("layer key"))
        .bytes("table-id", &said.id)
        .with("n", "2")
        .with("gives-units", words(&[5]))
        .with("gives-codes-tried", "3")
        .with("gives-places", named.join(", "))
        .bytes("gives-payload-sha256", &sha256(b"payload"))
        .bytes("gives-payload-key", &bytes::<32>("payload key"));
    let spoilt = |name: &str, why: &str, spoil: &dyn Fn(&mut Said)| {
        batch.bad(name, "chain", "vault.md L-2", why, |vector| {
            let mut other = said.clone();
            spoil(&mut other);
            vector.body = other.seal();
        })
    };
    vec![
        batch.bad("l1-batch-bit", "open", "vault.md L-1", "a flipped bit", flip),
        spoilt("l2-batch-table", "of another writing of the table", &|said| {
            said.id = bytes("other id");
        }),
        spoilt("l2-batch-number", "another number", &|said| said.number = 3),
        spoilt("l2-batch-units", "a unit more than its area has", &|said| said.units = 17),
        spoilt("l2-batch-page", "a page that there is not", &|said| said.places[0].1 = 12),
        spoilt("l2-batch-root", "a root that there is not", &|said| said.places[3].1 = 8),
        spoilt("l2-batch-kind", "a kind that there is not", &|said| said.places[0].0 = 7),
        spoilt("l2-batch-count", "775 places", &|said| said.count = Some(775)),
        with_unread(&batch, said.seal_with(unread)),
        batch,
    ]
}
