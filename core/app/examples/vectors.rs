// SPDX-License-Identifier: MPL-2.0
//! Writes tests/vectors anew: `cargo xtask vectors`. Everything in it is invented and the same
//! each time.

#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, reason = "writes test data")]

#[path = "vectors/backup.rs"]
mod backup;
#[path = "vectors/envelope/mod.rs"]
mod envelope;
#[path = "vectors/evidence.rs"]
mod evidence;
#[path = "vectors/export/mod.rs"]
mod export;
#[path = "vectors/keys/mod.rs"]
mod keys;
#[path = "vectors/pair.rs"]
mod pair;
#[path = "vectors/receipts/mod.rs"]
mod receipts;
#[path = "vectors/relay.rs"]
mod relay;
#[path = "vectors/sample.rs"]
mod sample;
#[path = "vectors/vault/mod.rs"]
mod vault;
#[path = "vectors/vector.rs"]
mod vector;
#[path = "vectors/zip.rs"]
mod zip;

use std::{fs, path::Path};

use vector::Vector;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    write(&root.join("backup"), &backup::vectors());
    write(&root.join("envelope"), &envelope::vectors());
    write(&root.join("evidence"), &evidence::vectors());
    write(&root.join("export"), &export::vectors());
    write(&root.join("keys"), &keys::vectors());
    write(&root.join("receipts"), &receipts::vectors());
    write(&root.join("relay"), &relay::vectors());
    write(&root.join("vault"), &vault::vectors());
}

/// The folder holds these vectors and no others.
fn write(folder: &Path, vectors: &[Vector]) {
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
    }
    fs::create_dir_all(folder).unwrap();
    for vector in vectors {
        let path = folder.join(format!("{}.vec", vector.name));
        assert!(!path.exists(), "{} twice", vector.name);
        fs::write(path, vector.to_text()).unwrap();
    }
}
