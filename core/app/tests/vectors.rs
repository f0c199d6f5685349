// SPDX-License-Identifier: MPL-2.0
//! Reads tests/vectors in place: each gives what its header says, and each rule of the
//! specification has a vector or a test.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

#[path = "vectors/envelope.rs"]
mod envelope;
#[path = "vectors/evidence.rs"]
mod evidence;
#[path = "vectors/inbox.rs"]
mod inbox;
#[path = "vectors/keys.rs"]
mod keys;
#[path = "vectors/receipts.rs"]
mod receipts;
#[path = "vectors/relay.rs"]
mod relay;
#[path = "vectors/rules.rs"]
mod rules;
#[path = "vectors/vault.rs"]
mod vault;
#[path = "../examples/vectors/vector.rs"]
mod vector;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
    path::PathBuf,
};

use amate_app::export::verify_export;
use amate_wire::document::unhex;
use data_encoding::HEXLOWER;
use vector::Vector;

/// What an accepted vector gives, or the stage at which it fails.
type Outcome = Result<Vec<(&'static str, String)>, &'static str>;

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn folder(name: &str) -> Vec<Vector> {
    Vector::read_all(&repository().join("tests/vectors").join(name))
}

impl Vector {
    fn text(&self, key: &str) -> &str {
        self.find(key).unwrap_or_else(|| panic!("{}: no {key}", self.name))
    }

    fn hex(&self, key: &str) -> Vec<u8> {
        HEXLOWER.decode(self.text(key).as_bytes()).unwrap()
    }

    fn array<const N: usize>(&self, key: &str) -> [u8; N] {
        unhex(self.text(key)).unwrap()
    }

    fn number<T: TryFrom<u64, Error: std::fmt::Debug>>(&self, key: &str) -> T {
        T::try_from(self.text(key).parse().unwrap()).unwrap()
    }

    /// Inputs and body: all that a reader sees.
    fn inputs(&self) -> BTreeMap<&str, &[u8]> {
        let about = ["expect", "spec", "comment", "from"];
        let header = self
            .header
            .iter()
            .filter(|(key, _)| !about.contains(&key.as_str()) && !key.starts_with("gives-"));
        let header = header.map(|(key, value)| (key.as_str(), value.as_bytes()));
        header.chain([("", self.body.as_slice())]).collect()
    }
}

/// The stage, when the reader and the steps agree on whether there is one.
fn staged<T>(reader: Option<T>, steps: Result<(), &'static str>) -> Result<T, &'static str> {
    assert_eq!(reader.is_some(), steps.is_ok(), "the reader, and its steps: {steps:?}");
    steps.map(|()| reader.unwrap())
}

/// Runs a folder through the readers of its structures.
fn run(name: &str, reader: impl Fn(&str) -> fn(&Vector) -> Outcome) {
    let vectors = folder(name);
    let accepted: BTreeMap<&str, &Vector> = vectors
        .iter()
        .filter(|vector| vector.text("expect") == "accept")
        .map(|vector| (vector.name.as_str(), vector))
        .collect();
    assert!(!accepted.is_empty() && accepted.len() <= vectors.len());
    for vector in &vectors {
        let outcome = reader(vector.text("structure"))(vector);
        match (outcome, vector.text("expect")) {
            (Ok(given), "accept") => gives(vector, &given.into_iter().collect()),
            (outcome, expected) => {
                assert_eq!(outcome, Err(leak(expected)), "{name}/{}", vector.name);
                has_one_defect(vector, accepted[vector.text("from")]);
            }
        }
    }
}

/// All results that the header names are those of the code.
fn gives(vector: &Vector, given: &BTreeMap<&str, String>) {
    for (key, value) in &vector.header {
        if let Some(key) = key.strip_prefix("gives-") {
            assert_eq!(given.get(key), Some(value), "{}: {key}", vector.name);
        }
    }
}

/// A rejected vector is an accepted one but for its body, one input, or an input that follows from
/// the body.
fn has_one_defect(vector: &Vector, accepted: &Vector) {
    let (spoilt, good) = (vector.inputs(), accepted.inputs());
    assert!(spoilt.keys().eq(good.keys()), "{}: other inputs", vector.name);
    let differ = spoilt.iter().filter(|(key, value)| good[*key] != **value).count();
    assert!((1..=2).contains(&differ), "{}: {differ} inputs differ", vector.name);
}

fn leak(text: &str) -> &'static str {
    ["parse", "signature", "open", "chain", "proof", "archive"]
        .into_iter()
        .find(|stage| *stage == text)
        .unwrap_or_else(|| panic!("{text} is no stage"))
}

#[test]
fn every_export_vector_gives_its_result() {
    let vectors = folder("export");
    assert!(vectors.len() > 100);
    for vector in vectors {
        let result = verify_export(Cursor::new(&vector.body));
        if vector.find("result") == Some("none") {
            assert!(result.is_err(), "{}", vector.name);
            continue;
        }
        let result = result.unwrap();
        let json = String::from_utf8(result.to_json()).unwrap();
        assert_eq!(Some(json.as_str()), vector.find("result"), "{}", vector.name);
        assert_eq!(result.is_intact(), vector.find("expect") == Some("accept"), "{}", vector.name);
    }
}

#[test]
fn every_envelope_vector_gives_its_result() {
    run("envelope", envelope::reader);
}

#[test]
fn every_key_vector_gives_its_result() {
    run("keys", keys::reader);
}

#[test]
fn every_receipt_vector_gives_its_result() {
    run("receipts", receipts::reader);
}

#[test]
fn every_evidence_vector_gives_its_result() {
    run("evidence", evidence::reader);
}

#[test]
fn every_relay_vector_gives_its_result() {
    run("relay", relay::reader);
}

#[test]
fn every_vault_vector_gives_its_result() {
    run("vault", vault::reader);
}

#[test]
fn every_backup_vector_gives_its_result() {
    run("backup", vault::backup);
}

/// Bodies of rejected vectors are not the bodies of accepted ones under the same inputs.
#[test]
fn no_two_vectors_are_the_same() {
    for name in ["backup", "envelope", "keys", "receipts", "evidence", "relay", "vault"] {
        let vectors = folder(name);
        let different: BTreeSet<_> = vectors.iter().map(Vector::inputs).collect();
        assert_eq!(different.len(), vectors.len(), "{name}");
    }
}
