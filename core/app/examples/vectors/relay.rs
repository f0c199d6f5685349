// SPDX-License-Identifier: MPL-2.0
//! Vectors of spec/relay.md: capabilities as text, and what a mailbox key signs.

use amate_seal::{hash::sha256, kdf::derive, secret::Secret};
use amate_wire::{capability::Capability, document::hex, id::RelayKey, request::fetch_message};

use super::{pair::good, sample::key, vector::Vector};

/// All of them.
pub fn vectors() -> Vec<Vector> {
    [capabilities(), vec![derived(), fetch()]].concat()
}

fn own() -> Capability {
    Capability { id: [1; 16], n: 0, secret: sha256(b"capability") }
}

fn capabilities() -> Vec<Vector> {
    let text = own().to_text();
    let base =
        good("capability", "capability", "relay.md §2", "as text", text.clone().into_bytes())
            .bytes("gives-id", &own().id)
            .with("gives-n", "0")
            .bytes("gives-secret", &own().secret);
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        base.bad(name, "parse", "relay.md A-1", why, spoil)
    };
    let of = |vector: &mut Vector, bytes: &[u8]| {
        let letters = data_encoding::BASE32_NOPAD.encode(bytes).to_lowercase();
        vector.body = format!("amatecap1{letters}").into_bytes();
    };
    vec![
        bad("a1-prefix", "another prefix", &|vector| vector.replace("amatecap1", "amatecap2")),
        bad("a1-no-prefix", "no prefix", &|vector| vector.replace("amatecap1", "")),
        bad("a1-upper", "capital letters", &|vector| {
            vector.body[9..].make_ascii_uppercase();
        }),
        bad("a1-alphabet", "the digit 1, which is not of the alphabet", &|vector| {
            vector.body[20] = b'1';
        }),
        bad("a1-short", "51 bytes", &|vector| of(vector, &own().encode()[..51])),
        bad("a1-long", "53 bytes", &|vector| of(vector, &[own().encode(), vec![0]].concat())),
        bad("a1-bits", "last bits that are not zero", &|vector| {
            let last = vector.body.last_mut().unwrap();
            *last += 1;
        }),
        bad("a1-padding", "with padding", &|vector| vector.body.extend(b"====")),
        bad("a1-space", "a space at the end", &|vector| vector.body.push(b' ')),
        base,
    ]
}

fn derived() -> Vector {
    let secret: Secret<32> =
        derive(&own().secret, "amate/v1/capability/sub", &[&7_u32.to_be_bytes()]);
    let person = Capability { n: 7, secret: *secret.expose(), ..own() };
    let why = "a person's, derived from the organisation's";
    let body = own().to_text().into_bytes();
    good("sub-capability", "sub-capability", "relay.md §2", why, body)
        .with("n", "7")
        .with("gives-text", person.to_text())
}

fn fetch() -> Vector {
    let (method, path, time) = ("GET", "/v1/mailboxes/00/notices?after=0", 1_795_516_963_u64);
    let relay = RelayKey(key("relay").public());
    let message = fetch_message(method, path, &relay, time);
    let why = "what a mailbox key signs to read its mailbox";
    good("fetch", "fetch", "relay.md §3", why, path.as_bytes().to_vec())
        .with("method", method)
        .bytes("relay-key", &relay.0)
        .with("time", time.to_string())
        .bytes("mailbox-seed", key("box").seed().expose())
        .with("gives-message", hex(&message))
        .bytes("gives-signature", &key("box").sign("amate/v1/fetch", &message))
}
