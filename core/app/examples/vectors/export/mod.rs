// SPDX-License-Identifier: MPL-2.0
//! Vectors of spec/export.md: whole zips, right and wrong, with the result of each.

mod archives;
mod cases;
mod custody;
mod facts;
mod items;
mod live;
mod receipts;

use std::io::Cursor;

use amate_app::export::{NotReadable, verify_export};

use super::{
    sample::{self, Seeded},
    vector::Vector,
    zip::{Files, index, pack, unpack},
};

const MANIFEST: &str = "amate/v1/manifest";
const CUSTODY: &str = "amate/v1/custody";

/// All of them.
pub fn vectors() -> Vec<Vector> {
    [
        accepted(),
        archives::archives(),
        archives::bytes(),
        cases::cases(),
        items::items(),
        live::live(),
        custody::custody(),
        facts::facts(),
        receipts::receipts(),
    ]
    .concat()
}

fn accepted() -> Vec<Vector> {
    vec![
        vector("ok-small", "accept", "export.md §4", "one import, nothing altered", small_zip()),
        vector(
            "ok-live",
            "accept",
            "export.md §4",
            "a live recording with its closing",
            sample::zip(&sample::live(), &[]),
        ),
        vector(
            "ok-full",
            "accept",
            "export.md §4",
            "all origins, an interrupted recording, item 5 withheld",
            sample::zip(&sample::full(), &[5]),
        ),
        vector(
            "ok-none-here",
            "accept",
            "export.md §2",
            "a case none of whose items is here",
            sample::zip(&sample::small(), &[1]),
        ),
    ]
}

fn live_with_receipt() -> Files {
    let mut rng = Seeded::new("live receipt");
    let mut relay = sample::Relay::new("relay", 1);
    let mut parts = sample::live();
    let mut receipt = relay.receipt(&parts[0], &parts[0].custody[1], 1_795_516_999, &mut rng);
    receipt.not_before = Some(relay.checkpoint(1_795_516_990));
    parts[0].receipts.push(receipt);
    unpack(&sample::zip(&parts, &[]))
}

/// The small case with its files changed and the index signed again.
fn evidence(name: &str, expect: &str, spec: &str, why: &str, edit: impl Fn(&mut Files)) -> Vector {
    let mut files = unpack(&small_zip());
    edit(&mut files);
    index(&mut files);
    vector(name, expect, spec, why, pack(&files))
}

fn vector(name: &str, expect: &str, spec: &str, why: &str, zip: Vec<u8>) -> Vector {
    let result = match verify_export(Cursor::new(&zip)) {
        Ok(result) => String::from_utf8(result.to_json()).unwrap(),
        Err(NotReadable::NotAnExport) => "none".to_owned(),
        Err(error) => panic!("{name}: {error}"),
    };
    Vector::new(name, expect, spec, why, zip).with("result", result)
}

fn small_zip() -> Vec<u8> {
    sample::zip(&sample::small(), &[])
}

fn listed(files: &Files) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|window| window == what).unwrap()
}
