// SPDX-License-Identifier: MPL-2.0
//! Receipts for blocks and notices: rules.

use amate_seal::hash::sha256;
use amate_wire::{document::hex, receipt::LABEL};

use super::{super::vector::Vector, TIME, pair::good, sample::key};

const SENT: &[u8] = b"bytes that the relay stores";
const KIND: usize = 5;
const MAILBOX: usize = 72;
const AT: usize = 108;
const UNTIL: usize = 116;
const SIGNED: usize = 124;

fn unsigned(kind: u8, mailbox: [u8; 32]) -> Vec<u8> {
    [
        b"AMrc\x01".as_slice(),
        &[kind, 0, 0],
        &key("relay").public(),
        &sha256(SENT),
        &mailbox,
        &(SENT.len() as u32).to_be_bytes(),
        &TIME.to_be_bytes(),
        &(TIME + 60 * 86_400).to_be_bytes(),
    ]
    .concat()
}

fn signed(bytes: &[u8], signer: &str) -> Vec<u8> {
    [bytes, &key(signer).sign(LABEL, bytes)].concat()
}

fn accepted(name: &str, why: &str, kind: u8, mailbox: [u8; 32]) -> Vector {
    good("receipt", name, "receipts.md §1", why, signed(&unsigned(kind, mailbox), "relay"))
        .bytes("relay-seed", key("relay").seed().expose())
        .bytes("relay-key", &key("relay").public())
        .bytes("sent", SENT)
        .with("mailbox", if kind == 2 { hex(&mailbox) } else { "none".into() })
        .with("gives-at", TIME.to_string())
        .with("gives-until", (TIME + 60 * 86_400).to_string())
}

pub(super) fn receipts() -> Vec<Vector> {
    let mailbox = sha256(b"mailbox");
    let block = accepted("receipt-block", "a block is stored", 1, [0; 32]);
    let notice = accepted("receipt-notice", "a notice is stored in a mailbox", 2, mailbox);
    [form(&block), others(&block, &notice), vec![block, notice]].concat()
}

fn spoilt(base: &Vector, name: &str, rule: &str, why: &str, spoil: impl Fn(&mut [u8])) -> Vector {
    let expect = if rule.ends_with('1') { "parse" } else { "signature" };
    base.bad(name, expect, rule, why, |vector| {
        spoil(&mut vector.body[..SIGNED]);
        vector.body = signed(&vector.body[..SIGNED], "relay");
    })
}

fn form(base: &Vector) -> Vec<Vector> {
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut [u8])| {
        spoilt(base, name, "receipts.md R-1", why, spoil)
    };
    let length = |name: &str, why: &str, len: usize| {
        base.bad(name, "parse", "receipts.md R-1", why, |vector| vector.body.resize(len, 0))
    };
    let late = (1_u64 << 53).to_be_bytes();
    vec![
        bad("r1-tag", "another tag", &|bytes| bytes[3] = b'C'),
        bad("r1-version", "version 2", &|bytes| bytes[4] = 2),
        bad("r1-kind-0", "kind 0", &|bytes| bytes[KIND] = 0),
        bad("r1-kind-3", "kind 3", &|bytes| bytes[KIND] = 3),
        bad("r1-reserved", "a reserved byte that is not zero", &|bytes| bytes[7] = 1),
        bad("r1-mailbox", "a block in a mailbox", &|bytes| bytes[MAILBOX] = 1),
        bad("r1-at", "stored at 2⁵³", &|bytes| bytes[AT..UNTIL].copy_from_slice(&late)),
        bad("r1-until", "kept until 2⁵³", &|bytes| bytes[UNTIL..].copy_from_slice(&late)),
        length("r1-short", "the last byte is missing", 187),
        length("r1-long", "a byte more", 189),
    ]
}

fn others(block: &Vector, notice: &Vector) -> Vec<Vector> {
    let rule = "receipts.md R-2";
    let asked = |base: &Vector, name: &str, why: &str, key: &str, value: String| {
        base.bad(name, "signature", rule, why, |vector| vector.set(key, value))
    };
    let someone = key("someone").public();
    vec![
        asked(
            block,
            "r2-sent",
            "other bytes were sent",
            "sent",
            hex(b"other bytes of the length!!"),
        ),
        asked(block, "r2-relay", "another relay was asked", "relay-key", hex(&someone)),
        asked(block, "r2-kind", "a notice was sent", "mailbox", "00".repeat(32)),
        asked(notice, "r2-mailbox", "another mailbox", "mailbox", hex(&sha256(b"other box"))),
        asked(notice, "r2-block", "a block was sent", "mailbox", "none".into()),
        spoilt(block, "r2-length", rule, "another length", |bytes| bytes[107] ^= 1),
        spoilt(block, "r2-hash", rule, "another hash", |bytes| bytes[40] ^= 1),
        spoilt(
            block,
            "r2-named",
            rule,
            "names another relay key, signed by the relay's",
            |bytes| {
                bytes[8..40].copy_from_slice(&someone);
            },
        ),
        block.bad("r2-bit", "signature", rule, "a bit of the signature", |vector| {
            vector.body[187] ^= 1;
        }),
        block.bad("r2-key", "signature", rule, "signed by another key", |vector| {
            vector.body = signed(&vector.body[..SIGNED], "someone");
        }),
        block.bad("r2-label", "signature", rule, "signed under another label", |vector| {
            let signature = key("relay").sign("amate/v1/notice", &vector.body[..SIGNED]);
            vector.body[SIGNED..].copy_from_slice(&signature);
        }),
    ]
}
