// SPDX-License-Identifier: MPL-2.0
//! Pairing by spoken words: rule W-1.

use amate_app::keys::{WordList, identity_id, meeting_id};
use amate_seal::hash::{labelled, sha256};
use amate_wire::document::hex;

use super::{super::vector::Vector, pair::good, sample::key};

const SLOT_0: usize = 38;
const SLOT_1: usize = 102;

struct Side {
    identity: [u8; 32],
    key_set: [u8; 32],
    nonce: [u8; 32],
}

fn side(name: &str) -> Side {
    Side {
        identity: identity_id(&key(name).public()).0,
        key_set: sha256(format!("key set of {name}").as_bytes()),
        nonce: sha256(format!("nonce of {name}").as_bytes()),
    }
}

impl Side {
    fn slot(&self, number: u8) -> Vec<u8> {
        let head = [b"AMsa\x01".as_slice(), &[number]].concat();
        [head.as_slice(), &self.identity, &self.key_set, &self.nonce].concat()
    }

    fn commitment(&self) -> Vec<u8> {
        let parts: [&[u8]; 3] = [&self.identity, &self.key_set, &self.nonce];
        let commitment = labelled("amate/v1/words/commit", &parts);
        [b"AMsa\x01\0".as_slice(), &commitment].concat()
    }
}

fn words(a: &Side, b: &Side, list: WordList) -> String {
    let parts: [&[u8]; 6] = [&a.identity, &a.key_set, &b.identity, &b.key_set, &a.nonce, &b.nonce];
    let hash = labelled("amate/v1/words", &parts);
    let bits: String = hash.iter().map(|byte| format!("{byte:08b}")).collect();
    let word = |n: usize| u16::from_str_radix(bits.get(11 * n..11 * n + 11).unwrap(), 2).unwrap();
    (0..5).map(|n| list.word(word(n))).collect::<Vec<_>>().join(" ")
}

pub(super) fn slots() -> Vec<Vector> {
    let slot = |name: &str, number: u8, body: Vec<u8>| {
        good("slot", name, "keys.md §5", "as the relay holds it", body)
            .with("slot", number.to_string())
    };
    let zero = slot("slot-0", 0, side("A").commitment());
    let one = slot("slot-1", 1, side("B").slot(1));
    let bad = |base: &Vector, name: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        base.bad(name, "parse", "keys.md W-1", why, spoil)
    };
    let number = |base: &Vector, name: &str, why: &str, number: &str| {
        bad(base, name, why, &|vector| vector.set("slot", number))
    };
    vec![
        bad(&zero, "w1-tag", "another tag", &|vector| vector.body[3] = b'b'),
        bad(&zero, "w1-version", "version 2", &|vector| vector.body[4] = 2),
        bad(&one, "w1-number", "another number", &|vector| vector.body[5] = 2),
        number(&one, "w1-asked", "slot 2 was asked for", "2"),
        number(&zero, "w1-side", "slot 1 was asked for, and the commitment came", "1"),
        bad(&zero, "w1-short-0", "the last byte of slot 0 is missing", &|vector| {
            vector.body.pop();
        }),
        bad(&one, "w1-short-1", "the last byte of slot 1 is missing", &|vector| {
            vector.body.pop();
        }),
        bad(&one, "w1-trailing", "a byte after slot 1", &|vector| vector.body.push(0)),
        zero,
        one,
    ]
}

pub(super) fn meetings() -> Vec<Vector> {
    let (a, b) = (side("A"), side("B"));
    let body = [a.commitment(), b.slot(1), a.slot(2)].concat();
    let why = "both sides: slots 0, 1 and 2 and the words they hear";
    let mut base = good("words", "words", "keys.md §5", why, body);
    for (name, side) in [("a", &a), ("b", &b)] {
        base = base
            .bytes(&format!("identity-{name}"), &side.identity)
            .bytes(&format!("key-set-{name}"), &side.key_set)
            .bytes(&format!("nonce-{name}"), &side.nonce);
    }
    let base = base
        .with("gives-words-es", words(&a, &b, WordList::Spanish))
        .with("gives-words-en", words(&a, &b, WordList::English));
    let at = SLOT_0 + SLOT_1 + 6;
    let bad = |name: &str, why: &str, offset: usize| {
        base.bad(name, "chain", "keys.md W-1", why, |vector| vector.body[at + offset] ^= 1)
    };
    let meeting = good("meeting", "meeting", "keys.md §5", "where both meet", b"04718265".into())
        .with("gives-meeting-id", hex(&meeting_id("04718265")));
    vec![
        bad("w1-identity", "slot 2 names another identity than slot 0 committed to", 0),
        bad("w1-key-set", "slot 2 names another key set", 32),
        bad("w1-nonce", "slot 2 has another nonce", 64),
        base,
        meeting,
    ]
}
