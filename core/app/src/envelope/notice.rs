// SPDX-License-Identifier: MPL-2.0
//! Notices: sealed to one weekly key, signed by one device (spec/envelope.md §5).

use std::io::{Read, Write};

use amate_seal::{
    CannotOpen,
    age::{Identity, Reader, Recipient, Writer},
    hybrid::{HybridPublic, HybridSecret},
    random::CryptoRng,
    sign::{self, SigningKey},
};
use amate_wire::{
    cursor::Malformed,
    id::{IdentityId, KeySetId},
    notice::{LABEL, Notice, PLAIN_LEN, SEALED_LEN, SIGNED_LEN},
};

use crate::keys::{DEVICE_LABEL, identity_id};

/// A notice that opened. Its signature is not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedNotice {
    plain: Box<[u8; PLAIN_LEN]>,
}

/// A notice for this reader, signed by a device that its sender's identity certified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedNotice {
    notice: Notice,
    plain: Box<[u8; PLAIN_LEN]>,
}

/// Signs and seals a notice: exactly 4 096 bytes.
///
/// # Errors
/// [`Malformed`] when index and body do not fit.
pub fn seal_notice(
    notice: &Notice,
    device: &SigningKey,
    to: &HybridPublic,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, Malformed> {
    let mut plain = notice.encode()?;
    let signature = device.sign(LABEL, &plain);
    plain.extend_from_slice(&signature);
    let recipients = [Recipient::Hybrid(to.clone())];
    let sealed = Writer::new(Vec::with_capacity(SEALED_LEN), &recipients, rng)
        .and_then(|mut writer| writer.write_all(&plain).and_then(|()| writer.finish()))
        .map_err(|_| Malformed("notice"))?;
    zeroize::Zeroize::zeroize(&mut plain);
    if sealed.len() == SEALED_LEN { Ok(sealed) } else { Err(Malformed("notice")) }
}

/// Opens a notice with one of the secrets.
///
/// # Errors
/// [`CannotOpen`] when none opens it or its size differs.
pub fn open_notice<'a>(
    sealed: &[u8],
    secrets: impl Iterator<Item = &'a HybridSecret>,
) -> Result<OpenedNotice, CannotOpen> {
    if sealed.len() != SEALED_LEN {
        return Err(CannotOpen);
    }
    let identities: Vec<_> = secrets.map(|secret| Identity::Hybrid(secret.clone())).collect();
    let mut plain = Vec::with_capacity(PLAIN_LEN + 1);
    Reader::new(sealed, &identities)
        .and_then(|mut reader| reader.read_to_end(&mut plain))
        .map_err(|_| CannotOpen)?;
    OpenedNotice::from_bytes(&plain)
}

impl OpenedNotice {
    /// From the plaintext that was kept.
    ///
    /// # Errors
    /// [`CannotOpen`] for another length.
    pub fn from_bytes(plain: &[u8]) -> Result<Self, CannotOpen> {
        let plain: [u8; PLAIN_LEN] = plain.try_into().map_err(|_| CannotOpen)?;
        Ok(Self { plain: Box::new(plain) })
    }

    /// Checks form, recipient, signature and certificate (rules N-1, N-2, N-3). Revocation and
    /// repeats are the inbox's to check.
    ///
    /// # Errors
    /// [`CannotOpen`] for any of them.
    pub fn verify(self, own: impl Fn(KeySetId) -> bool) -> Result<VerifiedNotice, CannotOpen> {
        let (signed, signature) = self.plain.split_last_chunk::<64>().ok_or(CannotOpen)?;
        let signed: &[u8; SIGNED_LEN] = signed.try_into().map_err(|_| CannotOpen)?;
        let notice = Notice::parse(signed).map_err(|_| CannotOpen)?;
        if !own(notice.key_set) {
            return Err(CannotOpen);
        }
        sign::verify(&notice.sender, DEVICE_LABEL, &notice.device, &notice.certificate)?;
        sign::verify(&notice.device, LABEL, signed, signature)?;
        Ok(VerifiedNotice { notice, plain: self.plain })
    }
}

impl VerifiedNotice {
    /// What it says.
    #[must_use]
    pub fn notice(&self) -> &Notice {
        &self.notice
    }

    /// Identity id of the sender.
    #[must_use]
    pub fn sender(&self) -> IdentityId {
        identity_id(&self.notice.sender)
    }

    /// The plaintext with its signature: what proves it later.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.plain.as_slice()
    }
}

#[cfg(test)]
mod tests {
    use amate_seal::secret::Secret;
    use amate_wire::{
        block::BlockClass,
        id::{BlockId, RelayKey},
        index::{Index, IndexItem},
        notice::{NoticeIndex, NoticeKind},
    };

    use super::*;

    fn keys() -> (SigningKey, SigningKey, HybridSecret) {
        let signing = |n| SigningKey::from_seed(&Secret::new([n; 32]));
        (signing(1), signing(2), HybridSecret::from_seed(Secret::new([3; 32])))
    }

    fn sample() -> Notice {
        let (identity, device, _) = keys();
        let blocks = (0..32).map(|n| BlockId([n; 32])).collect();
        Notice {
            kind: NoticeKind::Parcel,
            key_set: KeySetId([5; 32]),
            sender: identity.public(),
            device: device.public(),
            certificate: identity.sign(DEVICE_LABEL, &device.public()),
            parcel: [6; 16],
            previous: [0; 32],
            sequence: 1,
            created: 0,
            expiry: 9_007_199_254_740_991,
            second_signature: [0; 32],
            relay: RelayKey([7; 32]),
            more: false,
            seed: [8; 32],
            index: NoticeIndex::Inline(Index {
                items: vec![IndexItem { class: BlockClass::Small, blocks }],
            }),
            body: Vec::new(),
        }
    }

    fn sealed(notice: &Notice) -> Vec<u8> {
        let (_, device, secret) = keys();
        let mut rng = amate_seal::random::system();
        seal_notice(notice, &device, &secret.public(), &mut rng).unwrap()
    }

    fn open(sealed: &[u8]) -> Result<VerifiedNotice, CannotOpen> {
        let (_, _, secret) = keys();
        open_notice(sealed, [&secret].into_iter())?.verify(|id| id == KeySetId([5; 32]))
    }

    #[test]
    fn a_notice_opens_for_its_reader_and_names_its_sender() {
        let verified = open(&sealed(&sample())).unwrap();
        assert_eq!(verified.notice(), &sample());
        assert_eq!(verified.sender(), identity_id(&keys().0.public()));
        let again = OpenedNotice::from_bytes(verified.bytes()).unwrap();
        assert!(again.verify(|_| true).is_ok());
    }

    #[test]
    fn re_addressed_forged_and_changed_notices_are_refused() {
        let (_, device, secret) = keys();
        let other = Notice { key_set: KeySetId([6; 32]), ..sample() };
        assert_eq!(open(&sealed(&other)), Err(CannotOpen), "N-2");
        let stranger = Notice { sender: [1; 32], ..sample() };
        assert_eq!(open(&sealed(&stranger)), Err(CannotOpen), "N-3");
        let mut rng = amate_seal::random::system();
        let wrong = SigningKey::from_seed(&Secret::new([77; 32]));
        let forged = seal_notice(&sample(), &wrong, &secret.public(), &mut rng).unwrap();
        assert_eq!(open(&forged), Err(CannotOpen), "N-3");
        let mut changed = sealed(&sample());
        changed[3_000] ^= 1;
        assert_eq!(open(&changed), Err(CannotOpen));
        let elsewhere = HybridSecret::from_seed(Secret::new([4; 32]));
        let foreign = seal_notice(&sample(), &device, &elsewhere.public(), &mut rng).unwrap();
        assert_eq!(open(&foreign), Err(CannotOpen));
    }
}
