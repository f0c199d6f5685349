// SPDX-License-Identifier: MPL-2.0
//! The parcel manifest: rule P-1.

use amate_seal::hash::sha256;
use amate_wire::{
    document::SignedDocument,
    id::{DocumentId, ItemId, RelayKey},
    parcel::{Entry, ParcelManifest},
};

use super::{
    super::vector::Vector,
    pair::good,
    sample::{self, key},
};

/// Bytes before the first entry.
const HEAD: usize = 9;

pub(super) fn parcels() -> Vec<Vector> {
    let base = manifest("parcel", "one item: what is said of it, and where it is", entries());
    [bytes(&base), places(&base), many(&base), vec![base, every_type()]].concat()
}

fn manifest(name: &str, why: &str, entries: Vec<Entry>) -> Vector {
    let count = entries.len().to_string();
    let body = ParcelManifest { entries }.encode();
    good("parcel-manifest", name, "envelope.md §4", why, body)
        .with("items", "4")
        .with("gives-entries", count)
}

fn item() -> ItemId {
    sample::small()[0].made.id
}

/// One item; its content is parcel item 1.
fn entries() -> Vec<Entry> {
    let manifest = sample::small()[0].made.document.encode();
    vec![Entry::Manifest(manifest), Entry::Content { item: item(), first: 1, count: 1 }]
}

fn every_type() -> Vector {
    let document = SignedDocument { json: b"{}".to_vec(), signature: [7; 64] }.encode();
    let item = item();
    let entries = vec![
        Entry::Manifest(document.clone()),
        Entry::Custody(document.clone()),
        Entry::Case(document.clone()),
        Entry::Facts(item, b"[]".to_vec()),
        Entry::Receipt {
            item,
            relay: RelayKey(key("relay").public()),
            salt: sha256(b"salt"),
            head_n: 1,
            head: DocumentId(sha256(b"head")),
            proof: b"proof".to_vec(),
        },
        Entry::Content { item, first: 1, count: 3 },
        Entry::Address(b"AMATE1:".to_vec()),
        Entry::Opening(document),
        Entry::CustodyFacts(item, b"[]".to_vec()),
        Entry::NotBefore(item, b"note".to_vec()),
        Entry::Unknown(11, b"newer".to_vec()),
        Entry::Unknown(255, Vec::new()),
    ];
    let why = "the form of every type, and of two that are not known; what is inside is not read";
    manifest("parcel-types", why, entries)
}

fn bytes(base: &Vector) -> Vec<Vector> {
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vec<u8>)| {
        base.bad(name, "parse", "envelope.md P-1", why, |vector| spoil(&mut vector.body))
    };
    vec![
        bad("p1-tag", "another tag", &|body| body[3] = b'M'),
        bad("p1-version", "version 2", &|body| body[4] = 2),
        bad("p1-count-more", "one entry announced that is not there", &|body| body[8] += 1),
        bad("p1-count-less", "an entry that is not counted", &|body| body[8] -= 1),
        bad("p1-length", "an entry longer than what is there", &|body| body[HEAD + 1] = 1),
        bad("p1-trailing", "a byte is left over", &|body| body.push(0)),
        bad("p1-cut", "the last byte is missing", &|body| {
            body.pop();
        }),
        bad("p1-place-long", "a place of 41 bytes", &|body| {
            let at = body.len() - 41;
            body[at] += 1;
            body.push(0);
        }),
    ]
}

fn places(base: &Vector) -> Vec<Vector> {
    let bad = |name: &str, why: &str, first: u32, count: u32| {
        base.bad(name, "parse", "envelope.md P-1", why, |vector| {
            let at = vector.body.len() - 8;
            vector.body[at..at + 4].copy_from_slice(&first.to_be_bytes());
            vector.body[at + 4..].copy_from_slice(&count.to_be_bytes());
        })
    };
    let twice = base.bad(
        "p1-twice",
        "parse",
        "envelope.md P-1",
        "a second place that names a parcel item again",
        |vector| {
            let mut entries = entries();
            entries.push(Entry::Content { item: ItemId(sha256(b"other")), first: 1, count: 2 });
            vector.body = ParcelManifest { entries }.encode();
        },
    );
    vec![
        bad("p1-outside", "content in parcel item 4 of 4", 4, 1),
        bad("p1-beyond", "content that begins inside and ends outside", 3, 2),
        bad("p1-itself", "content in the parcel manifest's own item", 0, 1),
        bad("p1-overflow", "numbers whose sum is above 2³²", 2, u32::MAX),
        twice,
    ]
}

/// The most entries, and one more. `append` and `times` say what follows the body.
fn many(base: &Vector) -> Vec<Vector> {
    let announced = |vector: &mut Vector, times: u32| {
        let all = times + u32::from(vector.body[8]);
        vector.body[5..HEAD].copy_from_slice(&all.to_be_bytes());
    };
    let held = u32::from(base.body[8]);
    let mut most = base.clone().bytes("append", &[200, 0, 0, 0, 0]);
    most.name = "parcel-most".into();
    most.set("comment", "65 536 entries, nearly all of a type that is not known");
    most.set("gives-entries", "65536");
    let mut most = most.with("times", (65_536 - held).to_string());
    announced(&mut most, 65_536 - held);
    let why = "65 537 entries, all there";
    let more = most.bad("p1-many", "parse", "envelope.md P-1", why, |vector| {
        vector.set("times", (65_537 - held).to_string());
        vector.body[5..HEAD].copy_from_slice(&65_537_u32.to_be_bytes());
    });
    vec![most, more]
}
