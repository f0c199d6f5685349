// SPDX-License-Identifier: MPL-2.0
//! Custody: rules C-1 to C-3.

use amate_wire::document::hex;

use super::{
    super::{
        sample::{self, key},
        vector::Vector,
        zip::{Files, replaced, sign},
    },
    CUSTODY, evidence,
};

/// Stage 3: custody. Entries: 0 import, 1 send by the capture key; 2 receive, 3 export by the desk.
pub(super) fn custody() -> Vec<Vector> {
    let name = |n: u32| format!("items/0001/custody/000{n}");
    let resign = |files: &mut Files, n: u32, from: &str, to: &str| {
        let json = replaced(files, &format!("{}.json", name(n)), from, to);
        let signer = if n < 2 { sample::small()[0].key() } else { key("device") };
        sign(files, &name(n), json, &signer, CUSTODY);
    };
    let cut = |files: &mut Files, from: u32| {
        (from..4).for_each(|n| {
            files.remove(&format!("{}.json", name(n)));
            files.remove(&format!("{}.sig", name(n)));
        });
    };
    let copy = |files: &mut Files, from: u32, to: u32| {
        for ending in ["json", "sig"] {
            let bytes = files[&format!("{}.{ending}", name(from))].clone();
            files.insert(format!("{}.{ending}", name(to)), bytes);
        }
    };
    vec![
        evidence(
            "c1-first-act",
            "chain",
            "evidence.md C-1",
            "a chain that begins with *view*",
            |files| resign(files, 0, "\"import\"", "\"view\""),
        ),
        evidence(
            "c1-first-key",
            "chain",
            "evidence.md C-1",
            "a chain that another key begins",
            |files| {
                let (own, other) =
                    (hex(&sample::small()[0].key().public()), hex(&key("device").public()));
                let json = replaced(files, "items/0001/custody/0000.json", &own, &other);
                sign(files, &name(0), json, &key("device"), CUSTODY);
            },
        ),
        evidence("c1-number", "chain", "evidence.md C-1", "a number left out", |files| {
            resign(files, 3, "\"n\":3", "\"n\":4")
        }),
        evidence(
            "c1-previous",
            "chain",
            "evidence.md C-1",
            "the entry before is another",
            |files| {
                let text =
                    String::from_utf8(files["items/0001/custody/0001.json"].clone()).unwrap();
                let old = text.split_once("previous\":\"").unwrap().1.get(..64).unwrap().to_owned();
                resign(files, 1, &old, &"ab".repeat(32));
            },
        ),
        evidence("c1-gap", "archive", "evidence.md C-1", "an entry is not there", |files| {
            files.remove("items/0001/custody/0001.json");
            files.remove("items/0001/custody/0001.sig");
        }),
        evidence(
            "c1-half",
            "archive",
            "export.md Z-3",
            "entries whose signature, or whose text, is not there",
            |files| {
                files.remove("items/0001/custody/0002.sig");
                files.remove("items/0001/custody/0003.json");
            },
        ),
        evidence("c1-none", "archive", "export.md Z-3", "no custody at all", |files| cut(files, 0)),
        evidence(
            "c1-again",
            "chain",
            "evidence.md C-1",
            "the same entry twice is no fork, but does not follow",
            |files| copy(files, 1, 2),
        ),
        evidence(
            "c1-late",
            "chain",
            "evidence.md C-1",
            "the witness's key after the desk's",
            |files| {
                let json = replaced(
                    files,
                    "items/0001/custody/0003.json",
                    &hex(&key("device").public()),
                    &hex(&sample::small()[0].key().public()),
                );
                sign(files, &name(3), json, &sample::small()[0].key(), CUSTODY);
            },
        ),
        evidence(
            "c2-number",
            "chain",
            "evidence.md C-2",
            "two entries of one signer with one number",
            |files| {
                copy(files, 2, 3);
                resign(files, 3, "\"receive\"", "\"view\"");
            },
        ),
        evidence(
            "c2-previous",
            "chain",
            "evidence.md C-2",
            "two entries of one signer after the same entry",
            |files| {
                copy(files, 2, 3);
                resign(files, 3, "\"n\":2", "\"n\":3");
            },
        ),
        evidence("c3-item", "chain", "evidence.md C-3", "an entry for another item", |files| {
            let id = sample::small()[0].made.id.hex();
            resign(files, 3, &id, &"ab".repeat(32));
        }),
        evidence(
            "c3-number",
            "chain",
            "evidence.md C-3",
            "an entry for another item with a number already used: no fork of this chain",
            |files| {
                let id = sample::small()[0].made.id.hex();
                copy(files, 2, 3);
                resign(files, 3, &id, &"ab".repeat(32));
            },
        ),
        evidence("m1-custody", "parse", "evidence.md M-1", "an act that does not exist", |files| {
            resign(files, 3, "\"export\"", "\"publish\"")
        }),
        evidence(
            "m2-custody",
            "signature",
            "evidence.md M-2",
            "an entry signed by another key",
            |files| {
                let json = files["items/0001/custody/0002.json"].clone();
                sign(files, &name(2), json, &key("someone"), CUSTODY);
            },
        ),
    ]
}
