// SPDX-License-Identifier: MPL-2.0
//! Compiles plain SQLite and SQLCipher for the benchmark of the vault, below target/peers: one
//! driver of ours over two sources, with the same flags. Neither is built into Amate.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    run::{Failed, cargo, output, program, quietly, root, say},
    setup,
};

const DRIVER: &str = "tests/bench/peers/sqlite_peer.c";
/// Those of the SQLite that is inside Amate, as far as they change what is measured.
const FLAGS: [&str; 6] = [
    "-O3",
    "-DSQLITE_THREADSAFE=1",
    "-DSQLITE_DEFAULT_FOREIGN_KEYS=1",
    "-DSQLITE_ENABLE_API_ARMOR",
    "-DSQLITE_ENABLE_FTS5",
    "-DHAVE_USLEEP=1",
];
/// How its makers say that SQLCipher is built; its cryptography is OpenSSL's.
const CIPHER: [&str; 5] = [
    "-DSQLITE_HAS_CODEC",
    "-DSQLITE_TEMP_STORE=2",
    "-DSQLITE_EXTRA_INIT=sqlcipher_extra_init",
    "-DSQLITE_EXTRA_SHUTDOWN=sqlcipher_extra_shutdown",
    "-DHAVE_STDINT_H=1",
];

pub(crate) fn build() -> Result<(), Failed> {
    setup::packages(&[
        ("/usr/bin/cc", "gcc"),
        ("/usr/include/stdlib.h", "libc6-dev"),
        ("/usr/include/openssl/evp.h", "libssl-dev"),
    ])?;
    let plain = source("Cargo.toml", "libsqlite3-sys")?;
    let cipher = source("tests/bench/peers/Cargo.toml", "sqlcipher-src")?;
    peer("plain", &plain, "sqlite3/sqlite3.c", &[], &[])?;
    peer("sqlcipher", &cipher, "sqlcipher/sqlcipher.c", &CIPHER, &["-DPEER_KEY", "-lcrypto"])
}

/// Folder of a crate's source, at the version that the lock file beside the manifest pins.
fn source(manifest: &str, name: &str) -> Result<PathBuf, Failed> {
    let words = ["metadata", "--locked", "--format-version", "1", "--manifest-path", manifest];
    let metadata = output(cargo(&words))?;
    let paths = metadata.split("\"manifest_path\":\"").skip(1);
    let mut folders = paths.filter_map(|rest| Path::new(rest.split_once('"')?.0).parent());
    let is_it = |folder: &&Path| {
        let last = folder.file_name().and_then(|last| last.to_str()).unwrap_or_default();
        last.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'))
    };
    let found = folders.find(is_it).map(Path::to_path_buf);
    found.ok_or_else(|| Failed(format!("{manifest}: no source of {name}")))
}

/// One peer. The library takes a minute and is compiled once for each version.
fn peer(
    name: &str,
    source: &Path,
    file: &str,
    library: &[&str],
    driver: &[&str],
) -> Result<(), Failed> {
    let peers = root().join("target/peers");
    fs::create_dir_all(&peers)?;
    let file = source.join(file);
    let version = source.file_name().unwrap_or_default().to_string_lossy();
    let object = peers.join(format!("{version}.o"));
    if !object.exists() {
        say(&format!("compiling {version}"));
        let half = object.with_extension("half");
        let mut compile = program("/usr/bin/cc", &FLAGS);
        compile.args(library).arg("-c").arg(&file).arg("-o").arg(&half);
        quietly(compile)?;
        fs::rename(half, &object)?;
    }
    let mut link = program("/usr/bin/cc", &["-O2", "-Wall", "-Wextra", "-Werror", DRIVER]);
    link.arg("-I").arg(file.parent().unwrap_or(&file)).arg(&object).args(driver);
    link.args(["-lpthread", "-ldl", "-lm", "-o"]).arg(peers.join(name));
    quietly(link)
}
