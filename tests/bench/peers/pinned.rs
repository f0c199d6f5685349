// SPDX-License-Identifier: MPL-2.0
//! The source of SQLCipher, at the version that `Cargo.lock` beside this pins.

pub use sqlcipher_src::{SQLCIPHER_VERSION, SQLITE_VERSION};
