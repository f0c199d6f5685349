// SPDX-License-Identifier: MPL-2.0
//! Every target without a fuzzer: the corpus, the vectors that fit, and mutations of both, the same
//! in each run.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::{
    collections::BTreeSet,
    fs,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::{Path, PathBuf},
};

use amate_fuzz::{
    TARGETS, Target, metadata_left,
    mutate::{Xorshift, mutate},
    seeds::seeds,
    vectors,
};

fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Name and bytes of all inputs to begin from.
type Inputs = Vec<(String, Vec<u8>)>;

fn corpus(target: &str) -> Inputs {
    let folder = here().join("corpus").join(target);
    let Ok(entries) = fs::read_dir(&folder) else { return Vec::new() };
    let mut inputs: Inputs = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into(), fs::read(&path).unwrap()))
        .collect();
    inputs.sort();
    inputs
}

/// Runs one input; what breaks a promise is kept as a file and named.
fn run(target: &Target, name: &str, bytes: &[u8]) -> bool {
    catch_unwind(AssertUnwindSafe(|| (target.run)(bytes))).unwrap_or_else(|panic| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-broken", target.name));
        fs::write(&path, bytes).unwrap();
        eprintln!("{} breaks on {name}, kept as {}", target.name, path.display());
        resume_unwind(panic)
    })
}

fn replay(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let mut inputs = corpus(name);
    for (seed, bytes) in seeds(name) {
        assert!(run(target, seed, &bytes), "{name}: {seed} reaches nothing");
        inputs.push((seed.to_owned(), bytes));
    }
    let own = inputs.len();
    inputs.extend(vectors::inputs(name));
    assert!(!inputs.is_empty(), "{name}: nothing to begin from");
    for (input, bytes) in &inputs {
        run(target, input, bytes);
    }
    let rounds = std::env::var("AMATE_SOAK").map_or(target.rounds, |_| target.rounds * 50);
    let mut rng = Xorshift::new(inputs.len() as u64);
    let mut accepted = 0;
    for round in 0..rounds {
        // Half of them from what is accepted here.
        let among = if own > 0 && round % 2 == 0 { own } else { inputs.len() };
        let (base, bytes) = &inputs[rng.below(among)];
        let (_, other) = &inputs[rng.below(inputs.len())];
        let mutant = mutate(&mut rng, bytes, other);
        accepted += u32::from(run(target, &format!("mutation {round} of {base}"), &mutant));
    }
    eprintln!("{name}: {} inputs, {rounds} mutations, {accepted} accepted", inputs.len());
}

macro_rules! replays {
    ($($name:ident)*) => {
        const REPLAYED: &[&str] = &[$(stringify!($name)),*];
        $(
            #[test]
            fn $name() {
                replay(stringify!($name));
            }
        )*
    };
}

replays! {
    age age_sealed age_text backup backup_head capability case custody document export export_file incident index
    index_block_sealed index_blocks item_header item_plain item_sealed key_set live_segment
    live_stream log media merkle_paths notice notice_plain notice_sealed own_keys pairing parcel
    receipt relay relay_segment tile_path vault vault_action vault_batch vault_cell vault_header vault_node
    vault_record vault_root vault_slot vault_spool vault_table
}

/// Of a photograph that is understood no metadata stays.
#[test]
fn no_metadata_is_left() {
    let seeds = seeds("media").into_iter().map(|(name, bytes)| (name.to_owned(), bytes));
    for (name, bytes) in seeds.chain(corpus("media")) {
        assert_eq!(metadata_left(&bytes), None, "{name}");
    }
}

#[test]
fn each_target_is_replayed_and_has_its_file() {
    let names: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(names, REPLAYED.iter().map(|name| (*name).to_owned()).collect());
    let stems = |folder: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(here().join(folder)).unwrap();
        entries
            .map(|one| one.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect()
    };
    assert_eq!(names, stems("targets"));
    assert!(names.is_superset(&stems("corpus")));
    let manifest = fs::read_to_string(here().join("nightly/Cargo.toml")).unwrap();
    for name in names {
        assert!(manifest.contains(&format!("\"../targets/{name}.rs\"")), "{name}");
    }
}
