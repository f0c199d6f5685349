// SPDX-License-Identifier: MPL-2.0
//! Key sets of others: checking them, choosing the weekly key.

use amate_seal::{CannotOpen, hash, hybrid::HybridPublic, sign};
use amate_wire::{
    id::{IdentityId, KeySetId},
    keyset::{self, KeySet, WEEK},
};

use super::{DEVICE_LABEL, identity_id};

/// A key set whose signature and keys were checked against the identity that was paired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedKeySet {
    set: KeySet,
    id: KeySetId,
}

/// How well the weekly key fits the witnessed time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "each has its words on a screen")]
pub enum Freshness {
    /// The key of the witnessed week.
    Current,
    /// The first key: its week has not come, by witnessed time.
    BeforeFirst,
    /// The last key: its week is over. The person is told.
    Stale,
}

/// A weekly key and how well it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeeklyChoice {
    /// The key to seal to.
    pub key: HybridPublic,
    /// How well it fits.
    pub freshness: Freshness,
}

impl VerifiedKeySet {
    /// Checks the bytes of a key set against the identity it must belong to and, where one is
    /// held, against the key set held.
    ///
    /// # Errors
    /// [`CannotOpen`]: rules K-1 … K-4.
    pub fn check(
        bytes: &[u8],
        identity: IdentityId,
        held: Option<&Self>,
    ) -> Result<Self, CannotOpen> {
        let set = KeySet::parse(bytes).map_err(|_| CannotOpen)?;
        let signed = set.signed_bytes().map_err(|_| CannotOpen)?;
        sign::verify(&set.identity, keyset::LABEL, &signed, &set.signature)?;
        if identity_id(&set.identity) != identity {
            return Err(CannotOpen);
        }
        for key in set.weekly.iter().chain([&set.long_term]) {
            HybridPublic::parse(key.as_slice())?;
        }
        let id = KeySetId(hash::sha256(bytes));
        match held {
            Some(held) if set.sequence < held.set.sequence => Err(CannotOpen),
            Some(held) if set.sequence == held.set.sequence && id != held.id => Err(CannotOpen),
            _ => Ok(Self { set, id }),
        }
    }

    /// Its content.
    #[must_use]
    pub fn set(&self) -> &KeySet {
        &self.set
    }

    /// SHA-256 of its bytes.
    #[must_use]
    pub fn id(&self) -> KeySetId {
        self.id
    }

    /// The key for the week of the witnessed time (spec/keys.md §3).
    #[must_use]
    pub fn weekly(&self, witnessed: u64) -> Option<WeeklyChoice> {
        let week = witnessed / WEEK;
        let first = u64::from(self.set.first_week);
        let last = self.set.weekly.len().checked_sub(1)?;
        let (at, freshness) = match week.checked_sub(first) {
            None => (0, Freshness::BeforeFirst),
            Some(after) => match usize::try_from(after) {
                Ok(at) if at <= last => (at, Freshness::Current),
                _ => (last, Freshness::Stale),
            },
        };
        let key = HybridPublic::parse(self.set.weekly.get(at)?.as_slice()).ok()?;
        Some(WeeklyChoice { key, freshness })
    }

    /// Whether a device certificate is of this identity and the device not revoked.
    #[must_use]
    pub fn accepts_device(&self, device: &[u8; 32], certificate: &[u8; 64]) -> bool {
        let revoked = self.set.devices.iter().any(|known| known.key == *device && known.revoked);
        !revoked && sign::verify(&self.set.identity, DEVICE_LABEL, device, certificate).is_ok()
    }
}
