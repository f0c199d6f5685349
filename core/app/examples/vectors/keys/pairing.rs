// SPDX-License-Identifier: MPL-2.0
//! Pairing text: rule Q-1.

use amate_app::keys::identity_id;
use amate_seal::hash::sha256;
use amate_wire::{capability::Capability, id::RelayKey, pairing::PairingCode};
use data_encoding::BASE32_NOPAD;

use super::{super::vector::Vector, pair::good, sample::key};

const PREFIX: &str = "AMATE1:";
/// Offset of the flags in the bytes.
const FLAGS: usize = 69;

pub(super) fn texts() -> Vec<Vector> {
    let (with, without) = (code(true), code(false));
    let base = accepted("pairing", "without a capability", &without);
    let mut copied = accepted("pairing-copied", "small letters, white space and hyphens", &without);
    let text = String::from_utf8(copied.body.clone()).unwrap().to_lowercase();
    let (head, rest) = text.split_at(PREFIX.len() + 20);
    copied.body = format!("{head} -\n{rest}\n").into_bytes();
    let capability = accepted("pairing-capability", "with a capability", &with);
    [spelling(&base), content(&base), vec![base, copied, capability]].concat()
}

fn code(capability: bool) -> PairingCode {
    let capability =
        capability.then(|| Capability { id: [1; 16], n: 7, secret: sha256(b"capability") });
    PairingCode {
        identity: identity_id(&key("identity").public()),
        relay: RelayKey(key("relay").public()),
        capability,
        url: "https://relevo.example".into(),
    }
}

fn accepted(name: &str, why: &str, code: &PairingCode) -> Vector {
    let text = text(&code.body().unwrap());
    let capability = code.capability.as_ref().map(Capability::to_text).unwrap_or_default();
    let vector = good("pairing", name, "keys.md §4", why, text.clone().into_bytes())
        .bytes("gives-identity-id", &code.identity.0)
        .bytes("gives-relay-key", &code.relay.0)
        .with("gives-url", code.url.clone())
        .with("gives-text", text);
    if capability.is_empty() { vector } else { vector.with("gives-capability", capability) }
}

fn text(body: &[u8]) -> String {
    let check = &sha256(body)[..4];
    format!("{PREFIX}{}", BASE32_NOPAD.encode(&[body, check].concat()))
}

fn spelling(base: &Vector) -> Vec<Vector> {
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        base.bad(name, "parse", "keys.md Q-1", why, spoil)
    };
    vec![
        bad("q1-prefix", "another prefix", &|vector| vector.replace("AMATE1:", "AMATE2:")),
        bad("q1-no-prefix", "no prefix", &|vector| vector.replace("AMATE1:", "")),
        bad("q1-zero", "the digit 0, which is not of the alphabet", &|vector| {
            vector.body[10] = b'0';
        }),
        bad("q1-padding", "with padding", &|vector| vector.body.extend(b"===")),
        bad("q1-cut", "the last letter is missing", &|vector| {
            vector.body.pop();
        }),
        bad("q1-letter", "one letter changed: the checksum differs", &|vector| {
            let letter = &mut vector.body[40];
            *letter = if *letter == b'A' { b'B' } else { b'A' };
        }),
        bad("q1-check", "a changed checksum", &|vector| {
            let body = code(false).body().unwrap();
            let mut check = sha256(&body)[..4].to_vec();
            check[0] ^= 1;
            let all = [body, check].concat();
            vector.body = format!("{PREFIX}{}", BASE32_NOPAD.encode(&all)).into_bytes();
        }),
    ]
}

fn content(base: &Vector) -> Vec<Vector> {
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vec<u8>)| {
        base.bad(name, "parse", "keys.md Q-1", why, |vector| {
            let mut body = code(false).body().unwrap();
            spoil(&mut body);
            vector.body = text(&body).into_bytes();
        })
    };
    vec![
        bad("q1-tag", "another tag", &|body| body[3] = b's'),
        bad("q1-version", "version 2", &|body| body[4] = 2),
        bad("q1-flags", "a flag that is not known", &|body| body[FLAGS] = 2),
        bad("q1-capability", "a capability announced that is not there", &|body| body[FLAGS] = 1),
        bad("q1-trailing", "a byte after the address", &|body| body.push(b'/')),
        bad("q1-url", "an address of another scheme", &|body| {
            body.splice(FLAGS + 2..FLAGS + 7, *b"httqs");
        }),
        bad("q1-short", "an address shorter than said", &|body| {
            body.pop();
        }),
    ]
}
