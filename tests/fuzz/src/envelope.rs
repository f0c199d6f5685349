// SPDX-License-Identifier: MPL-2.0
//! Parcels and notices. What opens was sealed so: a sealed sample opens alone, and what a hostile
//! sender seals opens only as the layout says.

use std::{
    collections::HashMap,
    io::{Read, Write},
    sync::OnceLock,
};

use amate_app::{
    envelope::{
        IndexReader, IndexStep, ItemReader, ItemSealer, OpenedNotice, Seed, item_identity,
        open_notice, plan, read_block, seal_notice,
    },
    keys::DEVICE_LABEL,
};
use amate_seal::{
    aead, age, blind, hash::sha256, hybrid::HybridPublic, kdf::derive, secret::Secret,
};
use amate_wire::{
    block::BlockClass,
    id::{BlockId, KeySetId, RelayKey},
    index::{Index, IndexItem, LEAF_LEN, PLAIN_LEN, pad_payload},
    item::{ItemHeader, ItemKind},
    notice::{LABEL, Notice, NoticeIndex, NoticeKind, SIGNED_LEN},
};

use crate::world::{Cursor, Seeded, TIME, hybrid, key, secret};

const KEY_SET: KeySetId = KeySetId([5; 32]);

/// A notice as it lies in a mailbox: only the sample opens.
pub fn notice_sealed(bytes: &[u8]) -> bool {
    let secrets = [hybrid("weekly"), hybrid("long term")];
    let Ok(opened) = open_notice(bytes, secrets.iter()) else { return false };
    assert_eq!(bytes, sealed_notice(), "nobody else sealed it");
    let verified = opened.verify(|id| id == KEY_SET).expect("the sample verifies");
    assert_eq!(verified.notice(), &sample_notice());
    true
}

/// The plaintext of a notice that a hostile sender signed and sealed.
pub fn notice_plain(bytes: &[u8]) -> bool {
    let mut plain = vec![0; SIGNED_LEN];
    for (to, from) in plain.iter_mut().zip(bytes) {
        *to = *from;
    }
    let mut signed = [0; SIGNED_LEN];
    signed.copy_from_slice(&plain);
    plain.extend_from_slice(&key("device").sign(LABEL, &signed));
    let opened = OpenedNotice::from_bytes(&plain).expect("of its length");
    let Ok(verified) = opened.verify(|id| id == KEY_SET) else { return false };
    assert_eq!(verified.notice().encode().as_deref(), Ok(signed.as_slice()));
    assert_eq!(verified.bytes(), plain);
    assert_eq!(verified.notice().device, key("device").public(), "N-3");
    let _ = IndexReader::new(&Secret::new(verified.notice().seed), &verified.notice().index);
    true
}

/// What [`notice_sealed`] opens.
pub(crate) fn sealed_notice() -> &'static [u8] {
    static SEALED: OnceLock<Vec<u8>> = OnceLock::new();
    SEALED.get_or_init(|| {
        let to = hybrid("weekly").public();
        seal_notice(&sample_notice(), &key("device"), &to, &mut Seeded::new("notice"))
            .expect("fits")
    })
}

/// A notice of a parcel whose index stands in it.
pub(crate) fn sample_notice() -> Notice {
    let (identity, device) = (key("identity"), key("device"));
    let blocks = (0..3).map(|n| BlockId([n; 32])).collect();
    Notice {
        kind: NoticeKind::Parcel,
        key_set: KEY_SET,
        sender: identity.public(),
        device: device.public(),
        certificate: identity.sign(DEVICE_LABEL, &device.public()),
        parcel: [6; 16],
        previous: [0; 32],
        sequence: 1,
        created: TIME,
        expiry: TIME + 86_400,
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

/// The tree of an index that a hostile sender sealed.
///
/// `u8(depth) ‖ u64(len)`, then blocks, the root last: `u8(level) ‖ u8(position) ‖ u8(1: repeated
/// until full) ‖ u16(n) ‖ n bytes`. In a node, `fe k` in a chunk of 32 bytes stands for the id of
/// block `k`.
pub fn index_blocks(bytes: &[u8]) -> bool {
    let seed = secret("parcel");
    let mut cursor = Cursor(bytes);
    let (depth, len) = (cursor.u8(), cursor.u64());
    let mut blocks: Vec<(BlockId, Vec<u8>)> = Vec::new();
    let mut leaves: HashMap<u32, Vec<u8>> = HashMap::new();
    while !cursor.is_empty() && blocks.len() < 64 {
        let (level, position, full) = (cursor.u8(), u32::from(cursor.u8()), cursor.u8() == 1);
        let n = usize::from(cursor.u16());
        let mut payload = cursor.take(n).to_vec();
        if full && !payload.is_empty() {
            let room = if level == 0 { LEAF_LEN } else { LEAF_LEN / 32 * 32 };
            payload = payload.iter().copied().cycle().take(room).collect();
        }
        if level > 0 {
            name_blocks(&mut payload, &blocks);
        }
        let block = seal_index_block(&seed, level, position, &payload);
        if level == 0 {
            leaves.insert(position, payload);
        }
        blocks.push((BlockId(sha256(&block)), block));
    }
    let Some((root, _)) = blocks.last() else { return false };
    let tree = NoticeIndex::Tree { root: *root, depth, len };
    let store: HashMap<_, _> = blocks.iter().cloned().collect();
    let Ok((mut reader, mut step)) = IndexReader::new(&seed, &tree) else { return false };
    for _ in 0..=store.len() {
        let id = match step {
            IndexStep::Fetch(id) => id,
            IndexStep::Whole(index) => {
                let encoded = index.encode();
                assert_eq!(encoded.len() as u64, len, "X-2");
                assert!(encoded.len() <= leaves.len() * LEAF_LEN, "each leaf once");
                assert!(reader.take(&[]).is_err(), "ended");
                return true;
            }
        };
        let Some(block) = store.get(&id) else { return false };
        assert!(read_block(id, block).is_ok());
        match reader.take(block) {
            Ok(next) => step = next,
            Err(_) => return false,
        }
    }
    panic!("a block was taken twice");
}

/// An index block as it comes from a relay: nothing opens that was not sealed.
pub fn index_block_sealed(bytes: &[u8]) -> bool {
    let root = BlockId(sha256(bytes));
    let sample = seal_index_block(&secret("parcel"), 0, 0, &sample_index().encode());
    let len = sample_index().encode().len() as u64;
    let tree = NoticeIndex::Tree { root, depth: 0, len };
    let (mut reader, _) = IndexReader::new(&secret("parcel"), &tree).expect("a tree");
    match reader.take(bytes) {
        Ok(step) => {
            assert_eq!(bytes, sample);
            assert_eq!(step, IndexStep::Whole(sample_index()));
            true
        }
        Err(_) => false,
    }
}

pub(crate) fn sample_index() -> Index {
    let item = |class, from: u8, n: u8| IndexItem {
        class,
        blocks: (from..from + n).map(|n| BlockId([n; 32])).collect(),
    };
    Index { items: vec![item(BlockClass::Small, 0, 1), item(BlockClass::Large, 1, 40)] }
}

fn name_blocks(payload: &mut [u8], blocks: &[(BlockId, Vec<u8>)]) {
    for chunk in payload.as_chunks_mut::<32>().0 {
        if let [0xfe, k, ..] = *chunk
            && let Some((id, _)) = blocks.get(usize::from(k))
        {
            *chunk = id.0;
        }
    }
}

/// As spec/envelope.md §3 says, for any level and position.
pub(crate) fn seal_index_block(seed: &Seed, level: u8, position: u32, payload: &[u8]) -> Vec<u8> {
    let mut plain = pad_payload(payload).unwrap_or_else(|_| vec![0; PLAIN_LEN]);
    let parts: [&[u8]; 3] = [&[level], &position.to_be_bytes(), &sha256(&plain)];
    let siv: Secret<32> = derive(seed.expose(), "amate/v1/index/siv", &parts);
    let parts: [&[u8]; 3] = [&[level], &position.to_be_bytes(), siv.expose()];
    let key: Secret<32> = derive(seed.expose(), "amate/v1/index/key", &parts);
    let tag = aead::seal_once(&key, &[], &mut plain);
    [siv.expose().as_slice(), &plain, &tag].concat()
}

/// The plaintext of an item that a hostile sender sealed: it is read as header, content and zeros,
/// or not at all.
pub fn item_plain(bytes: &[u8]) -> bool {
    let seed = secret("parcel");
    let bytes = &bytes[..bytes.len().min(100_000)];
    let given = age::Given {
        file_key: Secret::new([2; 16]),
        encapsulation: Secret::new([3; 64]),
        nonce: [4; 16],
    };
    static PUBLIC: OnceLock<HybridPublic> = OnceLock::new();
    let public = PUBLIC.get_or_init(|| item_identity(&seed, 3).public());
    let mut writer = age::Writer::given(Vec::new(), public, &given).expect("sound");
    writer.write_all(bytes).expect("memory");
    let mut sealed = writer.finish().expect("memory");
    blind::apply(&blind_key(&seed, 3, 0), &mut sealed);
    let whole = sealed.len() as u64;
    let mut content = Vec::new();
    let read = ItemReader::new(&seed, 3, whole, std::iter::once(Ok(sealed)))
        .and_then(|mut reader| reader.read_to_end(&mut content).map(|_| reader.header()));
    let layout = bytes.split_first_chunk::<16>().and_then(|(head, rest)| {
        let header = ItemHeader::parse(head, bytes.len() as u64).ok()?;
        let (content, padding) = rest.split_at(usize::try_from(header.content_len).ok()?);
        padding.iter().all(|byte| *byte == 0).then_some((header, content))
    });
    match (read, layout) {
        (Ok(header), Some((expected, whole))) => {
            assert_eq!((header, content.as_slice()), (expected, whole));
            true
        }
        (Err(_), None) => false,
        (read, layout) => panic!("read {read:?}, but its layout is {:?}", layout.is_some()),
    }
}

/// Blinded blocks as they come from a relay: only those of the sample are read to the end.
pub fn item_sealed(bytes: &[u8]) -> bool {
    let blocks = bytes.chunks(BlockClass::Small.size()).map(|block| Ok(block.to_vec()));
    let mut content = Vec::new();
    let read = ItemReader::new(&secret("parcel"), 1, bytes.len() as u64, blocks)
        .and_then(|mut reader| reader.read_to_end(&mut content));
    if read.is_ok() {
        assert_eq!(bytes, sealed_item());
        assert_eq!(content, ITEM);
    }
    read.is_ok()
}

const ITEM: [u8; 3_000] = [7; 3_000];

/// What [`item_sealed`] opens.
pub(crate) fn sealed_item() -> &'static [u8] {
    static SEALED: OnceLock<Vec<u8>> = OnceLock::new();
    SEALED.get_or_init(|| {
        let plan = plan(ItemKind::Content, ITEM.len() as u64, None).expect("fits");
        let mut sealer =
            ItemSealer::new(&secret("parcel"), 1, plan, sha256(&ITEM), ITEM.as_slice())
                .expect("sound");
        let mut all = Vec::new();
        while let Some(block) = sealer.next_block().expect("sound") {
            all.extend(block.bytes);
        }
        all
    })
}

/// As spec/envelope.md §2 says.
fn blind_key(seed: &Seed, item: u32, number: u32) -> Secret<32> {
    let item: Secret<32> = derive(seed.expose(), "amate/v1/item", &[&item.to_be_bytes()]);
    derive(item.expose(), "amate/v1/block", &[&number.to_be_bytes()])
}
