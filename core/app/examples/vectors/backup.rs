// SPDX-License-Identifier: MPL-2.0
//! Vectors of spec/backup.md: the head of a file, and the age key that follows from it.

use amate_seal::{
    hash::{labelled, sha256},
    hybrid::HybridSecret,
    kdf::{CodeCost, code_key, derive},
};

use super::{pair::good, vector::Vector};

const CODE: &[u8] = b"seis palabras del respaldo";

/// All of them.
pub fn vectors() -> Vec<Vector> {
    let salt = labelled("amate sample backup", &[b"salt"]);
    let cost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
    let numbers = [cost.memory_kib, cost.passes, cost.lanes].map(u32::to_be_bytes);
    let body = [b"AMbk\x01".as_slice(), &salt, numbers.as_flattened()].concat();
    let key = code_key(CODE, &salt, cost).unwrap();
    let seed = derive(key.expose(), "amate/v1/backup/identity", &[]);
    let recipient = HybridSecret::from_seed(seed).public();
    let head = good("head", "head", "backup.md §1", "a file's first bytes", body)
        .bytes("code", CODE)
        .bytes("gives-recipient-sha256", &sha256(recipient.bytes()));
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vec<u8>)| {
        head.bad(name, "parse", "backup.md B-1", why, |vector| spoil(&mut vector.body))
    };
    let number = |name: &str, why: &str, at: usize, value: u32| {
        bad(name, why, &|body| body[at..at + 4].copy_from_slice(&value.to_be_bytes()))
    };
    vec![
        bad("b1-cut", "a byte less", &|body| body.truncate(48)),
        bad("b1-magic", "another magic", &|body| body[3] = b'K'),
        bad("b1-version", "version 2", &|body| body[4] = 2),
        number("b1-memory", "more than 1 GiB of memory", 37, (1 << 20) + 1),
        number("b1-passes", "65 passes", 41, 65),
        number("b1-lanes", "17 lanes", 45, 17),
        head,
    ]
}
