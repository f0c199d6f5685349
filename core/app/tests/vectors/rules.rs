// SPDX-License-Identifier: MPL-2.0
//! Two ways: each rule of the specification has a vector or a test, and each vector names a rule
//! or a section that is there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::{Vector, repository};

const FILES: [&str; 8] = [
    "backup.md",
    "envelope.md",
    "evidence.md",
    "export.md",
    "keys.md",
    "receipts.md",
    "relay.md",
    "vault.md",
];
/// Vectors of others, in their own form.
const FOREIGN: [&str; 2] = ["age", "public"];

fn spec(file: &str) -> String {
    fs::read_to_string(repository().join("spec").join(file)).unwrap()
}

/// Rules stand in tables: `| V-3 | … |`. Their texts.
fn rules() -> BTreeMap<String, String> {
    let mut rules = BTreeMap::new();
    for file in FILES {
        for line in spec(file).lines() {
            let Some((name, text)) = line.strip_prefix("| ").and_then(|rest| rest.split_once(" |"))
            else {
                continue;
            };
            if is_rule(name) {
                let twice = rules.insert(format!("{file} {name}"), text.to_owned());
                assert!(twice.is_none(), "{file} {name} twice");
            }
        }
    }
    rules
}

fn is_rule(name: &str) -> bool {
    name.split_once('-').is_some_and(|(letter, number)| {
        let digits = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
        letter.len() == 1 && letter.chars().all(|c| c.is_ascii_uppercase()) && digits
    })
}

/// `file §n` for every heading.
fn sections() -> BTreeSet<String> {
    let headings = |file: &'static str| {
        let numbers: Vec<String> = spec(file)
            .lines()
            .filter_map(|line| line.strip_prefix("## ")?.split_once(". "))
            .map(|(number, _)| format!("{file} §{number}"))
            .collect();
        numbers
    };
    FILES.into_iter().flat_map(headings).collect()
}

fn vectors() -> Vec<Vector> {
    let folders = fs::read_dir(repository().join("tests/vectors")).unwrap();
    folders
        .map(|folder| folder.unwrap().path())
        .filter(|folder| folder.is_dir() && !FOREIGN.iter().any(|name| folder.ends_with(name)))
        .flat_map(|folder| Vector::read_all(&folder))
        .collect()
}

/// Names in `(test: name)`.
fn tests_of(text: &str) -> Vec<&str> {
    text.split("(test: ").skip(1).map(|rest| rest.split_once(')').unwrap().0).collect()
}

#[test]
fn each_vector_names_a_rule_or_a_section_that_is_there() {
    let (rules, sections) = (rules(), sections());
    assert!(rules.len() > 40 && sections.len() > 30, "the tables of rules were not found");
    for vector in vectors() {
        let spec = vector.text("spec");
        let accepted = vector.text("expect") == "accept";
        let known = sections.contains(spec) || (!accepted && rules.contains_key(spec));
        assert!(known, "{} names {spec}: no such rule or section", vector.name);
    }
}

#[test]
fn each_rule_has_a_vector_or_a_test() {
    let all = vectors();
    let rejected = all.iter().filter(|vector| vector.text("expect") != "accept");
    let named: BTreeSet<&str> = rejected.map(|vector| vector.text("spec")).collect();
    let without: Vec<_> = rules()
        .into_iter()
        .filter(|(rule, text)| !named.contains(rule.as_str()) && tests_of(text).is_empty())
        .map(|(rule, _)| rule)
        .collect();
    assert!(without.is_empty(), "neither vector nor test: {without:?}");
}

#[test]
fn each_test_that_a_rule_names_is_there() {
    let mut sources = String::new();
    for room in ["core", "server", "tests"] {
        read_sources(&repository().join(room), &mut sources);
    }
    for (rule, text) in rules() {
        for name in tests_of(&text) {
            let there = sources.contains(&format!("fn {name}("));
            assert!(there, "{rule} names {name}, no such test");
        }
    }
}

/// All Rust sources below a folder, built ones left out.
fn read_sources(folder: &Path, out: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
            read_sources(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            out.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}
