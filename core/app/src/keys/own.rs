// SPDX-License-Identifier: MPL-2.0
//! The keys of this vault: identity, device, mailboxes, weekly secrets; as bytes for the vault.

use amate_seal::{
    CannotOpen, hybrid::HybridSecret, random::CryptoRng, secret::Secret, sign::SigningKey,
};
use amate_wire::{
    cursor::{Reader, Writer},
    id::{IdentityId, MailboxId},
    keyset::{Device, KeySet, LABEL, Mailbox, WEEK},
};
use zeroize::Zeroizing;

use super::{DEVICE_LABEL, identity_id, mailbox_id};
use crate::exchange::Relay;

/// Weekly keys that a new key set publishes.
pub const WEEKS_AHEAD: u32 = 26;
/// Longest life of a block and of a bundle: a weekly secret outlives its week by this.
const LIFE: u64 = (60 + 90) * 86_400;
const VERSION: &[u8] = b"AMok\x01";

/// Everything secret about who this vault is. Wiped on drop, field by field.
#[derive(Clone)]
pub struct OwnKeys {
    identity: SigningKey,
    device: SigningKey,
    mailbox: SigningKey,
    long_term: HybridSecret,
    sequence: u32,
    weekly: Vec<(u32, HybridSecret)>,
}

impl OwnKeys {
    /// Fresh keys, with weekly ones from the week of `now` on.
    pub fn random(now: u64, rng: &mut impl CryptoRng) -> Self {
        let mut keys = Self {
            identity: SigningKey::random(rng),
            device: SigningKey::random(rng),
            mailbox: SigningKey::random(rng),
            long_term: HybridSecret::random(rng),
            sequence: 0,
            weekly: Vec::new(),
        };
        keys.renew(now, rng);
        keys
    }

    /// Adds weekly keys up to [`WEEKS_AHEAD`] and forgets those whose life is over by witnessed
    /// time. Gives whether a new key set should be published.
    pub fn renew(&mut self, time: u64, rng: &mut impl CryptoRng) -> bool {
        let week = u32::try_from(time / WEEK).unwrap_or(u32::MAX);
        let before = (self.weekly.len(), self.weekly.last().map(|(week, _)| *week));
        let next = self.weekly.last().map_or(week, |(last, _)| last.saturating_add(1)).max(week);
        for week in next..week.saturating_add(WEEKS_AHEAD) {
            self.weekly.push((week, HybridSecret::random(rng)));
        }
        before != (self.weekly.len(), self.weekly.last().map(|(week, _)| *week))
    }

    /// Forgets weekly secrets that no block or bundle can need any more, by witnessed time. Gives
    /// whether there were any.
    pub fn forget(&mut self, witnessed: u64) -> bool {
        let before = self.weekly.len();
        self.weekly.retain(|(week, _)| (u64::from(*week) + 1) * WEEK + LIFE > witnessed);
        self.weekly.len() < before
    }

    /// Identity id.
    #[must_use]
    pub fn id(&self) -> IdentityId {
        identity_id(&self.identity.public())
    }

    /// Identity key, public half.
    #[must_use]
    pub fn identity(&self) -> [u8; 32] {
        self.identity.public()
    }

    /// The device's key: signs notices, custody of what was received, exports.
    #[must_use]
    pub fn device(&self) -> &SigningKey {
        &self.device
    }

    /// The identity's signature over the device key.
    #[must_use]
    pub fn certificate(&self) -> [u8; 64] {
        self.identity.sign(DEVICE_LABEL, &self.device.public())
    }

    /// Key of the mailbox, the same number at every relay.
    #[must_use]
    pub fn mailbox(&self) -> (&SigningKey, MailboxId) {
        (&self.mailbox, mailbox_id(&self.mailbox.public()))
    }

    /// What opens notices: weekly secrets, newest first, then the long-term one.
    pub fn secrets(&self) -> impl Iterator<Item = &HybridSecret> {
        self.weekly.iter().rev().map(|(_, secret)| secret).chain([&self.long_term])
    }

    /// A new key set with a higher sequence, for these relays.
    ///
    /// # Errors
    /// [`CannotOpen`] for no relay, too many, or an address that is none.
    pub fn publish(&mut self, relays: &[Relay], week: u64) -> Result<Vec<u8>, CannotOpen> {
        let (_, mailbox) = self.mailbox();
        let mailboxes = relays
            .iter()
            .take(4)
            .map(|relay| Mailbox { relay: relay.key, mailbox, url: relay.url.clone() })
            .collect();
        let from = u32::try_from(week).unwrap_or(u32::MAX);
        let shown: Vec<_> = self.weekly.iter().filter(|(week, _)| *week >= from).take(27).collect();
        let first_week = shown.first().map_or(from, |(week, _)| *week);
        self.sequence = self.sequence.checked_add(1).ok_or(CannotOpen)?;
        let mut set = KeySet {
            identity: self.identity(),
            sequence: self.sequence,
            long_term: Box::new(*self.long_term.public().bytes()),
            devices: vec![Device { key: self.device.public(), revoked: false }],
            mailboxes,
            first_week,
            weekly: shown.iter().map(|(_, secret)| Box::new(*secret.public().bytes())).collect(),
            signature: [0; 64],
        };
        let signed = set.signed_bytes().map_err(|_| CannotOpen)?;
        set.signature = self.identity.sign(LABEL, &signed);
        set.encode().map_err(|_| CannotOpen)
    }

    /// The bytes for the vault.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let count = u32::try_from(self.weekly.len()).unwrap_or(u32::MAX);
        let mut writer = Writer::new()
            .bytes(VERSION)
            .bytes(self.identity.seed().expose())
            .bytes(self.device.seed().expose())
            .bytes(self.mailbox.seed().expose())
            .bytes(self.long_term.seed().expose())
            .u32(self.sequence)
            .u32(count);
        for (week, secret) in &self.weekly {
            writer = writer.u32(*week).bytes(secret.seed().expose());
        }
        Zeroizing::new(writer.finish())
    }

    /// From the bytes of the vault.
    ///
    /// # Errors
    /// [`CannotOpen`] when they are no such keys.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CannotOpen> {
        let mut reader = Reader::new("own keys", bytes);
        Self::read(&mut reader).map_err(|_| CannotOpen)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, amate_wire::cursor::Malformed> {
        reader.expect(VERSION)?;
        let identity = SigningKey::from_seed(&Secret::new(reader.array()?));
        let device = SigningKey::from_seed(&Secret::new(reader.array()?));
        let mailbox = SigningKey::from_seed(&Secret::new(reader.array()?));
        let long_term = HybridSecret::from_seed(Secret::new(reader.array()?));
        let (sequence, count) = (reader.u32()?, reader.u32()?);
        let weekly = (0..count)
            .map(|_| Ok((reader.u32()?, HybridSecret::from_seed(Secret::new(reader.array()?)))))
            .collect::<Result<_, _>>()?;
        reader.clone().end()?;
        Ok(Self { identity, device, mailbox, long_term, sequence, weekly })
    }
}

#[cfg(test)]
mod tests {
    use amate_wire::id::RelayKey;

    use super::{super::*, *};

    const NOW: u64 = 1_795_516_963;

    fn relays() -> Vec<Relay> {
        let url = "https://relevo.example".to_owned();
        vec![Relay { key: RelayKey([1; 32]), url, capability: None }]
    }

    #[test]
    fn a_key_set_belongs_to_its_identity_and_only_grows() {
        let mut rng = amate_seal::random::system();
        let mut keys = OwnKeys::random(NOW, &mut rng);
        let first = keys.publish(&relays(), NOW / WEEK).unwrap();
        let second = keys.publish(&relays(), NOW / WEEK).unwrap();
        let held = VerifiedKeySet::check(&second, keys.id(), None).unwrap();
        assert!(VerifiedKeySet::check(&first, keys.id(), Some(&held)).is_err(), "K-4");
        assert!(VerifiedKeySet::check(&second, keys.id(), Some(&held)).is_ok());
        assert!(VerifiedKeySet::check(&second, IdentityId([0; 32]), None).is_err(), "K-2");
        let mut changed = second;
        changed[60] ^= 1;
        assert!(VerifiedKeySet::check(&changed, keys.id(), None).is_err(), "K-2");
        let device = keys.device().public();
        assert!(held.accepts_device(&device, &keys.certificate()));
        assert!(!held.accepts_device(&[7; 32], &keys.certificate()));
    }

    #[test]
    fn the_weekly_key_follows_witnessed_time_alone() {
        let mut rng = amate_seal::random::system();
        let mut keys = OwnKeys::random(NOW, &mut rng);
        let bytes = keys.publish(&relays(), NOW / WEEK).unwrap();
        let set = VerifiedKeySet::check(&bytes, keys.id(), None).unwrap();
        for (time, freshness) in [
            (0, Freshness::BeforeFirst),
            (NOW, Freshness::Current),
            (NOW + 25 * WEEK, Freshness::Current),
            (NOW + 26 * WEEK, Freshness::Stale),
        ] {
            assert_eq!(set.weekly(time).unwrap().freshness, freshness, "{time}");
        }
        assert_ne!(set.weekly(NOW).unwrap().key, set.weekly(NOW + WEEK).unwrap().key);
    }

    #[test]
    fn secrets_outlive_their_week_by_the_longest_life_and_no_more() {
        let mut rng = amate_seal::random::system();
        let mut keys = OwnKeys::random(NOW, &mut rng);
        let end = (NOW / WEEK + 1) * WEEK;
        keys.forget(end + LIFE - 1);
        assert_eq!(keys.weekly.len(), 26);
        keys.forget(end + LIFE);
        assert_eq!(keys.weekly.len(), 25);
        assert!(keys.renew(NOW + 2 * WEEK, &mut rng));
        assert_eq!(keys.weekly.len(), 27);
        let same = OwnKeys::from_bytes(&keys.to_bytes()).unwrap();
        assert_eq!(same.to_bytes(), keys.to_bytes());
        assert!(OwnKeys::from_bytes(&keys.to_bytes()[1..]).is_err());
    }
}
