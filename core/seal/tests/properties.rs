// SPDX-License-Identifier: MPL-2.0
//! Whatever is sealed opens again, in any pieces, with its key alone, and to nothing else.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test stops where it fails")]

use std::io::{Read, Write};

use amate_seal::{
    age::{Identity, Reader, Recipient, Writer, plain_len_for, sealed_len},
    hybrid::{HybridSecret, seal, seal_with},
    kdf::derive,
    random,
    secret::Secret,
    sign::{SigningKey, verify},
};
use proptest::{array::uniform32, collection::vec, prelude::*};

fn sealed(secret: &HybridSecret, plain: &[u8], piece: usize) -> Vec<u8> {
    let to = [Recipient::Hybrid(secret.public())];
    let mut writer = Writer::new(Vec::new(), &to, &mut random::system()).unwrap();
    plain.chunks(piece).for_each(|piece| writer.write_all(piece).unwrap());
    writer.finish().unwrap()
}

fn opened(secret: &HybridSecret, sealed: &[u8], piece: usize) -> std::io::Result<Vec<u8>> {
    let mut reader = Reader::new(sealed, &[Identity::Hybrid(secret.clone())])?;
    let (mut all, mut buffer) = (Vec::new(), vec![0; piece]);
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(all),
            n => all.extend_from_slice(&buffer[..n]),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_file_of_any_length_opens_in_any_pieces(
        length in prop_oneof![0..400_usize, 65_500..65_600_usize, 131_000..131_200_usize],
        into in 1..70_000_usize, from in 1..70_000_usize, at in any::<prop::sample::Index>(),
    ) {
        let secret = HybridSecret::random(&mut random::system());
        let plain: Vec<u8> = (0..length).map(|n| (n * 7) as u8).collect();
        let mut file = sealed(&secret, &plain, into);
        prop_assert_eq!(file.len() as u64, sealed_len(length as u64));
        prop_assert_eq!(plain_len_for(file.len() as u64), Some(length as u64));
        prop_assert_eq!(opened(&secret, &file, from).unwrap(), plain);
        let other = HybridSecret::random(&mut random::system());
        prop_assert!(opened(&other, &file, from).is_err());
        let at = at.index(file.len());
        file[at] ^= 1;
        prop_assert!(opened(&secret, &file, from).is_err(), "byte {}", at);
        file[at] ^= 1;
        file.truncate(at);
        prop_assert!(opened(&secret, &file, from).is_err(), "cut at {}", at);
    }

    #[test]
    fn hpke_opens_with_its_key_and_info_alone(
        seed in uniform32(any::<u8>()), info in vec(any::<u8>(), 0..60), plain in vec(any::<u8>(), 0..300),
    ) {
        let secret = HybridSecret::from_seed(Secret::new(seed));
        let (enc, text) = seal(&secret.public(), &info, &plain, &mut random::system()).unwrap();
        prop_assert_eq!(secret.open(&info, &enc, &text).unwrap(), plain.clone());
        let longer = [info.as_slice(), b"."].concat();
        prop_assert!(secret.open(&longer, &enc, &text).is_err());
        let randomness = Secret::random(&mut random::system());
        let once = seal_with(&secret.public(), &info, &plain, &randomness).unwrap();
        prop_assert_eq!(once, seal_with(&secret.public(), &info, &plain, &randomness).unwrap());
    }

    #[test]
    fn a_signature_is_for_its_label_and_message_alone(
        seed in uniform32(any::<u8>()), message in vec(any::<u8>(), 0..200), label in "[a-z/]{1,30}",
    ) {
        let key = SigningKey::from_seed(&Secret::new(seed));
        let signature = key.sign(&label, &message);
        prop_assert!(verify(&key.public(), &label, &message, &signature).is_ok());
        let other = format!("{label}x");
        prop_assert!(verify(&key.public(), &other, &message, &signature).is_err());
        // Moving a byte from the label into the message is another signature too.
        let (shorter, last) = label.split_at(label.len() - 1);
        let moved = [last.as_bytes(), &message].concat();
        prop_assert!(verify(&key.public(), shorter, &moved, &signature).is_err());
    }

    #[test]
    fn parts_of_a_derivation_do_not_run_into_each_other(
        ikm in uniform32(any::<u8>()), a in vec(any::<u8>(), 1..40), b in vec(any::<u8>(), 0..40),
    ) {
        let (first, rest) = a.split_at(a.len() / 2);
        let joined = [rest, b.as_slice()].concat();
        let one = derive::<32>(&ikm, "label", &[&a, &b]);
        let other = derive::<32>(&ikm, "label", &[first, &joined]);
        prop_assert_ne!(one.expose(), other.expose());
    }
}
