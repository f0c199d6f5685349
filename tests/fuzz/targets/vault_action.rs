// SPDX-License-Identifier: MPL-2.0
//! Coverage-guided: see `amate_fuzz::vault_action`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    amate_fuzz::vault_action(bytes);
});
