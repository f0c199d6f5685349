// SPDX-License-Identifier: MPL-2.0
//! Coverage-guided: see `amate_fuzz::backup`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    amate_fuzz::backup(bytes);
});
