// SPDX-License-Identifier: MPL-2.0
//! Facts shown: rules F-1, F-2.

use amate_wire::{
    document::{self},
    facts::CustodyDisclosure,
};

use super::{
    super::{
        sample::{self},
        vector::Vector,
        zip::{Files, replaced},
    },
    evidence,
};

/// Stage 3: disclosures.
pub(super) fn facts() -> Vec<Vector> {
    let change = |files: &mut Files, name: &str, from: &str, to: &str| {
        let text = replaced(files, name, from, to);
        files.insert(name.into(), text.into_bytes());
    };
    let (facts, custody) = ("items/0001/facts.json", "items/0001/custody-facts.json");
    vec![
        evidence(
            "f1-value",
            "content",
            "evidence.md F-1",
            "another place than the one committed to",
            move |files| change(files, facts, "Tlapa", "Iguala"),
        ),
        evidence(
            "f1-name",
            "content",
            "evidence.md F-1",
            "a value shown as another fact",
            move |files| change(files, facts, "\"place\"", "\"network\""),
        ),
        evidence("f1-salt", "parse", "evidence.md F-1", "a salt of another length", move |files| {
            change(files, facts, "\"salt\":\"", "\"salt\":\"00")
        }),
        evidence("f1-long", "parse", "evidence.md F-1", "a value of 262 145 bytes", move |files| {
            let salt = "00".repeat(32);
            let value = "a".repeat(262_145);
            files.insert(
                facts.into(),
                format!("[{{\"fact\":\"place\",\"salt\":\"{salt}\",\"value\":\"{value}\"}}]")
                    .into_bytes(),
            );
        }),
        evidence(
            "f1-custody",
            "content",
            "evidence.md F-1",
            "another recipient than the one committed to",
            move |files| change(files, custody, "Mesa de prueba", "Otra mesa"),
        ),
        evidence(
            "f1-custody-entry",
            "content",
            "evidence.md F-1",
            "a field of an entry that is not here",
            move |files| {
                let id = sample::small()[0].custody[0].id.hex();
                change(files, custody, &id, &"ab".repeat(32));
            },
        ),
        evidence(
            "f2-unknown",
            "parse",
            "evidence.md F-2",
            "a fact that does not exist",
            move |files| change(files, facts, "\"place\"", "\"planet\""),
        ),
        evidence("f2-twice", "parse", "evidence.md F-2", "a fact twice", move |files| {
            let text = String::from_utf8(files[facts].clone()).unwrap();
            let one = text.trim_matches(['[', ']']).to_owned();
            files.insert(facts.into(), format!("[{one},{one}]").into_bytes());
        }),
        evidence("f2-order", "parse", "evidence.md F-2", "facts out of order", move |files| {
            let mut opened = sample::small()[0].made.kept.facts.0.clone();
            opened.reverse();
            files.insert(facts.into(), document::write(&opened));
        }),
        evidence(
            "f2-custody-order",
            "parse",
            "evidence.md F-2",
            "custody fields out of order",
            move |files| {
                let mut shown: Vec<CustodyDisclosure> = document::read(&files[custody]).unwrap();
                shown.swap(0, 2);
                files.insert(custody.into(), document::write(&shown));
            },
        ),
        evidence("f2-absent", "archive", "export.md Z-3", "no list of facts", move |files| {
            files.remove(facts);
            files.remove(custody);
        }),
        evidence(
            "f2-object",
            "parse",
            "evidence.md F-2",
            "an object instead of a list",
            move |files| {
                files.insert(facts.into(), b"{}".to_vec());
            },
        ),
    ]
}
