// SPDX-License-Identifier: MPL-2.0
//! Rules that no compiler checks: headers, where primitives may be named, one copy of the vectors,
//! a README in each folder, nothing of the machine in the text.

use std::fs;

use crate::run::{Failed, output, program, root};

/// Crates that only core/seal may name.
const PRIMITIVES: [&str; 13] = [
    "argon2",
    "chacha20",
    "chacha20poly1305",
    "ed25519_dalek",
    "hkdf",
    "hpke",
    "hmac",
    "sha2",
    "x25519_dalek",
    "subtle",
    "getrandom",
    "aes",
    "rand",
];
/// Folders whose README a newcomer reads.
const ROOMS: [&str; 20] = [
    "core",
    "core/wire",
    "core/seal",
    "core/vault",
    "core/app",
    "core/screen",
    "core/data",
    "server",
    "desk",
    "tests",
    "xtask",
    "spec",
    "docs",
    "docs/decisions",
    "android",
    "ios",
    "tests/fuzz",
    "tests/compat",
    "tests/web",
    "core/ffi",
];
const HEADED: [&str; 6] = ["rs", "py", "mjs", "toml", "ftl", "sh"];
const HEADER: &str = "SPDX-License-Identifier: MPL-2.0";

pub(crate) fn check() -> Result<(), Failed> {
    let mut faults = Vec::new();
    for path in output(program("git", &["ls-files"]))?.lines() {
        let Ok(text) = fs::read_to_string(root().join(path)) else { continue };
        faults.extend(faults_of(path, &text));
    }
    for room in ROOMS {
        if !root().join(room).join("README.md").exists() {
            faults.push(format!("{room}: no README.md"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Failed(faults.join("\n"))) }
}

fn faults_of(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |what: &str| faults.push(format!("{path}: {what}"));
    let kind = path.rsplit('.').next().unwrap_or_default();
    let data = path.starts_with("tests/vectors/") || path.starts_with("core/data/words");
    if HEADED.contains(&kind) && !data && !text.lines().take(3).any(|line| line.contains(HEADER)) {
        fault("no SPDX line");
    }
    if kind == "vec" && !path.starts_with("tests/vectors/") {
        fault("vectors live in tests/vectors alone");
    }
    if kind == "rs" && !path.starts_with("core/seal/") && !path.starts_with("xtask/") {
        for name in PRIMITIVES {
            if names_crate(text, name) {
                fault(&format!("names {name}: primitives live behind core/seal"));
            }
        }
    }
    if kind == "rs" && text.lines().count() > 520 && !text.contains("#[cfg(test)]") {
        fault("longer than 520 lines");
    }
    faults
}

/// Whether a source uses a crate: `name::` at the start of a path.
fn names_crate(text: &str, name: &str) -> bool {
    text.lines().any(|line| {
        let code = line.split("//").next().unwrap_or_default();
        code.contains(&format!("use {name}::")) || code.contains(&format!(" {name}::"))
    })
}
