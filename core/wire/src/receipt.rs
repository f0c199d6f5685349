// SPDX-License-Identifier: MPL-2.0

use crate::{
    cursor::{Malformed, Reader, Writer},
    id::{MailboxId, RelayKey},
};

/// Label of the relay's signature.
pub const LABEL: &str = "amate/v1/receipt";
/// Bytes of a receipt.
pub const LEN: usize = 188;

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a reader rejects other kinds")]
pub enum Stored {
    /// A block.
    Block,
    /// A notice, in this mailbox.
    Notice(MailboxId),
}

/// A relay's statement that it stores something. Unverified: see `amate_seal::receipt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Who says so.
    pub relay: RelayKey,
    /// What kind of thing.
    pub stored: Stored,
    /// SHA-256 of the bytes.
    pub hash: [u8; 32],
    /// Their number.
    pub length: u32,
    /// When, by the relay's clock.
    pub at: u64,
    /// Kept until, by the relay's clock.
    pub until: u64,
}

/// Times: what JSON and databases hold exactly.
const MAX_TIME: u64 = (1 << 53) - 1;

impl Receipt {
    /// The bytes that the relay signs.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        let (kind, mailbox) = match self.stored {
            Stored::Block => (1, [0; 32]),
            Stored::Notice(mailbox) => (2, mailbox.0),
        };
        Writer::new()
            .bytes(b"AMrc\x01")
            .u8(kind)
            .u16(0)
            .bytes(&self.relay.0)
            .bytes(&self.hash)
            .bytes(&mailbox)
            .u32(self.length)
            .u64(self.at)
            .u64(self.until)
            .finish()
    }

    /// Parses a receipt and its signature, which is not checked here.
    ///
    /// # Errors
    /// [`Malformed`]: rule R-1.
    pub fn parse(bytes: &[u8]) -> Result<(Self, [u8; 64]), Malformed> {
        let mut reader = Reader::new("receipt", bytes);
        reader.expect(b"AMrc\x01")?;
        let kind = reader.u8()?;
        reader.expect(&[0, 0])?;
        let relay = RelayKey(reader.array()?);
        let hash = reader.array()?;
        let mailbox: [u8; 32] = reader.array()?;
        let stored = match kind {
            1 if mailbox == [0; 32] => Stored::Block,
            2 => Stored::Notice(MailboxId(mailbox)),
            _ => return Err(reader.malformed()),
        };
        let (length, at, until) = (reader.u32()?, reader.u64()?, reader.u64()?);
        let signature = reader.array()?;
        if at > MAX_TIME || until > MAX_TIME {
            return Err(reader.malformed());
        }
        reader.end()?;
        Ok((Self { relay, stored, hash, length, at, until }, signature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_its_188_bytes() {
        for stored in [Stored::Block, Stored::Notice(MailboxId([4; 32]))] {
            let receipt = Receipt {
                relay: RelayKey([1; 32]),
                stored,
                hash: [2; 32],
                length: 4_096,
                at: 5,
                until: 6,
            };
            let bytes = [receipt.signed_bytes(), vec![7; 64]].concat();
            assert_eq!(bytes.len(), LEN);
            assert_eq!(Receipt::parse(&bytes), Ok((receipt, [7; 64])));
            assert!(Receipt::parse(bytes.get(..LEN - 1).unwrap()).is_err());
            assert!(Receipt::parse(&[bytes, vec![0]].concat()).is_err());
        }
    }
}
