// SPDX-License-Identifier: MPL-2.0
//! Blinding of blocks (spec/envelope.md §2): ChaCha20 without a tag. It hides where an age file
//! begins; integrity comes from the block id and from age.

use chacha20::{
    ChaCha20,
    cipher::{KeyIvInit, StreamCipher},
};

use crate::secret::Secret;

/// Blinds a block in place under a key that is used for this block alone; again, unblinds it.
pub fn apply(key: &Secret<32>, block: &mut [u8]) {
    ChaCha20::new(key.expose().into(), &[0; 12].into()).apply_keystream(block);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8439, A.1, test vector 1: the key stream of a zero key, nonce and counter.
    #[test]
    fn the_key_stream_is_chacha20_s() {
        let mut block = [0; 16];
        apply(&Secret::new([0; 32]), &mut block);
        assert_eq!(data(&block), "76b8e0ada0f13d90405d6ae55386bd28");
        apply(&Secret::new([0; 32]), &mut block);
        assert_eq!(block, [0; 16]);
    }

    fn data(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
