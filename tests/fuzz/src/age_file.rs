// SPDX-License-Identifier: MPL-2.0
//! The age reader: no plaintext leaves a file that nobody sealed.

use std::{
    io::{ErrorKind, Read, Write},
    sync::OnceLock,
};

use amate_seal::{
    age::{Header, Identity, Reader, Recipient, Writer, plain_len_for, sealed_len},
    hybrid::HybridPublic,
};

use crate::world::{Seeded, hybrid, secret};

/// Those of the public vectors; the files of the sample are for the first two.
const IDENTITIES: [&str; 4] = [
    "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0",
    "AGE-SECRET-KEY-PQ-1HZLGZUPT4ETPKDEV8HSGFDCYZ4E522W0A7PU2LHT8EH9W6YLNC3SW78XKG",
    "AGE-SECRET-KEY-143WN7DCXU4G8R5AXQSSYD9AEPYDNT3HXSLWSPK36CDU6E8M59SSSAGZ3KG",
    "AGE-SECRET-KEY-PQ-143WN7DCXU4G8R5AXQSSYD9AEPYDNT3HXSLWSPK36CDU6E8M59SSS8XZSCQ",
];

/// Any bytes as a file, read with an odd buffer.
pub fn age(bytes: &[u8]) -> bool {
    static KEYS: OnceLock<Vec<Identity>> = OnceLock::new();
    let keys = KEYS
        .get_or_init(|| IDENTITIES.map(|text| Identity::from_text(text).expect("a key")).into());
    open(bytes, keys).is_some()
}

/// A file that was sealed by nobody but this crate: it opens to the sample, or not at all.
pub fn age_sealed(bytes: &[u8]) -> bool {
    static SAMPLE: OnceLock<Vec<u8>> = OnceLock::new();
    let keys = [Identity::Classic(secret("classic")), Identity::Hybrid(hybrid("hybrid"))];
    let Some(plain) = open(bytes, &keys) else { return false };
    assert_eq!(bytes, SAMPLE.get_or_init(sealed_file), "nobody else sealed it");
    assert_eq!(plain, PLAIN);
    true
}

const PLAIN: [u8; 300] = [9; 300];

/// What [`age_sealed`] opens.
pub(crate) fn sealed_file() -> Vec<u8> {
    let to = [
        Identity::Classic(secret("classic")).recipient(),
        Identity::Hybrid(hybrid("hybrid")).recipient(),
    ];
    let mut writer = Writer::new(Vec::new(), &to, &mut Seeded::new("age")).expect("sound");
    writer.write_all(&PLAIN).expect("memory");
    writer.finish().expect("memory")
}

fn open(bytes: &[u8], keys: &[Identity]) -> Option<Vec<u8>> {
    if let Ok((header, rest)) = Header::parse(bytes) {
        assert!(!header.stanzas.is_empty() && bytes.ends_with(rest));
        assert!(header.stanzas.iter().all(|stanza| !stanza.args.is_empty()));
    }
    let mut reader = Reader::new(bytes, keys).inspect_err(expected).ok()?;
    let (mut plain, mut buffer) = (Vec::new(), [0; 777]);
    loop {
        match reader.read(&mut buffer).inspect_err(expected).ok()? {
            0 => break,
            n => plain.extend_from_slice(&buffer[..n]),
        }
    }
    assert!(plain.len() < bytes.len());
    Some(plain)
}

fn expected(error: &std::io::Error) {
    assert!(matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof), "{error:?}");
}

/// Texts of recipients and identities, public keys, lengths.
pub fn age_text(bytes: &[u8]) -> bool {
    if let Ok(public) = HybridPublic::parse(bytes) {
        assert_eq!(public.bytes().as_slice(), bytes);
        let recipient = Recipient::Hybrid(public);
        assert_eq!(Recipient::from_text(&recipient.to_text()), Ok(recipient));
    }
    if let Some(len) = bytes.first_chunk() {
        let len = u64::from_be_bytes(*len);
        assert!(plain_len_for(len).is_none_or(|plain| sealed_len(plain) == len));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let recipient = Recipient::from_text(text).is_ok_and(|recipient| {
        assert!(recipient.to_text().eq_ignore_ascii_case(text));
        true
    });
    let identity = Identity::from_text(text).is_ok_and(|identity| {
        assert!(identity.to_text().eq_ignore_ascii_case(text));
        true
    });
    assert!(!(recipient && identity));
    recipient || identity
}
