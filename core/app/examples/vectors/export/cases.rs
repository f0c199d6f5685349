// SPDX-License-Identifier: MPL-2.0
//! The case statement: rules S-1 to S-3.

use amate_wire::document::hex;

use super::{
    super::{
        sample::key,
        vector::Vector,
        zip::{Files, replaced, sign},
    },
    evidence,
};

/// Stage 3: texts, case statement, place of the item in it.
pub(super) fn cases() -> Vec<Vector> {
    let resign = |files: &mut Files, from: &str, to: &str| {
        let json = replaced(files, "case.json", from, to);
        sign(files, "case", json, &key("case"), "amate/v1/case");
    };
    vec![
        evidence(
            "z3-readme",
            "archive",
            "export.md Z-3",
            "texts that must be there are not, and are not listed",
            |files| {
                files.remove("readme.txt");
                files.remove("leeme.txt");
            },
        ),
        evidence("z3-no-case", "archive", "export.md Z-3", "no case statement", |files| {
            files.remove("case.json");
        }),
        evidence(
            "m1-case",
            "parse",
            "evidence.md M-1",
            "a case statement that is not canonical",
            |files| resign(files, "\"n\":0", "\"n\":0 "),
        ),
        evidence(
            "m2-case",
            "signature",
            "evidence.md M-2",
            "a case statement signed by another key",
            |files| {
                let json = files["case.json"].clone();
                sign(files, "case", json, &key("someone"), "amate/v1/case");
            },
        ),
        evidence(
            "z4-case",
            "chain",
            "export.md §3",
            "another case statement than the one that the index names",
            |files| {
                resign(
                    files,
                    "\"n\":0,\"previous\":null",
                    &format!("\"n\":1,\"previous\":\"{}\"", "ab".repeat(32)),
                );
            },
        ),
        evidence("s1-gap", "parse", "evidence.md S-1", "the first item is number 2", |files| {
            resign(files, "{\"n\":1", "{\"n\":2")
        }),
        evidence("s1-twice", "parse", "evidence.md S-1", "an item listed twice", |files| {
            let text = String::from_utf8(files["case.json"].clone()).unwrap();
            let first = text.split_once("\"items\":[").unwrap().1.strip_suffix("]}").unwrap();
            let second = first.replacen("{\"n\":1", "{\"n\":2", 1);
            resign(files, first, &format!("{first},{second}"));
        }),
        evidence(
            "s2-countersignature",
            "signature",
            "evidence.md S-2",
            "nobody with the capture key put the item there",
            |files| {
                let text = String::from_utf8(files["case.json"].clone()).unwrap();
                let old = text
                    .split_once("countersignature\":\"")
                    .unwrap()
                    .1
                    .get(..128)
                    .unwrap()
                    .to_owned();
                let new = hex(&key("case").sign("amate/v1/case-item", b"forged"));
                resign(files, &old, &new);
            },
        ),
        evidence(
            "s2-not-listed",
            "chain",
            "evidence.md S-2",
            "an item under a number that the statement does not have",
            |files| {
                let moved: Files = files
                    .iter()
                    .map(|(name, bytes)| (name.replace("items/0001", "items/0002"), bytes.clone()))
                    .collect();
                *files = moved;
            },
        ),
    ]
}
