// SPDX-License-Identifier: MPL-2.0
//! Signing and checking what a relay says: receipts, checkpoints with a timestamped cosignature
//! (C2SP signed-note, tlog-cosignature), `.tlog-proof` (spec/receipts.md).

use amate_wire::{
    id::RelayKey,
    log::{Checkpoint, NoteSignature, SignedCheckpoint, TlogProof},
    receipt::{self, Receipt},
};

use crate::{
    CannotOpen,
    hash::{Hasher, sha256},
    merkle,
    sign::{SigningKey, verify, verify_plain},
};

const ED25519: u8 = 1;
const COSIGNATURE: u8 = 4;
const ORIGIN: &str = "amate-relay/";
/// Times are integers of JSON in results.
const MAX_TIME: u64 = 1 << 53;

/// A checkpoint whose two lines of the relay's key are valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// Timestamp of the cosignature, by the relay's clock.
    pub time: u64,
}

/// Name of a relay's log.
#[must_use]
pub fn origin(relay: &RelayKey, epoch: u32) -> String {
    format!("{}{epoch}", origin_prefix(relay))
}

/// Epoch of an origin of this relay.
///
/// # Errors
/// [`CannotOpen`]: rule T-2.
pub fn epoch(relay: &RelayKey, origin: &str) -> Result<u32, CannotOpen> {
    let text = origin.strip_prefix(&origin_prefix(relay)).ok_or(CannotOpen)?;
    let epoch: u32 = text.parse().map_err(|_| CannotOpen)?;
    if epoch.to_string() == text { Ok(epoch) } else { Err(CannotOpen) }
}

/// Signs and cosigns a checkpoint; key name = origin.
#[must_use]
pub fn sign_checkpoint(key: &SigningKey, checkpoint: Checkpoint, time: u64) -> SignedCheckpoint {
    let body = checkpoint.body();
    let public = key.public();
    let name = checkpoint.origin.clone();
    let line = |kind: u8, signature: &[u8]| NoteSignature {
        name: name.clone(),
        blob: [key_id(&name, kind, &public).as_slice(), signature].concat(),
    };
    let plain = line(ED25519, &key.sign_plain(body.as_bytes()));
    let stamped = key.sign_plain(cosigned(time, &body).as_bytes());
    let stamp = [time.to_be_bytes().as_slice(), &stamped].concat();
    let signatures = vec![plain, line(COSIGNATURE, &stamp)];
    SignedCheckpoint { checkpoint, signatures }
}

/// Checks a checkpoint of a relay.
///
/// # Errors
/// [`CannotOpen`]: rule T-2.
pub fn verify_checkpoint(
    relay: &RelayKey,
    signed: &SignedCheckpoint,
) -> Result<Verified, CannotOpen> {
    let origin = &signed.checkpoint.origin;
    epoch(relay, origin)?;
    let body = signed.checkpoint.body();
    let ours = |kind: u8| {
        let id = key_id(origin, kind, &relay.0);
        signed
            .signatures
            .iter()
            .filter(|line| line.name == *origin)
            .filter_map(move |line| line.blob.strip_prefix(&id))
    };
    let plain = ours(ED25519).any(|signature| {
        <&[u8; 64]>::try_from(signature)
            .is_ok_and(|signature| verify_plain(&relay.0, body.as_bytes(), signature).is_ok())
    });
    let time =
        ours(COSIGNATURE).filter_map(|blob| cosignature_time(relay, &body, blob)).next_back();
    match time {
        Some(time) if plain && time < MAX_TIME => {
            Ok(Verified { checkpoint: signed.checkpoint.clone(), time })
        }
        _ => Err(CannotOpen),
    }
}

/// Checks that a proof shows `entry` in a log of the relay.
///
/// # Errors
/// [`CannotOpen`]: rules T-2, T-3, T-5.
pub fn verify_proof(
    relay: &RelayKey,
    entry: &[u8; 32],
    proof: &TlogProof,
) -> Result<Verified, CannotOpen> {
    let verified = verify_checkpoint(relay, &proof.checkpoint)?;
    let leaf = merkle::leaf_hash(entry);
    let size = verified.checkpoint.size;
    let root = merkle::root_of_inclusion(proof.index, size, leaf, &proof.path)?;
    if root == verified.checkpoint.root { Ok(verified) } else { Err(CannotOpen) }
}

/// A receipt with its signature.
#[must_use]
pub fn sign_receipt(key: &SigningKey, receipt: &Receipt) -> Vec<u8> {
    let bytes = receipt.signed_bytes();
    let signature = key.sign(receipt::LABEL, &bytes);
    [bytes, signature.to_vec()].concat()
}

/// Checks a receipt of a relay for exactly what was sent (rules ).
///
/// # Errors
/// [`CannotOpen`] for any other relay, kind, bytes or signature.
pub fn verify_receipt(
    relay: &RelayKey,
    stored: receipt::Stored,
    sent: &[u8],
    bytes: &[u8],
) -> Result<Receipt, CannotOpen> {
    let (receipt, signature) = Receipt::parse(bytes).map_err(|_| CannotOpen)?;
    verify(&relay.0, receipt::LABEL, &receipt.signed_bytes(), &signature)?;
    let same = receipt.relay == *relay
        && receipt.stored == stored
        && receipt.hash == sha256(sent)
        && usize::try_from(receipt.length) == Ok(sent.len());
    if same { Ok(receipt) } else { Err(CannotOpen) }
}

/// Entry of the log for an item: `H("amate/v1/leaf", salt, item id, end, head)`; `end` is the item
/// id, or for a live recording what its last part is known by (spec/receipts.md §2).
#[must_use]
pub fn leaf(salt: &[u8; 32], item: &[u8; 32], end: &[u8; 32], head: &[u8; 32]) -> [u8; 32] {
    crate::hash::labelled("amate/v1/leaf", &[salt, item, end, head])
}

fn origin_prefix(relay: &RelayKey) -> String {
    let name: String = sha256(&relay.0).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{ORIGIN}{name}/")
}

fn cosignature_time(relay: &RelayKey, body: &str, blob: &[u8]) -> Option<u64> {
    let (time, signature) = blob.split_first_chunk::<8>()?;
    let time = u64::from_be_bytes(*time);
    let signature = <&[u8; 64]>::try_from(signature).ok()?;
    verify_plain(&relay.0, cosigned(time, body).as_bytes(), signature).ok().map(|()| time)
}

fn cosigned(time: u64, body: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{body}")
}

fn key_id(name: &str, kind: u8, key: &[u8; 32]) -> [u8; 4] {
    let mut hasher = Hasher::default();
    for part in [name.as_bytes(), b"\n", &[kind], key] {
        hasher.update(part);
    }
    let [a, b, c, d, ..] = hasher.finish();
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn relay() -> (SigningKey, RelayKey) {
        let key = SigningKey::from_seed(&Secret::new([8; 32]));
        let public = RelayKey(key.public());
        (key, public)
    }

    fn proof() -> (RelayKey, [u8; 32], TlogProof) {
        let (key, relay) = relay();
        let mut tree = merkle::Tree::default();
        (0..7_u8).for_each(|n| tree.push(merkle::leaf_hash(&[n; 32])));
        let checkpoint =
            Checkpoint { origin: origin(&relay, 0), size: 7, root: tree.root(7).unwrap() };
        let checkpoint = sign_checkpoint(&key, checkpoint, 1_700_000_000);
        let path = tree.inclusion(4, 7).unwrap();
        (relay, [4; 32], TlogProof { index: 4, path, checkpoint })
    }

    #[test]
    fn a_proof_shows_its_leaf_and_its_time() {
        let (relay, leaf, proof) = proof();
        let verified = verify_proof(&relay, &leaf, &proof).unwrap();
        assert_eq!((verified.time, verified.checkpoint.size), (1_700_000_000, 7));
        assert!(verify_proof(&relay, &[5; 32], &proof).is_err());
        assert!(verify_proof(&RelayKey([1; 32]), &leaf, &proof).is_err());
    }

    #[test]
    fn both_lines_of_the_relay_must_stand() {
        let (relay, leaf, proof) = proof();
        for left_out in 0..2 {
            let mut less = proof.clone();
            less.checkpoint.signatures.remove(left_out);
            assert!(verify_proof(&relay, &leaf, &less).is_err());
        }
        let mut strange = proof.clone();
        let other = NoteSignature { name: "witness.example".into(), blob: vec![1; 80] };
        strange.checkpoint.signatures.push(other);
        assert!(verify_proof(&relay, &leaf, &strange).is_ok(), "unknown lines are ignored");
        let mut later = proof;
        let blob = &mut later.checkpoint.signatures.last_mut().unwrap().blob;
        blob[11] ^= 1;
        assert!(verify_proof(&relay, &leaf, &later).is_err(), "the time is signed");
    }

    #[test]
    fn a_receipt_is_for_these_bytes_alone() {
        let (key, relay) = relay();
        let receipt = Receipt {
            relay,
            stored: receipt::Stored::Block,
            hash: sha256(b"block"),
            length: 5,
            at: 1,
            until: 2,
        };
        let bytes = sign_receipt(&key, &receipt);
        let verify = |sent: &[u8]| verify_receipt(&relay, receipt::Stored::Block, sent, &bytes);
        assert_eq!(verify(b"block"), Ok(receipt));
        assert!(verify(b"other").is_err());
    }

    /// Key id and signature of the example in C2SP tlog-cosignature are of an unknown key; the id
    /// rule is checked against its definition.
    #[test]
    fn origins_belong_to_their_key() {
        let (_, relay) = relay();
        assert_eq!(epoch(&relay, &origin(&relay, 12)), Ok(12));
        assert!(epoch(&RelayKey([1; 32]), &origin(&relay, 0)).is_err());
        assert!(epoch(&relay, &format!("{}00", origin_prefix(&relay))).is_err());
    }
}
