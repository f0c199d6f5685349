// SPDX-License-Identifier: MPL-2.0

use data_encoding::BASE32_NOPAD;

use crate::{
    capability::{self, Capability},
    cursor::{Malformed, Reader, Writer},
    id::{IdentityId, KeySetId, RelayKey},
    keyset::url_len,
};

const PREFIX: &str = "AMATE1:";
const HAS_CAPABILITY: u8 = 1;
const CHECK_LEN: usize = 4;

/// What a pairing QR code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairingCode {
    /// Who shows it.
    pub identity: IdentityId,
    /// Relay that publishes their key sets.
    pub relay: RelayKey,
    /// For the reader, to upload there.
    pub capability: Option<Capability>,
    /// The relay's address.
    pub url: String,
}

impl PairingCode {
    /// The bytes before the checksum.
    ///
    /// # Errors
    /// [`Malformed`] for an address that is none.
    pub fn body(&self) -> Result<Vec<u8>, Malformed> {
        let flags = if self.capability.is_some() { HAS_CAPABILITY } else { 0 };
        let capability = self.capability.as_ref().map(Capability::encode).unwrap_or_default();
        Ok(Writer::new()
            .bytes(b"AMqr\x01")
            .bytes(&self.identity.0)
            .bytes(&self.relay.0)
            .u8(flags)
            .bytes(&capability)
            .u8(url_len(&self.url)?)
            .bytes(self.url.as_bytes())
            .finish())
    }

    /// The text of the QR code. `check` is the SHA-256 of [`PairingCode::body`].
    ///
    /// # Errors
    /// [`Malformed`] for an address that is none.
    pub fn to_text(&self, check: &[u8; 32]) -> Result<String, Malformed> {
        let check = check.first_chunk::<CHECK_LEN>().ok_or(Malformed("pairing text"))?;
        let bytes = Writer::new().bytes(&self.body()?).bytes(check).finish();
        Ok(format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes)))
    }

    /// Parses the text; `sha256` computes the checksum.
    ///
    /// # Errors
    /// [`Malformed`]: rule Q-1.
    pub fn from_text(text: &str, sha256: impl Fn(&[u8]) -> [u8; 32]) -> Result<Self, Malformed> {
        let wrong = Malformed("pairing text");
        let text: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let body = text.strip_prefix(PREFIX).ok_or(wrong)?;
        let bytes = BASE32_NOPAD.decode(body.as_bytes()).map_err(|_| wrong)?;
        let (body, check) = bytes.split_last_chunk::<CHECK_LEN>().ok_or(wrong)?;
        if sha256(body).first_chunk::<CHECK_LEN>() != Some(check) {
            return Err(wrong);
        }
        Self::parse(body)
    }

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new("pairing text", body);
        reader.expect(b"AMqr\x01")?;
        let identity = IdentityId(reader.array()?);
        let relay = RelayKey(reader.array()?);
        let capability = match reader.u8()? {
            0 => None,
            HAS_CAPABILITY => Some(Capability::parse(reader.take(capability::LEN)?)?),
            _ => return Err(reader.malformed()),
        };
        let len = usize::from(reader.u8()?);
        let url = String::from_utf8(reader.take(len)?.to_vec()).map_err(|_| reader.malformed())?;
        url_len(&url)?;
        reader.end()?;
        Ok(Self { identity, relay, capability, url })
    }
}

/// What one of the three slots of a meeting holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Slot {
    /// 0: A is bound.
    Commitment([u8; 32]),
    /// 1 by B, 2 by A: who they are and their nonce.
    Side {
        /// 1 or 2.
        number: u8,
        /// Whose.
        identity: IdentityId,
        /// Their key set.
        key_set: KeySetId,
        /// 32 random bytes.
        nonce: [u8; 32],
    },
}

impl Slot {
    /// The bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let start = Writer::new().bytes(b"AMsa\x01");
        match self {
            Self::Commitment(commitment) => start.u8(0).bytes(commitment).finish(),
            Self::Side { number, identity, key_set, nonce } => {
                start.u8(*number).bytes(&identity.0).bytes(&key_set.0).bytes(nonce).finish()
            }
        }
    }

    /// Parses the bytes of slot `expected`.
    ///
    /// # Errors
    /// [`Malformed`]: rule W-1.
    pub fn parse(bytes: &[u8], expected: u8) -> Result<Self, Malformed> {
        let mut reader = Reader::new("slot", bytes);
        reader.expect(b"AMsa\x01")?;
        reader.expect(&[expected])?;
        let slot = match expected {
            0 => Self::Commitment(reader.array()?),
            1 | 2 => Self::Side {
                number: expected,
                identity: IdentityId(reader.array()?),
                key_set: KeySetId(reader.array()?),
                nonce: reader.array()?,
            },
            _ => return Err(reader.malformed()),
        };
        reader.end()?;
        Ok(slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(bytes: &[u8]) -> [u8; 32] {
        let total = bytes.iter().fold(7_u8, |sum, byte| sum.rotate_left(1) ^ byte);
        [total; 32]
    }

    fn sample(capability: bool) -> PairingCode {
        let capability = capability.then_some(Capability { id: [1; 16], n: 2, secret: [3; 32] });
        PairingCode {
            identity: IdentityId([4; 32]),
            relay: RelayKey([5; 32]),
            capability,
            url: "https://relevo.example".into(),
        }
    }

    #[test]
    fn the_text_comes_back_however_it_was_copied() {
        for code in [sample(true), sample(false)] {
            let text = code.to_text(&sum(&code.body().unwrap())).unwrap();
            assert_eq!(PairingCode::from_text(&text, sum), Ok(code.clone()));
            let copied = format!(" {}\n", text.to_lowercase());
            assert_eq!(PairingCode::from_text(&copied, sum), Ok(code));
            assert!(text.len() < 300);
        }
    }

    #[test]
    fn a_changed_letter_is_noticed() {
        let code = sample(false);
        let text = code.to_text(&sum(&code.body().unwrap())).unwrap();
        for at in 0..text.len() {
            let mut letters: Vec<char> = text.chars().collect();
            let letter = letters.get_mut(at).unwrap();
            *letter = if *letter == 'A' { 'B' } else { 'A' };
            let changed: String = letters.into_iter().collect();
            assert!(PairingCode::from_text(&changed, sum).is_err() || changed == text, "{at}");
        }
    }

    #[test]
    fn slots_come_back_and_are_not_taken_for_another() {
        let side = Slot::Side {
            number: 1,
            identity: IdentityId([1; 32]),
            key_set: KeySetId([2; 32]),
            nonce: [3; 32],
        };
        let bytes = side.encode();
        assert_eq!(bytes.len(), 102);
        assert_eq!(Slot::parse(&bytes, 1), Ok(side));
        assert!(Slot::parse(&bytes, 2).is_err() && Slot::parse(&bytes, 0).is_err());
        let commitment = Slot::Commitment([9; 32]);
        assert_eq!(Slot::parse(&commitment.encode(), 0), Ok(commitment));
    }
}
