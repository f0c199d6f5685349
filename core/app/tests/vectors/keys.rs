// SPDX-License-Identifier: MPL-2.0
//! Structures of spec/keys.md.

use std::convert::Infallible;

use amate_app::keys::{
    DEVICE_LABEL, Freshness, MeetingA, MeetingB, VerifiedKeySet, WordList, identity_id, mailbox_id,
    meeting_id,
};
use amate_seal::{
    hash::sha256,
    hybrid::HybridPublic,
    secret::Secret,
    sign::{SigningKey, verify},
};
use amate_wire::{
    capability::Capability,
    document::hex,
    id::{IdentityId, KeySetId},
    keyset::{KeySet, LABEL},
    pairing::{PairingCode, Slot},
};
use rand_core::{TryCryptoRng, TryRng};

use super::{Outcome, Vector, staged};

pub(super) fn reader(structure: &str) -> fn(&Vector) -> Outcome {
    match structure {
        "identity" => |vector| Ok(vec![("identity-id", identity_id(&key(vector)).hex())]),
        "mailbox" => |vector| Ok(vec![("mailbox-id", mailbox_id(&key(vector)).hex())]),
        "certificate" => certificate,
        "key-set" => key_set,
        "pairing" => pairing,
        "slot" => slot,
        "words" => words,
        "meeting" => |vector| {
            let digits = std::str::from_utf8(&vector.body).unwrap();
            Ok(vec![("meeting-id", hex(&meeting_id(digits)))])
        },
        other => panic!("{other}"),
    }
}

fn key(vector: &Vector) -> [u8; 32] {
    vector.body.as_slice().try_into().unwrap()
}

fn certificate(vector: &Vector) -> Outcome {
    let identity = SigningKey::from_seed(&Secret::new(vector.array("identity-seed")));
    Ok(vec![("certificate", hex(&identity.sign(DEVICE_LABEL, &vector.body)))])
}

fn key_set(vector: &Vector) -> Outcome {
    let identity = IdentityId(vector.array("identity-id"));
    let held = vector.find("held").map(|_| vector.hex("held"));
    let held = held.map(|bytes| VerifiedKeySet::check(&bytes, identity, None).unwrap());
    let set = VerifiedKeySet::check(&vector.body, identity, held.as_ref());
    let set = staged(set.ok(), key_set_steps(vector, identity, held.as_ref()))?;
    assert_eq!(set.set().encode().unwrap(), vector.body, "{}", vector.name);
    let mut given = vec![("key-set-id", set.id().hex())];
    if vector.find("witnessed").is_some() {
        let choice = set.weekly(vector.number("witnessed")).unwrap();
        let fits = match choice.freshness {
            Freshness::BeforeFirst => "before-first",
            Freshness::Current => "current",
            Freshness::Stale => "stale",
        };
        given.push(("weekly-sha256", hex(&sha256(choice.key.bytes()))));
        given.push(("fits", fits.to_owned()));
    }
    Ok(given)
}

fn key_set_steps(
    vector: &Vector,
    identity: IdentityId,
    held: Option<&VerifiedKeySet>,
) -> Result<(), &'static str> {
    let set = KeySet::parse(&vector.body).map_err(|_| "parse")?;
    let signed = &vector.body[..vector.body.len() - 64];
    verify(&set.identity, LABEL, signed, &set.signature).map_err(|_| "signature")?;
    if identity_id(&set.identity) != identity {
        return Err("signature");
    }
    let mut keys = set.weekly.iter().chain([&set.long_term]);
    if keys.any(|key| HybridPublic::parse(key.as_slice()).is_err()) {
        return Err("parse");
    }
    let id = KeySetId(sha256(&vector.body));
    let follows = held.is_none_or(|held| set.sequence > held.set().sequence || held.id() == id);
    if follows { Ok(()) } else { Err("chain") }
}

fn pairing(vector: &Vector) -> Outcome {
    let text = std::str::from_utf8(&vector.body).unwrap();
    let code = PairingCode::from_text(text, sha256).map_err(|_| "parse")?;
    let mut given = vec![
        ("identity-id", code.identity.hex()),
        ("relay-key", code.relay.hex()),
        ("url", code.url.clone()),
        ("text", code.to_text(&sha256(&code.body().unwrap())).unwrap()),
    ];
    given.extend(code.capability.as_ref().map(|one| ("capability", Capability::to_text(one))));
    Ok(given)
}

fn slot(vector: &Vector) -> Outcome {
    let slot = Slot::parse(&vector.body, vector.number("slot")).map_err(|_| "parse")?;
    assert_eq!(slot.encode(), vector.body, "{}", vector.name);
    Ok(Vec::new())
}

/// Both sides of a meeting, with the nonces of the vector.
fn words(vector: &Vector) -> Outcome {
    let side = |name: &str| {
        let id = IdentityId(vector.array(&format!("identity-{name}")));
        (id, KeySetId(vector.array(&format!("key-set-{name}"))))
    };
    let nonce = |name: &str| Fixed(vector.array(&format!("nonce-{name}")));
    let (slot_0, rest) = vector.body.split_at(38);
    let (slot_1, slot_2) = rest.split_at(102);
    let (mut a, own_0) = MeetingA::begin(side("a"), &mut nonce("a"));
    let (b, own_1) = MeetingB::join(side("b"), slot_0, &mut nonce("b")).map_err(|_| "parse")?;
    assert_eq!((own_0.as_slice(), own_1.as_slice()), (slot_0, slot_1), "{}", vector.name);
    let (own_2, other, heard_by_a) = a.answer(slot_1).map_err(|_| "parse")?;
    let (one, heard_by_b) = b.finish(slot_2).map_err(|_| "chain")?;
    assert_eq!((own_2.as_slice(), other, one), (slot_2, side("b"), side("a")));
    assert_eq!(heard_by_a, heard_by_b);
    Ok(vec![
        ("words-es", heard_by_a.in_list(WordList::Spanish)),
        ("words-en", heard_by_a.in_list(WordList::English)),
    ])
}

/// Gives these bytes and no others.
struct Fixed([u8; 32]);

impl TryRng for Fixed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("a nonce is drawn as bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("a nonce is drawn as bytes")
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.copy_from_slice(&self.0);
        Ok(())
    }
}

impl TryCryptoRng for Fixed {}
