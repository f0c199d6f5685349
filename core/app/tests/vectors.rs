// SPDX-License-Identifier: MPL-2.0
//! Reads tests/vectors in place: each gives what its header says, and each rule of the
//! specification has a vector.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

#[path = "../examples/vectors/vector.rs"]
mod vector;

use std::{collections::BTreeSet, fs, io::Cursor, path::PathBuf};

use amate_app::export::verify_export;
use vector::Vector;

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn every_export_vector_gives_its_result() {
    let vectors = Vector::read_all(&repository().join("tests/vectors/export"));
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

/// Rules stand in tables: `| V-3 | …`.
fn rules() -> BTreeSet<String> {
    let mut rules = BTreeSet::new();
    for file in ["evidence.md", "export.md", "receipts.md", "envelope.md", "keys.md"] {
        let text = fs::read_to_string(repository().join("spec").join(file)).unwrap();
        for line in text.lines() {
            let name = line.strip_prefix("| ").and_then(|rest| rest.split(" |").next());
            let rule = name.filter(|name| {
                name.split_once('-').is_some_and(|(letter, number)| {
                    letter.len() == 1 && number.chars().all(|c| c.is_ascii_digit())
                })
            });
            rules.extend(rule.map(|rule| format!("{file} {rule}")));
        }
    }
    rules
}

#[test]
fn each_vector_names_a_rule() {
    let rules = rules();
    assert!(rules.len() > 20, "the tables of rules were not found");
    let mut named = BTreeSet::new();
    for folder in fs::read_dir(repository().join("tests/vectors")).unwrap() {
        let folder = folder.unwrap().path();
        if folder.is_dir() && !folder.ends_with("age") {
            for vector in Vector::read_all(&folder) {
                let spec = vector.find("spec").unwrap().to_owned();
                if vector.find("expect") != Some("accept") && !spec.contains('§') {
                    assert!(rules.contains(&spec), "{} names {spec}, no such rule", vector.name);
                    named.insert(spec);
                }
            }
        }
    }
    assert!(!named.is_empty());
}
