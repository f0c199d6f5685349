// SPDX-License-Identifier: MPL-2.0
//! A live recording: segments, each ending in a signed running hash; a closing at the end.

use amate_seal::{hash, hash::Hasher, sign::SigningKey};
use amate_wire::{
    document::{Format, SignedDocument, hex},
    id::ItemId,
    live::{RUNNING, SEGMENT, Segment},
    manifest::{Content, LiveEnd, Manifest, Origin},
};

use super::make::sign;

/// Signs segments while a recording goes on.
pub struct LiveRecorder {
    opening: amate_wire::live::LiveOpening,
    id: ItemId,
    key: SigningKey,
    next: u32,
    running: [u8; 32],
    hasher: Hasher,
    length: u64,
}

impl LiveRecorder {
    /// After the opening.
    #[must_use]
    pub fn new(opening: amate_wire::live::LiveOpening, id: ItemId, key: SigningKey) -> Self {
        Self { opening, id, key, next: 0, running: id.0, hasher: Hasher::default(), length: 0 }
    }

    /// The bytes of the next segment. `data` has 1 to `MAX_DATA` bytes.
    pub fn segment(&mut self, data: &[u8]) -> Vec<u8> {
        let running = running(self.id, self.next, &self.running, data);
        let signature = self.key.sign(SEGMENT, &running);
        let segment = Segment {
            index: self.next,
            opening: self.id,
            previous: self.running,
            data,
            running,
            signature,
        };
        self.hasher.update(data);
        self.length += data.len() as u64;
        self.running = running;
        self.next += 1;
        segment.encode()
    }

    /// Number of segments so far.
    #[must_use]
    pub fn segments(&self) -> u32 {
        self.next
    }

    /// The closing manifest. Its facts are those of the opening.
    #[must_use]
    pub fn close(self) -> SignedDocument {
        let manifest = Manifest {
            format: Manifest::NAME.into(),
            origin: Origin::Live,
            media_type: self.opening.media_type,
            content: Content { sha256: hex(&self.hasher.finish()), length: self.length },
            capture_key: self.opening.capture_key,
            not_before: self.opening.not_before,
            derived_from: None,
            previous: None,
            live: Some(LiveEnd {
                opening: self.id.hex(),
                segments: self.next,
                running: hex(&self.running),
            }),
            facts: self.opening.facts,
        };
        sign(&self.key, &manifest)
    }
}

/// `runningᵢ = H("amate/v1/live", opening id, u32(i), runningᵢ₋₁, SHA-256(dataᵢ))`.
pub(super) fn running(opening: ItemId, index: u32, previous: &[u8; 32], data: &[u8]) -> [u8; 32] {
    let parts: [&[u8]; 4] = [&opening.0, &index.to_be_bytes(), previous, &hash::sha256(data)];
    hash::labelled(RUNNING, &parts)
}
