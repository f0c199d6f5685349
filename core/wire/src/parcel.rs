// SPDX-License-Identifier: MPL-2.0

use crate::{
    cursor::{Malformed, Reader, Writer},
    id::{DocumentId, ItemId, RelayKey},
};

const MAX_ENTRIES: u32 = 65_536;
/// Most bytes of a parcel manifest (rule P-1).
pub const MAX_LEN: usize = 4 * 1024 * 1024;

/// One entry of a parcel manifest. Documents are unverified bytes here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Entry {
    /// 1: manifest or live closing, a signed document.
    Manifest(Vec<u8>),
    /// 2: custody entry, a signed document.
    Custody(Vec<u8>),
    /// 3: case statement, a signed document.
    Case(Vec<u8>),
    /// 4: disclosures of facts of an item, canonical JSON.
    Facts(ItemId, Vec<u8>),
    /// 5: receipt from a log.
    Receipt {
        /// The item.
        item: ItemId,
        /// Whose log.
        relay: RelayKey,
        /// Salt of the leaf.
        salt: [u8; 32],
        /// Number of the custody head.
        head_n: u32,
        /// The custody head.
        head: DocumentId,
        /// `.tlog-proof` text.
        proof: Vec<u8>,
    },
    /// 6: where the content of an item is.
    Content {
        /// The item.
        item: ItemId,
        /// First parcel item.
        first: u32,
        /// Number of parcel items.
        count: u32,
    },
    /// 7: pairing text for the answer.
    Address(Vec<u8>),
    /// 8: opening of a live recording, a signed document.
    Opening(Vec<u8>),
    /// 9: disclosures of custody fields of an item, canonical JSON.
    CustodyFacts(ItemId, Vec<u8>),
    /// 10: the checkpoint that an item's manifest names, as a signed note.
    NotBefore(ItemId, Vec<u8>),
    /// Of a newer version.
    Unknown(u8, Vec<u8>),
}

/// Content of parcel item 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelManifest {
    /// In the order written.
    pub entries: Vec<Entry>,
}

impl ParcelManifest {
    /// The bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let count = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let start = Writer::new().bytes(b"AMpm\x01").u32(count);
        let all = self.entries.iter().fold(start, |writer, entry| {
            let (kind, bytes) = entry.encode();
            writer.u8(kind).prefixed(&bytes)
        });
        all.finish()
    }

    /// Parses the bytes; `items` is the number of parcel items, this one included.
    ///
    /// # Errors
    /// [`Malformed`]: rule P-1.
    pub fn parse(bytes: &[u8], items: u32) -> Result<Self, Malformed> {
        let mut reader = Reader::new("parcel manifest", bytes);
        reader.expect(b"AMpm\x01")?;
        let count = reader.u32()?;
        if count > MAX_ENTRIES {
            return Err(reader.malformed());
        }
        let entries = (0..count)
            .map(|_| Entry::parse(reader.u8()?, reader.prefixed()?))
            .collect::<Result<Vec<_>, _>>()?;
        reader.end()?;
        points_inside_once(&entries, items)?;
        Ok(Self { entries })
    }
}

impl Entry {
    fn encode(&self) -> (u8, Vec<u8>) {
        match self {
            Self::Manifest(bytes) => (1, bytes.clone()),
            Self::Custody(bytes) => (2, bytes.clone()),
            Self::Case(bytes) => (3, bytes.clone()),
            Self::Facts(item, json) => (4, [item.0.as_slice(), json].concat()),
            Self::Receipt { item, relay, salt, head_n, head, proof } => {
                let writer = Writer::new().bytes(&item.0).bytes(&relay.0).bytes(salt).u32(*head_n);
                (5, writer.bytes(&head.0).bytes(proof).finish())
            }
            Self::Content { item, first, count } => {
                (6, Writer::new().bytes(&item.0).u32(*first).u32(*count).finish())
            }
            Self::Address(bytes) => (7, bytes.clone()),
            Self::Opening(bytes) => (8, bytes.clone()),
            Self::CustodyFacts(item, json) => (9, [item.0.as_slice(), json].concat()),
            Self::NotBefore(item, text) => (10, [item.0.as_slice(), text].concat()),
            Self::Unknown(kind, bytes) => (*kind, bytes.clone()),
        }
    }

    fn parse(kind: u8, bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new("parcel manifest", bytes);
        match kind {
            1 => Ok(Self::Manifest(bytes.to_vec())),
            2 => Ok(Self::Custody(bytes.to_vec())),
            3 => Ok(Self::Case(bytes.to_vec())),
            4 => Ok(Self::Facts(ItemId(reader.array()?), reader.rest().to_vec())),
            5 => Ok(Self::Receipt {
                item: ItemId(reader.array()?),
                relay: RelayKey(reader.array()?),
                salt: reader.array()?,
                head_n: reader.u32()?,
                head: DocumentId(reader.array()?),
                proof: reader.rest().to_vec(),
            }),
            6 => {
                let item = ItemId(reader.array()?);
                let (first, count) = (reader.u32()?, reader.u32()?);
                reader.end()?;
                Ok(Self::Content { item, first, count })
            }
            7 => Ok(Self::Address(bytes.to_vec())),
            8 => Ok(Self::Opening(bytes.to_vec())),
            9 => Ok(Self::CustodyFacts(ItemId(reader.array()?), reader.rest().to_vec())),
            10 => Ok(Self::NotBefore(ItemId(reader.array()?), reader.rest().to_vec())),
            0 => Err(reader.malformed()),
            other => Ok(Self::Unknown(other, bytes.to_vec())),
        }
    }
}

/// Content entries name parcel items 1 … `items` − 1, each at most once.
fn points_inside_once(entries: &[Entry], items: u32) -> Result<(), Malformed> {
    let mut ranges: Vec<(u32, u32)> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Content { first, count, .. } => Some((*first, *count)),
            _ => None,
        })
        .collect();
    ranges.sort_unstable();
    let mut free = 1;
    for (first, count) in ranges {
        match first.checked_add(count) {
            Some(end) if count > 0 && first >= free && end <= items => free = end,
            _ => return Err(Malformed("parcel manifest")),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> ParcelManifest {
        let item = ItemId([1; 32]);
        ParcelManifest {
            entries: vec![
                Entry::Manifest(vec![1, 2, 3]),
                Entry::Custody(vec![4]),
                Entry::Case(Vec::new()),
                Entry::Facts(item, b"[]".to_vec()),
                Entry::Receipt {
                    item,
                    relay: RelayKey([7; 32]),
                    salt: [2; 32],
                    head_n: 3,
                    head: DocumentId([4; 32]),
                    proof: b"proof".to_vec(),
                },
                Entry::Content { item, first: 1, count: 1 },
                Entry::Content { item, first: 2, count: 3 },
                Entry::Address(b"AMATE1:".to_vec()),
                Entry::Opening(vec![5]),
                Entry::CustodyFacts(item, b"[]".to_vec()),
                Entry::NotBefore(item, b"note".to_vec()),
                Entry::Unknown(77, vec![6]),
            ],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = sample().encode();
        assert_eq!(ParcelManifest::parse(&bytes, 5), Ok(sample()));
    }

    #[test]
    fn contents_point_inside_the_parcel_and_at_each_item_once() {
        let bytes = sample().encode();
        assert!(ParcelManifest::parse(&bytes, 4).is_err());
        let item = ItemId([1; 32]);
        for (first, count) in [(0, 1), (1, 0), (4, 1), (u32::MAX, 2)] {
            let entries = vec![
                Entry::Content { item, first: 4, count: 1 },
                Entry::Content { item, first, count },
            ];
            let bytes = ParcelManifest { entries }.encode();
            assert!(ParcelManifest::parse(&bytes, 6).is_err(), "{first} {count}");
        }
    }

    #[test]
    fn cut_and_continued_manifests_are_rejected() {
        let bytes = sample().encode();
        for len in 0..bytes.len() {
            assert!(ParcelManifest::parse(bytes.get(..len).unwrap(), 5).is_err(), "{len}");
        }
        assert!(ParcelManifest::parse(&[bytes, vec![0]].concat(), 5).is_err());
    }
}
