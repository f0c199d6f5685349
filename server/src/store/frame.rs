// SPDX-License-Identifier: MPL-2.0
//! One blob in a segment file: a self-describing frame, so that the index is rebuilt from it.
//!
//! `AMsg` ‖ u8(1) ‖ u8(kind: 1 block, 2 notice, 3 renewed block, 4 renewed notice) ‖ u16(0) ‖
//! u32(length) ‖ u64(at) ‖ u64(until) ‖ organisation 16 ‖ u32(n) ‖ hash 32 ‖ mailbox 32 ‖
//! u64(number) ‖ u32(CRC-32 of all before and of the bytes) ‖ bytes

use amate_wire::{
    cursor::{Malformed, Reader, Writer},
    id::MailboxId,
};

use super::{Blob, Owner};

/// How every frame begins.
pub(super) const MAGIC: &[u8; 5] = b"AMsg\x01";
/// Bytes before the blob's.
pub(super) const HEAD: usize = 124;

/// Appends the frame of a blob.
pub(super) fn encode(blob: &Blob, out: &mut Vec<u8>) {
    let renewal = if blob.bytes.is_empty() { 2 } else { 0 };
    let (kind, mailbox, number) = match blob.notice {
        None => (1, [0; 32], 0),
        Some((mailbox, number)) => (2, mailbox.0, number),
    };
    let len = u32::try_from(blob.bytes.len()).unwrap_or(u32::MAX);
    let head = Writer::new()
        .bytes(MAGIC)
        .u8(kind + renewal)
        .u16(0)
        .u32(len)
        .u64(blob.at)
        .u64(blob.until)
        .bytes(&blob.owner.organisation)
        .u32(blob.owner.n)
        .bytes(&blob.hash)
        .bytes(&mailbox)
        .u64(number)
        .finish();
    let sum = checksum(&head, &blob.bytes);
    out.extend_from_slice(&head);
    out.extend_from_slice(&sum.to_be_bytes());
    out.extend_from_slice(&blob.bytes);
}

/// The head of a frame: the blob without its bytes, their length, their checksum.
pub(super) fn parse_head(head: &[u8; HEAD]) -> Result<(Blob, u32, u32), Malformed> {
    let mut reader = Reader::new("frame", head);
    reader.expect(MAGIC)?;
    let kind = reader.u8()?;
    reader.expect(&[0, 0])?;
    let (len, at, until) = (reader.u32()?, reader.u64()?, reader.u64()?);
    let owner = Owner { organisation: reader.array()?, n: reader.u32()? };
    let hash = reader.array()?;
    let (mailbox, number) = (MailboxId(reader.array()?), reader.u64()?);
    let sum = reader.u32()?;
    let notice = match kind {
        1 | 3 => None,
        2 | 4 => Some((mailbox, number)),
        _ => return Err(reader.malformed()),
    };
    let renewal = kind > 2;
    if renewal != (len == 0) {
        return Err(reader.malformed());
    }
    Ok((Blob { hash, notice, owner, at, until, bytes: Vec::new() }, len, sum))
}

/// Whether head and bytes are those that were written.
pub(super) fn is_whole(head: &[u8; HEAD], bytes: &[u8], sum: u32) -> bool {
    head.first_chunk::<{ HEAD - 4 }>().is_some_and(|head| checksum(head, bytes) == sum)
}

fn checksum(head: &[u8], bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(head);
    hasher.update(bytes);
    hasher.finalize()
}
