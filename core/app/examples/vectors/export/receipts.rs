// SPDX-License-Identifier: MPL-2.0
//! Receipts: rules T-1 to T-5.

use super::{
    super::{
        sample::{self},
        vector::Vector,
        zip::{Files, replaced},
    },
    evidence, live_with_receipt,
};

/// Stage 3: receipts.
pub(super) fn receipts() -> Vec<Vector> {
    let (json, proof, before) = (
        "items/0001/receipts/00.json",
        "items/0001/receipts/00.tlog-proof",
        "items/0001/receipts/00.not-before",
    );
    let change = |files: &mut Files, name: &str, from: &str, to: &str| {
        let text = replaced(files, name, from, to);
        files.insert(name.into(), text.into_bytes());
    };
    vec![
        evidence(
            "t1-json",
            "parse",
            "receipts.md T-1",
            "a receipt with white space; nothing more of it is looked at",
            move |files| {
                change(files, json, ",\"salt\"", ", \"salt\"");
                files.insert(before.into(), b"?".to_vec());
            },
        ),
        evidence(
            "t1-zero",
            "parse",
            "receipts.md T-1",
            "an index with a leading zero",
            move |files| change(files, proof, "index ", "index 0"),
        ),
        evidence("t1-utf8", "parse", "receipts.md T-1", "bytes that are no text", move |files| {
            files.insert(proof.into(), vec![0xff; 40]);
        }),
        evidence(
            "t1-short-line",
            "parse",
            "receipts.md T-1",
            "a signature line without signature",
            move |files| {
                let text = replaced(files, proof, "c2sp.org", "c2sp.org")
                    + "\u{2014} witness.example AAAA\n";
                files.insert(proof.into(), text.into_bytes());
            },
        ),
        evidence(
            "t2-relay",
            "signature",
            "receipts.md T-2",
            "a proof of another relay",
            move |files| {
                let (own, other) = (
                    sample::Relay::new("relay", 0).public().hex(),
                    sample::Relay::new("other", 0).public().hex(),
                );
                change(files, json, &own, &other);
            },
        ),
        evidence(
            "t2-line",
            "signature",
            "receipts.md T-2",
            "a checkpoint without its cosignature",
            move |files| {
                let text = String::from_utf8(files[proof].clone()).unwrap();
                let last = text.trim_end().rfind('\n').unwrap();
                files.insert(proof.into(), text.as_bytes().get(..=last).unwrap().to_vec());
            },
        ),
        evidence(
            "t3-salt",
            "proof",
            "receipts.md T-3",
            "another salt: another leaf",
            move |files| {
                let text = String::from_utf8(files[json].clone()).unwrap();
                let old = text.split_once("salt\":\"").unwrap().1.get(..64).unwrap().to_owned();
                change(files, json, &old, &"ab".repeat(32));
            },
        ),
        evidence(
            "t3-head",
            "proof",
            "receipts.md T-3",
            "a head that is no entry here",
            move |files| change(files, json, "\"head_n\":1", "\"head_n\":2"),
        ),
        evidence(
            "t3-end",
            "proof",
            "receipts.md T-3",
            "a closed recording shown as interrupted: its leaf names the closing",
            |files| {
                *files = live_with_receipt();
                files.remove("items/0001/manifest.json");
                files.remove("items/0001/manifest.sig");
                files.remove("items/0001/receipts/00.not-before");
            },
        ),
        evidence(
            "t3-end-segments",
            "proof",
            "receipts.md T-3",
            "and with its last segment taken away too",
            |files| {
                *files = live_with_receipt();
                files.remove("items/0001/manifest.json");
                files.remove("items/0001/manifest.sig");
                files.remove("items/0001/segments/000002");
                files.remove("items/0001/receipts/00.not-before");
            },
        ),
        evidence(
            "t1-key-name",
            "proof",
            "receipts.md T-1",
            "a further signature line whose key name has a control character",
            move |files| {
                let text = String::from_utf8(files[proof].clone()).unwrap();
                let line = "\u{2014} a\u{1c}b AAAAAAA=\n";
                files.insert(proof.into(), format!("{text}{line}").into_bytes());
            },
        ),
        evidence(
            "t5-index",
            "proof",
            "receipts.md T-5",
            "an index beyond the size",
            move |files| change(files, proof, "index 2", "index 3"),
        ),
        evidence(
            "t2-not-before",
            "proof",
            "receipts.md T-2",
            "the same checkpoint cosigned again, later: not the note that the manifest names",
            move |files| {
                let text = sample::Relay::new("relay", 2).checkpoint(1_795_600_000);
                files.insert(before.into(), text.into_bytes());
            },
        ),
        evidence(
            "t2-not-before-null",
            "proof",
            "receipts.md T-2",
            "a checkpoint for a manifest that names none",
            move |files| {
                *files = live_with_receipt();
            },
        ),
        evidence(
            "z3-receipt-half",
            "archive",
            "export.md Z-3",
            "a receipt without its proof, a checkpoint without either",
            move |files| {
                files.remove(proof);
                files.insert("items/0001/receipts/07.not-before".into(), files[before].clone());
            },
        ),
    ]
}
