// SPDX-License-Identifier: MPL-2.0
//! Content in, blinded blocks out: deterministic, streaming, one block in memory.

use std::io::{self, Read, Write};

use amate_seal::{
    age::{Given, Writer},
    blind,
    hash::{Hasher, sha256},
    kdf::derive,
    secret::Secret,
};
use amate_wire::{id::BlockId, item::ItemHeader};

use super::{ItemPlan, Seed, blind_key, item_identity, item_secret};

/// A block as a relay stores it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedBlock {
    /// SHA-256 of the bytes.
    pub id: BlockId,
    /// As many as its class says.
    pub bytes: Vec<u8>,
}

/// Seals one item block by block. Ends with an error, and nothing of it may be used, when the
/// content is not exactly the one whose hash and length were given.
pub struct ItemSealer<R> {
    plan: ItemPlan,
    secret: Secret<32>,
    sha256: [u8; 32],
    content: R,
    hasher: Hasher,
    left: u64,
    padding: u64,
    writer: Option<Writer<Vec<u8>>>,
    ready: Vec<u8>,
    given: u32,
}

impl<R: Read> ItemSealer<R> {
    /// Begins to seal item `index` of a parcel.
    ///
    /// # Errors
    /// None that the content causes; those come with the blocks.
    pub fn new(
        seed: &Seed,
        index: u32,
        plan: ItemPlan,
        sha256: [u8; 32],
        content: R,
    ) -> io::Result<Self> {
        let secret = item_secret(seed, index);
        let given = given(&secret, &plan, &sha256);
        let mut writer = Writer::given(Vec::new(), &item_identity(seed, index).public(), &given)?;
        let header = ItemHeader { kind: plan.kind, content_len: plan.content_len }.encode();
        writer.write_all(&header)?;
        Ok(Self {
            secret,
            sha256,
            content,
            hasher: Hasher::default(),
            left: plan.content_len,
            padding: plan.padded_len - plan.content_len - header.len() as u64,
            writer: Some(writer),
            ready: Vec::new(),
            given: 0,
            plan,
        })
    }

    /// The next block, or `None` after the last.
    ///
    /// # Errors
    /// The content's, and `InvalidData` when it is not the content that was announced.
    pub fn next_block(&mut self) -> io::Result<Option<SealedBlock>> {
        let size = self.plan.class.size();
        while self.ready.len() < size && self.writer.is_some() {
            self.pull()?;
        }
        if self.ready.is_empty() {
            return Ok(None);
        }
        let rest = self.ready.split_off(size.min(self.ready.len()));
        let mut bytes = std::mem::replace(&mut self.ready, rest);
        if bytes.len() != size {
            return Err(io::ErrorKind::InvalidData.into());
        }
        blind::apply(&blind_key(&self.secret, self.given), &mut bytes);
        self.given += 1;
        Ok(Some(SealedBlock { id: BlockId(sha256(&bytes)), bytes }))
    }

    /// Seals the next piece of content or padding, or the end.
    fn pull(&mut self) -> io::Result<()> {
        let Some(mut writer) = self.writer.take() else { return Ok(()) };
        let mut buffer = [0_u8; 65_536];
        if self.left > 0 {
            let piece = self.content_piece(&mut buffer)?;
            writer.write_all(piece)?;
        } else if self.padding > 0 {
            let n = self.padding.min(buffer.len() as u64);
            writer.write_all(buffer.get(..n as usize).unwrap_or_default())?;
            self.padding -= n;
        } else {
            self.is_the_content()?;
            self.ready.extend(writer.finish()?);
            return Ok(());
        }
        self.ready.append(writer.sealed());
        self.writer = Some(writer);
        Ok(())
    }

    fn content_piece<'a>(&mut self, buffer: &'a mut [u8]) -> io::Result<&'a [u8]> {
        let most = self.left.min(buffer.len() as u64) as usize;
        let room = buffer.get_mut(..most).unwrap_or_default();
        let n = match self.content.read(room) {
            Ok(0) => return Err(io::ErrorKind::InvalidData.into()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            other => other?,
        };
        let piece = buffer.get(..n).unwrap_or_default();
        self.hasher.update(piece);
        self.left -= n as u64;
        Ok(piece)
    }

    /// The hash is the announced one and nothing follows.
    fn is_the_content(&mut self) -> io::Result<()> {
        let same = std::mem::take(&mut self.hasher).finish() == self.sha256;
        if same && self.content.read(&mut [0])? == 0 {
            Ok(())
        } else {
            Err(io::ErrorKind::InvalidData.into())
        }
    }
}

/// Everything random in the item's age file, derived from its content (spec/envelope.md §1).
fn given(secret: &Secret<32>, plan: &ItemPlan, sha256: &[u8; 32]) -> Given {
    let bound: Secret<32> = derive(
        secret.expose(),
        "amate/v1/item/sealing",
        &[
            &[plan.kind.number()],
            sha256,
            &plan.content_len.to_be_bytes(),
            &plan.padded_len.to_be_bytes(),
        ],
    );
    let nonce: Secret<16> = derive(bound.expose(), "amate/v1/item/nonce", &[]);
    Given {
        file_key: derive(bound.expose(), "amate/v1/item/file-key", &[]),
        encapsulation: derive(bound.expose(), "amate/v1/item/encapsulation", &[]),
        nonce: *nonce.expose(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use amate_wire::{block::BlockClass, item::ItemKind};

    use super::*;
    use crate::envelope::{ItemReader, plan};

    pub(crate) fn seed() -> Seed {
        Secret::new([7; 32])
    }

    pub(crate) fn seal(index: u32, content: &[u8], live: Option<BlockClass>) -> Vec<SealedBlock> {
        let kind = if live.is_some() { ItemKind::LiveSegment } else { ItemKind::Content };
        let plan = plan(kind, content.len() as u64, live).unwrap();
        let mut sealer = ItemSealer::new(&seed(), index, plan, sha256(content), content).unwrap();
        let mut blocks = Vec::new();
        while let Some(block) = sealer.next_block().unwrap() {
            assert_eq!(block.bytes.len(), plan.class.size());
            blocks.push(block);
        }
        assert_eq!(blocks.len(), plan.blocks as usize);
        blocks
    }

    pub(crate) fn open(index: u32, blocks: &[SealedBlock]) -> io::Result<Vec<u8>> {
        let supply = blocks.iter().map(|block| Ok(block.bytes.clone()));
        let mut out = Vec::new();
        ItemReader::new(&seed(), index, blocks_len(blocks), supply)?.read_to_end(&mut out)?;
        Ok(out)
    }

    fn blocks_len(blocks: &[SealedBlock]) -> u64 {
        blocks.iter().map(|block| block.bytes.len() as u64).sum()
    }

    #[test]
    fn items_of_every_size_come_back() {
        for len in [0, 1, 2_421, 2_422, 65_520, 129_381, 129_382, 700_000] {
            let content: Vec<u8> = (0..len).map(|n| (n % 251) as u8).collect();
            assert_eq!(open(3, &seal(3, &content, None)).unwrap(), content, "{len}");
        }
    }

    #[test]
    fn the_same_item_seals_to_the_same_blocks_and_another_to_others() {
        assert_eq!(seal(1, b"testimonio", None), seal(1, b"testimonio", None));
        let [one] = seal(1, b"testimonio", None).try_into().unwrap();
        for other in [seal(2, b"testimonio", None), seal(1, b"Testimonio", None)] {
            assert_ne!(other[0].id, one.id);
        }
    }

    #[test]
    fn no_block_shows_where_an_age_file_begins() {
        let block = &seal(1, b"x", None)[0];
        assert!(!block.bytes.windows(8).any(|window| window == b"age-encr"));
    }

    #[test]
    fn other_content_than_announced_is_noticed() {
        let plan = plan(ItemKind::Content, 10, None).unwrap();
        for content in [b"0123456789x".as_slice(), b"012345678", b"9876543210"] {
            let hash = sha256(b"0123456789");
            let mut sealer = ItemSealer::new(&seed(), 0, plan, hash, content).unwrap();
            assert!(sealer.next_block().is_err());
        }
    }

    #[test]
    fn swapped_changed_missing_and_further_blocks_do_not_open() {
        let good = seal(1, &[5; 40_000], None);
        assert!(open(1, &good).is_ok() && good.len() == 3);
        assert!(open(2, &good).is_err(), "another index");
        let mut swapped = good.clone();
        swapped.swap(0, 1);
        let mut changed = good.clone();
        changed[2].bytes[16_000] ^= 1;
        let fewer = good[..2].to_vec();
        let more = [good.clone(), good[..1].to_vec()].concat();
        for spoilt in [swapped, changed, fewer, more] {
            assert!(open(1, &spoilt).is_err());
        }
    }

    #[test]
    fn the_joined_unblinded_blocks_are_a_plain_age_file() {
        use amate_seal::age::{Identity, Reader};
        let mut file = Vec::new();
        for (number, block) in (0..).zip(seal(4, &[1; 20_000], None)) {
            let mut bytes = block.bytes;
            blind::apply(&blind_key(&item_secret(&seed(), 4), number), &mut bytes);
            file.extend(bytes);
        }
        assert!(file.starts_with(b"age-encryption.org/v1\n-> mlkem768x25519 "));
        let identity = Identity::Hybrid(item_identity(&seed(), 4));
        let mut plain = Vec::new();
        Reader::new(file.as_slice(), &[identity]).unwrap().read_to_end(&mut plain).unwrap();
        assert!(plain.starts_with(b"AMit\x01\x02\0\0"));
        assert_eq!(&plain[16..20_016], &[1; 20_000]);
    }
}
