// SPDX-License-Identifier: MPL-2.0

use crate::{
    cursor::{Malformed, Reader, Writer},
    id::{MailboxId, RelayKey},
};

/// Label of the signature over a key set.
pub const LABEL: &str = "amate/v1/keyset";
/// Bytes of an X-Wing public key.
pub const HYBRID_LEN: usize = 1_216;
/// Most bytes that a relay stores of a key set.
pub const MAX_LEN: usize = 40_960;
/// Seconds of a week.
pub const WEEK: u64 = 604_800;
const MAX_DEVICES: usize = 16;
const MAX_MAILBOXES: usize = 4;
const MAX_WEEKS: usize = 27;
const MAX_URL: usize = 200;
const REVOKED: u8 = 1;

/// A device below an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its Ed25519 key.
    pub key: [u8; 32],
    /// Nothing it signs counts any more.
    pub revoked: bool,
}

/// Where notices are left for an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The relay's pinned key.
    pub relay: RelayKey,
    /// Its number there.
    pub mailbox: MailboxId,
    /// The relay's address.
    pub url: String,
}

/// A key set, not yet verified: see `amate_app::keys`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySet {
    /// The identity key that signs it.
    pub identity: [u8; 32],
    /// A higher one replaces.
    pub sequence: u32,
    /// For captures sealed at the shutter.
    pub long_term: Box<[u8; HYBRID_LEN]>,
    /// 1 … 16.
    pub devices: Vec<Device>,
    /// 1 … 4.
    pub mailboxes: Vec<Mailbox>,
    /// Week of the first weekly key.
    pub first_week: u32,
    /// 1 … 27 keys, one a week.
    pub weekly: Vec<Box<[u8; HYBRID_LEN]>>,
    /// The identity's signature over all bytes before it.
    pub signature: [u8; 64],
}

impl KeySet {
    /// The bytes that the identity signs.
    ///
    /// # Errors
    /// [`Malformed`] for counts or addresses that the format does not allow.
    pub fn signed_bytes(&self) -> Result<Vec<u8>, Malformed> {
        let devices = bounded(self.devices.len(), MAX_DEVICES)?;
        let mailboxes = bounded(self.mailboxes.len(), MAX_MAILBOXES)?;
        let weeks = bounded(self.weekly.len(), MAX_WEEKS)?;
        let mut writer = Writer::new()
            .bytes(b"AMks\x01\0\0\0")
            .bytes(&self.identity)
            .u32(self.sequence)
            .bytes(self.long_term.as_slice())
            .u8(devices);
        for device in &self.devices {
            writer = writer.bytes(&device.key).u8(if device.revoked { REVOKED } else { 0 });
        }
        writer = writer.u8(mailboxes);
        for mailbox in &self.mailboxes {
            let len = url_len(&mailbox.url)?;
            writer = writer
                .bytes(&mailbox.relay.0)
                .bytes(&mailbox.mailbox.0)
                .u8(len)
                .bytes(mailbox.url.as_bytes());
        }
        writer = writer.u32(self.first_week).u8(weeks);
        for key in &self.weekly {
            writer = writer.bytes(key.as_slice());
        }
        Ok(writer.finish())
    }

    /// All bytes.
    ///
    /// # Errors
    /// As [`KeySet::signed_bytes`].
    pub fn encode(&self) -> Result<Vec<u8>, Malformed> {
        Ok(Writer::new().bytes(&self.signed_bytes()?).bytes(&self.signature).finish())
    }

    /// Parses all bytes; the signature is not checked here.
    ///
    /// # Errors
    /// [`Malformed`]: rule K-1.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new("key set", bytes);
        reader.expect(b"AMks\x01\0\0\0")?;
        let identity = reader.array()?;
        let sequence = reader.u32()?;
        let long_term = Box::new(reader.array()?);
        let count = counted(&mut reader, MAX_DEVICES)?;
        let devices = (0..count).map(|_| device(&mut reader)).collect::<Result<_, _>>()?;
        let count = counted(&mut reader, MAX_MAILBOXES)?;
        let mailboxes = (0..count).map(|_| mailbox(&mut reader)).collect::<Result<_, _>>()?;
        let first_week = reader.u32()?;
        let count = counted(&mut reader, MAX_WEEKS)?;
        let weekly = (0..count).map(|_| reader.array().map(Box::new)).collect::<Result<_, _>>()?;
        let signature = reader.array()?;
        if sequence == 0 {
            return Err(reader.malformed());
        }
        reader.end()?;
        Ok(Self {
            identity,
            sequence,
            long_term,
            devices,
            mailboxes,
            first_week,
            weekly,
            signature,
        })
    }

    /// Whether a device belongs to the identity and is not revoked.
    #[must_use]
    pub fn has_device(&self, key: &[u8; 32]) -> bool {
        self.devices.iter().any(|device| device.key == *key && !device.revoked)
    }
}

fn device(reader: &mut Reader<'_>) -> Result<Device, Malformed> {
    let key = reader.array()?;
    match reader.u8()? {
        0 => Ok(Device { key, revoked: false }),
        REVOKED => Ok(Device { key, revoked: true }),
        _ => Err(reader.malformed()),
    }
}

fn mailbox(reader: &mut Reader<'_>) -> Result<Mailbox, Malformed> {
    let relay = RelayKey(reader.array()?);
    let mailbox = MailboxId(reader.array()?);
    let len = usize::from(reader.u8()?);
    let url = String::from_utf8(reader.take(len)?.to_vec()).map_err(|_| reader.malformed())?;
    url_len(&url)?;
    Ok(Mailbox { relay, mailbox, url })
}

/// The length of a relay's address.
///
/// # Errors
/// [`Malformed`] when it is no address: scheme, length, visible ASCII, no slash at its end.
pub fn url_len(url: &str) -> Result<u8, Malformed> {
    let schemed = url.starts_with("https://") || url.starts_with("http://");
    let visible = url.bytes().all(|byte| byte.is_ascii_graphic());
    match u8::try_from(url.len()) {
        Ok(len) if schemed && visible && url.len() <= MAX_URL && !url.ends_with('/') => Ok(len),
        _ => Err(Malformed("relay address")),
    }
}

fn counted(reader: &mut Reader<'_>, most: usize) -> Result<u8, Malformed> {
    let count = reader.u8()?;
    bounded(usize::from(count), most)
}

fn bounded(count: usize, most: usize) -> Result<u8, Malformed> {
    match u8::try_from(count) {
        Ok(number) if (1..=most).contains(&count) => Ok(number),
        _ => Err(Malformed("key set")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> KeySet {
        KeySet {
            identity: [1; 32],
            sequence: 2,
            long_term: Box::new([3; HYBRID_LEN]),
            devices: vec![
                Device { key: [4; 32], revoked: false },
                Device { key: [5; 32], revoked: true },
            ],
            mailboxes: vec![Mailbox {
                relay: RelayKey([6; 32]),
                mailbox: MailboxId([7; 32]),
                url: "https://relevo.example".into(),
            }],
            first_week: 2_900,
            weekly: vec![Box::new([8; HYBRID_LEN]); 26],
            signature: [9; 64],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = sample().encode().unwrap();
        assert_eq!(bytes.len(), 8 + 32 + 4 + 1216 + 1 + 66 + 1 + 87 + 5 + 26 * 1216 + 64);
        assert!(bytes.len() < MAX_LEN);
        assert_eq!(KeySet::parse(&bytes), Ok(sample()));
        assert!(sample().has_device(&[4; 32]) && !sample().has_device(&[5; 32]));
    }

    #[test]
    fn counts_addresses_and_lengths_are_checked() {
        let bytes = sample().encode().unwrap();
        for len in [0, 8, 40, 1_260, bytes.len() - 1] {
            assert!(KeySet::parse(bytes.get(..len).unwrap()).is_err());
        }
        assert!(KeySet::parse(&[bytes, vec![0]].concat()).is_err());
        assert!(KeySet { devices: Vec::new(), ..sample() }.encode().is_err());
        assert!(
            KeySet { weekly: vec![Box::new([0; HYBRID_LEN]); 28], ..sample() }.encode().is_err()
        );
        for url in ["ftp://x", "https://x/", "https://x y", "https://ñ"] {
            assert!(url_len(url).is_err(), "{url}");
        }
    }
}
