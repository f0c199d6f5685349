// SPDX-License-Identifier: MPL-2.0
//! The age v1 file format (C2SP age.md) with recipients `mlkem768x25519` and, for outside people,
//! `X25519`. Streams both ways in bounded memory; nothing leaves an unauthenticated chunk.

mod header;
mod recipients;
mod stream;
mod text;

pub use header::{Header, Stanza};
pub use recipients::{Identity, Recipient};
pub use stream::{Reader, Writer};

use crate::{hybrid::ENCAPSULATION_RANDOMNESS, secret::Secret};

/// Plaintext bytes of a chunk.
pub const CHUNK: usize = 65_536;
/// Bytes of a header with one `mlkem768x25519` stanza.
pub const HEADER_LEN: u64 = 1_627;
/// Bytes of the payload nonce.
pub const NONCE_LEN: u64 = 16;
const CHUNK_LEN: u64 = 65_536;
const TAG_LEN: u64 = 16;

/// Everything random in a file with one `mlkem768x25519` stanza. Each set belongs to one content:
/// the caller derives it from the content (spec/envelope.md §1).
pub struct Given {
    /// File key.
    pub file_key: Secret<16>,
    /// Randomness of the HPKE encapsulation.
    pub encapsulation: Secret<ENCAPSULATION_RANDOMNESS>,
    /// Payload nonce.
    pub nonce: [u8; 16],
}

/// Bytes of the file for `plain` bytes of plaintext, with one `mlkem768x25519` stanza.
#[must_use]
pub fn sealed_len(plain: u64) -> u64 {
    let chunks = plain.div_ceil(CHUNK_LEN).max(1);
    HEADER_LEN + NONCE_LEN + plain + chunks * TAG_LEN
}

/// The length of plaintext whose file has exactly `sealed` bytes; none when no length gives it (a
/// last chunk would hold nothing).
#[must_use]
pub fn plain_len_for(sealed: u64) -> Option<u64> {
    let payload = sealed.checked_sub(HEADER_LEN + NONCE_LEN)?;
    let chunks = payload.div_ceil(CHUNK_LEN + TAG_LEN);
    let plain = payload.checked_sub(chunks * TAG_LEN)?;
    (sealed_len(plain) == sealed).then_some(plain)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;
    use crate::hybrid::HybridSecret;

    fn secret() -> HybridSecret {
        HybridSecret::from_seed(Secret::new([1; 32]))
    }

    fn given() -> Given {
        Given {
            file_key: Secret::new([2; 16]),
            encapsulation: Secret::new([3; 64]),
            nonce: [4; 16],
        }
    }

    fn seal(plain: &[u8]) -> Vec<u8> {
        let mut writer = Writer::given(Vec::new(), &secret().public(), &given()).unwrap();
        writer.write_all(plain).unwrap();
        writer.finish().unwrap()
    }

    fn open(file: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Reader::new(file, &[Identity::Hybrid(secret())])?.read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn lengths_are_arithmetic() {
        for len in [0, 1, 2_437, 65_535, 65_536, 65_537, 131_072, 200_000] {
            let file = seal(&vec![9; len]);
            let len = len as u64;
            assert_eq!(file.len() as u64, sealed_len(len));
            assert_eq!(plain_len_for(sealed_len(len)), Some(len));
            assert_eq!(open(&file).unwrap().len() as u64, len);
        }
        assert_eq!(plain_len_for(4_096), Some(2_437));
        assert_eq!(plain_len_for(8 * 262_144), Some(2_094_997));
        let first_chunk_full = sealed_len(65_536);
        for more in 1..=16 {
            assert_eq!(plain_len_for(first_chunk_full + more), None);
        }
        assert_eq!(plain_len_for(first_chunk_full + 17), Some(65_537));
        assert_eq!(plain_len_for(0), None);
    }

    #[test]
    fn the_same_input_seals_to_the_same_bytes() {
        assert_eq!(seal(b"lo que pas\xc3\xb3"), seal(b"lo que pas\xc3\xb3"));
    }

    #[test]
    fn truncated_continued_and_changed_files_do_not_open() {
        let file = seal(&vec![5; 70_000]);
        for len in [0, 10, 1_626, 1_627, 1_640, 1_643, 2_000, 67_195, 67_196, file.len() - 1] {
            assert!(open(file.get(..len).unwrap()).is_err(), "{len}");
        }
        assert!(open(&[file.clone(), vec![0]].concat()).is_err());
        for at in (0..file.len()).step_by(97) {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(open(&changed).is_err(), "{at}");
        }
    }

    #[test]
    fn classic_and_hybrid_recipients_open_the_same_file_kind() {
        let mut rng = crate::random::system();
        let classic = Identity::Classic(Secret::new([6; 32]));
        for identity in [classic, Identity::Hybrid(secret())] {
            let recipients = [identity.recipient(), identity.recipient()];
            let mut writer = Writer::new(Vec::new(), &recipients, &mut rng).unwrap();
            writer.write_all(b"x").unwrap();
            let file = writer.finish().unwrap();
            let mut out = Vec::new();
            Reader::new(file.as_slice(), &[identity]).unwrap().read_to_end(&mut out).unwrap();
            assert_eq!(out, b"x");
        }
    }
}
