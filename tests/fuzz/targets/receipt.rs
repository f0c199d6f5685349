// SPDX-License-Identifier: MPL-2.0
//! Coverage-guided: see `amate_fuzz::receipt`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    amate_fuzz::receipt(bytes);
});
