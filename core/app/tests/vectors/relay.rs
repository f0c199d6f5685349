// SPDX-License-Identifier: MPL-2.0
//! Structures of spec/relay.md that are bytes.

use amate_seal::{kdf::derive, secret::Secret, sign::SigningKey};
use amate_wire::{
    capability::Capability,
    document::hex,
    id::RelayKey,
    request::{FETCH_LABEL, fetch_message},
};

use super::{Outcome, Vector};

pub(super) fn reader(structure: &str) -> fn(&Vector) -> Outcome {
    match structure {
        "capability" => capability,
        "sub-capability" => sub_capability,
        "fetch" => fetch,
        other => panic!("{other}"),
    }
}

fn text(vector: &Vector) -> &str {
    std::str::from_utf8(&vector.body).unwrap()
}

fn capability(vector: &Vector) -> Outcome {
    let capability = Capability::from_text(text(vector)).map_err(|_| "parse")?;
    assert_eq!(capability.to_text(), text(vector));
    Ok(vec![
        ("id", hex(&capability.id)),
        ("n", capability.n.to_string()),
        ("secret", hex(&capability.secret)),
    ])
}

fn sub_capability(vector: &Vector) -> Outcome {
    let own = Capability::from_text(text(vector)).map_err(|_| "parse")?;
    let n: u32 = vector.number("n");
    let secret: Secret<32> = derive(&own.secret, "amate/v1/capability/sub", &[&n.to_be_bytes()]);
    let person = Capability { n, secret: *secret.expose(), ..own };
    Ok(vec![("text", person.to_text())])
}

fn fetch(vector: &Vector) -> Outcome {
    let relay = RelayKey(vector.array("relay-key"));
    let message = fetch_message(vector.text("method"), text(vector), &relay, vector.number("time"));
    let key = SigningKey::from_seed(&Secret::new(vector.array("mailbox-seed")));
    let signature = key.sign(FETCH_LABEL, &message);
    Ok(vec![("message", hex(&message)), ("signature", hex(&signature))])
}
