// SPDX-License-Identifier: MPL-2.0
//! Consistency proofs: rule T-4.

use amate_seal::merkle::{Tree, leaf_hash};
use amate_wire::{
    document::hex,
    log::{hashes_to_text, parse_hashes},
};

use super::{super::vector::Vector, pair::good, tree};

pub(super) fn consistency() -> Vec<Vector> {
    let log = tree(0..13);
    let base = accepted("consistency", "from 6 leaves to 13", &log, 6, 13);
    let more = [
        accepted("consistency-power", "from 8 leaves, a whole subtree, to 13", &log, 8, 13),
        accepted("consistency-next", "from 12 leaves to 13", &log, 12, 13),
        accepted("consistency-one", "from 1 leaf to 2", &log, 1, 2),
        accepted("consistency-empty", "from no leaf: nothing to prove", &log, 0, 13),
        accepted("consistency-same", "the same checkpoint", &log, 13, 13),
    ];
    let same = &more[4];
    let forks = vec![
        same.bad("t4-same-size", "proof", "receipts.md T-4", "two roots of one size", |vector| {
            vector.set("new-root", hex(&fork().root(13).unwrap()));
        }),
        same.bad("t4-same-path", "proof", "receipts.md T-4", "a path where none is needed", |v| {
            v.body = hashes_to_text(&[[0; 32]]).into_bytes();
        }),
    ];
    [lines(&base), paths(&base), forks, vec![base], more.into()].concat()
}

fn accepted(name: &str, why: &str, log: &Tree, old: u64, new: u64) -> Vector {
    let path = log.consistency(old, new).unwrap();
    good("consistency", name, "receipts.md §4", why, hashes_to_text(&path).into_bytes())
        .with("old-size", old.to_string())
        .bytes("old-root", &log.root(old).unwrap())
        .with("new-size", new.to_string())
        .bytes("new-root", &log.root(new).unwrap())
}

/// The same first five leaves, then others.
fn fork() -> Tree {
    let mut fork = tree(0..5);
    (5..13_u8).for_each(|n| fork.push(leaf_hash(&[n + 100; 32])));
    fork
}

fn lines(base: &Vector) -> Vec<Vector> {
    let bad = |name: &str, why: &str, from: &str, to: &str| {
        base.bad(name, "parse", "receipts.md T-1", why, |vector| vector.replace(from, to))
    };
    vec![
        bad("t1-consistency-padding", "a hash without padding", "=\n", "\n"),
        bad("t1-consistency-space", "a hash with a space after it", "=\n", "= \n"),
        bad("t1-consistency-blank", "an empty line between hashes", "=\n", "=\n\n"),
    ]
}

fn paths(base: &Vector) -> Vec<Vector> {
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vec<[u8; 32]>)| {
        base.bad(name, "proof", "receipts.md T-4", why, |vector| {
            let mut path = parse_hashes(std::str::from_utf8(&vector.body).unwrap()).unwrap();
            spoil(&mut path);
            vector.body = hashes_to_text(&path).into_bytes();
        })
    };
    let other = |name: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        base.bad(name, "proof", "receipts.md T-4", why, spoil)
    };
    vec![
        bad("t4-node", "a bit of a hash", &|path| path[1][0] ^= 1),
        bad("t4-shorter", "the last hash is missing", &|path| {
            path.pop();
        }),
        bad("t4-longer", "a hash more", &|path| path.push([0; 32])),
        bad("t4-swapped", "two hashes swapped", &|path| path.swap(0, 1)),
        bad("t4-none", "no hash at all", &|path| path.clear()),
        other("t4-smaller", "the new tree is the smaller one", &|vector| {
            let log = tree(0..13);
            vector.set("new-size", "5");
            vector.set("new-root", hex(&log.root(5).unwrap()));
        }),
        other("t4-old-root", "another root was verified before", &|vector| {
            vector.set("old-root", hex(&fork().root(6).unwrap()));
        }),
        other("t4-fork", "a true proof of another log", &|vector| {
            let path = fork().consistency(6, 13).unwrap();
            vector.body = hashes_to_text(&path).into_bytes();
            vector.set("new-root", hex(&fork().root(13).unwrap()));
        }),
        other("t4-old-size", "another size was verified before", &|vector| {
            vector.set("old-size", "7");
        }),
    ]
}
