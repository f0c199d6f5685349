// SPDX-License-Identifier: MPL-2.0
//! The primitives give what their specifications publish: X-Wing, HPKE, Ed25519 (RFC 8032),
//! Argon2id (RFC 9106), HKDF (RFC 5869), ChaCha20-Poly1305 (RFC 8439).

#![allow(missing_docs, clippy::unwrap_used, reason = "a test stops where it fails")]

use std::{fs, path::PathBuf};

use amate_seal::{
    aead,
    hybrid::{HybridPublic, HybridSecret, seal_with},
    kdf::{CodeCost, code_key, derive},
    secret::Secret,
    sign::{SigningKey, verify_plain},
};
use hpke::{
    Deserializable, OpModeR, Serializable,
    aead::ChaCha20Poly1305,
    kdf::HkdfSha256,
    kem::{Kem, XWing},
    setup_receiver,
};
use serde_json::Value;

fn json(name: &str) -> Value {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/public");
    serde_json::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn field(value: &Value, name: &str) -> Vec<u8> {
    hex(value[name].as_str().unwrap())
}

fn array<const N: usize>(text: &str) -> [u8; N] {
    hex(text).try_into().unwrap()
}

#[test]
fn x_wing_gives_the_published_keys_and_encapsulations() {
    let vectors = json("xwing.json");
    assert_eq!(vectors.as_array().unwrap().len(), 3);
    for vector in vectors.as_array().unwrap() {
        let seed = Secret::new(field(vector, "seed").try_into().unwrap());
        let secret = HybridSecret::from_seed(seed.clone());
        assert_eq!(secret.public().bytes().as_slice(), field(vector, "pk"));
        let to = HybridPublic::parse(&field(vector, "pk")).unwrap();
        let randomness = Secret::new(field(vector, "eseed").try_into().unwrap());
        let (enc, sealed) = seal_with(&to, b"info", b"plain", &randomness).unwrap();
        assert_eq!(enc.as_slice(), field(vector, "ct"), "the same encapsulation");
        assert_eq!(secret.open(b"info", &enc, &sealed).unwrap(), b"plain");
        let key = <XWing as Kem>::PrivateKey::from_bytes(seed.expose()).unwrap();
        let enc = <XWing as Kem>::EncappedKey::from_bytes(enc.as_slice()).unwrap();
        let shared = XWing::decap(&key, None, &enc).unwrap();
        assert_eq!(shared.0.as_slice(), field(vector, "ss"));
    }
}

#[test]
fn hpke_with_x_wing_opens_the_published_messages() {
    let vector = json("hpke-xwing.json");
    let key = <XWing as Kem>::PrivateKey::from_bytes(&field(&vector, "skRm")).unwrap();
    assert_eq!(XWing::sk_to_pk(&key).to_bytes().as_slice(), field(&vector, "pkRm"));
    let enc = <XWing as Kem>::EncappedKey::from_bytes(&field(&vector, "enc")).unwrap();
    let info = field(&vector, "info");
    let mode = OpModeR::Base;
    let mut context =
        setup_receiver::<ChaCha20Poly1305, HkdfSha256, XWing>(&mode, &key, &enc, &info).unwrap();
    for message in vector["encryptions"].as_array().unwrap() {
        let opened = context.open(&field(message, "ct"), &field(message, "aad")).unwrap();
        assert_eq!(opened, field(message, "pt"));
    }
}

#[test]
fn ed25519_signs_as_rfc_8032_says() {
    for (seed, public, message, signature) in [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
             5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
             18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ] {
        let key = SigningKey::from_seed(&Secret::new(array(seed)));
        assert_eq!(key.public(), array(public));
        assert_eq!(key.sign_plain(&hex(message)), array(signature));
        assert!(verify_plain(&array(public), &hex(message), &array(signature)).is_ok());
    }
}

#[test]
fn signatures_are_checked_strictly() {
    let key = SigningKey::from_seed(&Secret::new([7; 32]));
    let signature = key.sign_plain(b"m");
    assert!(verify_plain(&key.public(), b"m", &signature).is_ok());
    // S + L is the same number modulo the order: another signature for the same message.
    let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut malleable = signature;
    let mut carry = 0_u16;
    for (byte, add) in malleable[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = (sum as u8, sum >> 8);
    }
    assert!(verify_plain(&key.public(), b"m", &malleable).is_err());
    // The neutral element as key and R verifies anything where checks are lax.
    let mut small = [0; 32];
    small[0] = 1;
    let mut forged = [0; 64];
    forged[0] = 1;
    assert!(verify_plain(&small, b"m", &forged).is_err());
}

#[test]
fn argon2id_gives_the_tag_of_rfc_9106() {
    let params = argon2::ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(argon2::AssociatedData::new(&[4; 12]).unwrap())
        .build()
        .unwrap();
    let (kind, version) = (argon2::Algorithm::Argon2id, argon2::Version::V0x13);
    let hasher = argon2::Argon2::new_with_secret(&[3; 8], kind, version, params).unwrap();
    let mut tag = [0; 32];
    hasher.hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
    assert_eq!(tag, array("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"));
    // A code's key is that function without secret and data.
    let cost = CodeCost { memory_kib: 64, passes: 2, lanes: 1 };
    let params = argon2::Params::new(64, 2, 1, Some(32)).unwrap();
    let plain = argon2::Argon2::new(kind, version, params);
    plain.hash_password_into(b"cinco palabras", &[5; 32], &mut tag).unwrap();
    assert_eq!(code_key(b"cinco palabras", &[5; 32], cost).unwrap().expose(), &tag);
    let least = CodeCost::STANDARD;
    assert!(least.memory_kib >= 64 * 1_024 && least.passes >= 3);
}

#[test]
fn hkdf_gives_the_keys_of_rfc_5869() {
    let mut out = [0; 42];
    let hkdf = hkdf::Hkdf::<sha2::Sha256>::new(Some(&hex("000102030405060708090a0b0c")), &[11; 22]);
    hkdf.expand(&hex("f0f1f2f3f4f5f6f7f8f9"), &mut out).unwrap();
    assert_eq!(
        out.as_slice(),
        hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf\
             34007208d5b887185865")
    );
    hkdf::Hkdf::<sha2::Sha256>::new(None, &[11; 22]).expand(&[], &mut out).unwrap();
    assert_eq!(
        out.as_slice(),
        hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d\
             9d201395faa4b61a96c8")
    );
    // A labelled key is that function with every part's length before it.
    let info = b"\0\0\0\x05label\0\0\0\x02ab\0\0\0\x01c";
    hkdf::Hkdf::<sha2::Sha256>::new(None, b"key").expand(info, &mut out).unwrap();
    assert_eq!(derive::<42>(b"key", "label", &[b"ab", b"c"]).expose(), &out);
}

#[test]
fn chacha20_poly1305_gives_the_ciphertext_of_rfc_8439() {
    let key = Secret::new(std::array::from_fn(|n| 0x80 + n as u8));
    let nonce = array("070000004041424344454647");
    let aad = hex("50515253c0c1c2c3c4c5c6c7");
    let mut text = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip \
                     for the future, sunscreen would be it."
        .to_vec();
    let plain = text.clone();
    let tag = aead::seal(&key, &nonce, &aad, &mut text);
    assert_eq!(tag, array("1ae10b594f09e26a7e902ecbd0600691"));
    assert_eq!(text[..16], hex("d31a8d34648e60db7b86afbc53ef7ec2"));
    aead::open(&key, &nonce, &aad, &mut text, &tag).unwrap();
    assert_eq!(text, plain);
}
