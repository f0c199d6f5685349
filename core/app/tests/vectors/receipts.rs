// SPDX-License-Identifier: MPL-2.0
//! Structures of spec/receipts.md.

use amate_seal::{
    merkle::{leaf_hash, verify_consistency},
    note,
    secret::Secret,
    sign::SigningKey,
};
use amate_wire::{
    document::hex,
    id::{MailboxId, RelayKey},
    log::{SignedCheckpoint, TlogProof, hashes_to_text, parse_hashes},
    receipt::{Receipt, Stored},
};

use super::{Outcome, Vector, staged};

pub(super) fn reader(structure: &str) -> fn(&Vector) -> Outcome {
    match structure {
        "receipt" => receipt,
        "checkpoint" => checkpoint,
        "proof" => proof,
        "consistency" => consistency,
        other => panic!("{other}"),
    }
}

fn relay(vector: &Vector) -> RelayKey {
    RelayKey(vector.array("relay-key"))
}

fn signer(vector: &Vector) -> SigningKey {
    SigningKey::from_seed(&Secret::new(vector.array("relay-seed")))
}

fn text(vector: &Vector) -> &str {
    std::str::from_utf8(&vector.body).unwrap()
}

fn receipt(vector: &Vector) -> Outcome {
    let stored = match vector.text("mailbox") {
        "none" => Stored::Block,
        _ => Stored::Notice(MailboxId(vector.array("mailbox"))),
    };
    let read = note::verify_receipt(&relay(vector), stored, &vector.hex("sent"), &vector.body);
    let steps = match (Receipt::parse(&vector.body), &read) {
        (Err(_), _) => Err("parse"),
        (_, Err(_)) => Err("signature"),
        _ => Ok(()),
    };
    let receipt = staged(read.ok(), steps)?;
    assert_eq!(note::sign_receipt(&signer(vector), &receipt), vector.body, "{}", vector.name);
    Ok(vec![("at", receipt.at.to_string()), ("until", receipt.until.to_string())])
}

fn checkpoint(vector: &Vector) -> Outcome {
    let signed = SignedCheckpoint::parse(text(vector)).map_err(|_| "parse")?;
    let verified = note::verify_checkpoint(&relay(vector), &signed).map_err(|_| "signature")?;
    let checkpoint = verified.checkpoint;
    assert_eq!(signed.to_text(), text(vector), "{}", vector.name);
    let again = note::sign_checkpoint(&signer(vector), checkpoint.clone(), verified.time);
    assert!(text(vector).starts_with(&again.to_text()), "{}", vector.name);
    Ok(vec![
        ("origin", checkpoint.origin),
        ("size", checkpoint.size.to_string()),
        ("root", hex(&checkpoint.root)),
        ("time", verified.time.to_string()),
    ])
}

fn proof(vector: &Vector) -> Outcome {
    let [salt, item, end, head] = ["salt", "item", "end", "head"].map(|key| vector.array(key));
    let leaf = note::leaf(&salt, &item, &end, &head);
    let proof = TlogProof::parse(text(vector)).map_err(|_| "parse")?;
    note::verify_checkpoint(&relay(vector), &proof.checkpoint).map_err(|_| "signature")?;
    let verified = note::verify_proof(&relay(vector), &leaf, &proof).map_err(|_| "proof")?;
    assert_eq!(proof.to_text(), text(vector), "{}", vector.name);
    Ok(vec![
        ("leaf", hex(&leaf)),
        ("leaf-hash", hex(&leaf_hash(&leaf))),
        ("index", proof.index.to_string()),
        ("size", verified.checkpoint.size.to_string()),
        ("time", verified.time.to_string()),
    ])
}

fn consistency(vector: &Vector) -> Outcome {
    let path = parse_hashes(text(vector)).map_err(|_| "parse")?;
    let [old, new] = ["old-size", "new-size"].map(|key| vector.number(key));
    let [from, to] = ["old-root", "new-root"].map(|key| vector.array(key));
    verify_consistency((old, &from), (new, &to), &path).map_err(|_| "proof")?;
    assert_eq!(hashes_to_text(&path), text(vector), "{}", vector.name);
    Ok(Vec::new())
}
