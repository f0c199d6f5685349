// SPDX-License-Identifier: MPL-2.0
//! Structures of spec/envelope.md.

use std::io::Read;

use amate_app::envelope::{
    IndexReader, IndexStep, ItemReader, ItemSealer, OpenedNotice, Seed, build_index, item_identity,
    open_notice, plan, read_block,
};
use amate_seal::{
    aead,
    age::{Identity, Reader, plain_len_for},
    blind,
    hash::sha256,
    hybrid::HybridSecret,
    kdf::derive,
    secret::Secret,
};
use amate_wire::{
    block::BlockClass,
    document::hex,
    id::{BlockId, KeySetId},
    index::{Index, unpad_payload},
    item::{HEADER_LEN, ItemHeader, ItemKind},
    notice::{LABEL, Notice, NoticeIndex, SIGNED_LEN},
    parcel::ParcelManifest,
};

use super::{Outcome, Vector, staged};

pub(super) fn reader(structure: &str) -> fn(&Vector) -> Outcome {
    match structure {
        "plan" => plans,
        "item" => item,
        "block" => block,
        "index" => index,
        "tree" => tree,
        "parcel-manifest" => parcel,
        "notice" => notice,
        "sealed-notice" => sealed_notice,
        other => panic!("{other}"),
    }
}

fn seed(vector: &Vector) -> Seed {
    Secret::new(vector.array("seed"))
}

fn plans(vector: &Vector) -> Outcome {
    let kind = ItemKind::from_number(vector.number("kind")).unwrap();
    let class = BlockClass::from_number(vector.number("live-class")).ok();
    let plan = plan(kind, vector.number("length"), class).ok_or("parse")?;
    Ok(vec![
        ("class", plan.class.number().to_string()),
        ("blocks", plan.blocks.to_string()),
        ("plaintext-length", plan.padded_len.to_string()),
    ])
}

fn item(vector: &Vector) -> Outcome {
    let (seed, index) = (seed(vector), vector.number("index"));
    let (size, length) = (vector.number("block-size"), vector.number("length"));
    let blocks = vector.body.chunks(size).map(|block| Ok(block.to_vec()));
    let read = ItemReader::new(&seed, index, length, blocks).and_then(|mut reader| {
        let mut content = Vec::new();
        let kind = reader.header().kind;
        reader.read_to_end(&mut content).map(|_| (kind, content))
    });
    let (kind, content) = staged(read.ok(), item_steps(vector))?;
    let ids = sealed_again(vector, kind, &content);
    let secret: Secret<32> = derive(seed.expose(), "amate/v1/item", &[&index.to_be_bytes()]);
    Ok(vec![
        ("item-secret", hex(secret.expose())),
        ("identity-seed", hex(item_identity(&seed, index).seed().expose())),
        ("kind", kind.number().to_string()),
        ("content", hex(&content)),
        ("content-sha256", hex(&sha256(&content))),
        ("blocks", ids.join(" ")),
    ])
}

/// Unblinds, opens with age, reads the plaintext.
fn item_steps(vector: &Vector) -> Result<(), &'static str> {
    let (seed, index) = (seed(vector), vector.number::<u32>("index"));
    let secret: Secret<32> = derive(seed.expose(), "amate/v1/item", &[&index.to_be_bytes()]);
    let mut file = vector.body.clone();
    for (number, block) in (0_u32..).zip(file.chunks_mut(vector.number("block-size"))) {
        let key = derive(secret.expose(), "amate/v1/block", &[&number.to_be_bytes()]);
        blind::apply(&key, block);
    }
    let identity = Identity::Hybrid(item_identity(&seed, index));
    let mut plain = Vec::new();
    let opened = Reader::new(file.as_slice(), &[identity]);
    opened.and_then(|mut reader| reader.read_to_end(&mut plain)).map_err(|_| "open")?;
    let length = plain_len_for(vector.number("length")).ok_or("parse")?;
    let head: &[u8; HEADER_LEN] = plain.first_chunk().ok_or("parse")?;
    let header = ItemHeader::parse(head, length).map_err(|_| "parse")?;
    let padding = &plain[HEADER_LEN + usize::try_from(header.content_len).unwrap()..];
    if padding.iter().all(|byte| *byte == 0) { Ok(()) } else { Err("parse") }
}

/// Sealing what was opened gives the same blocks.
fn sealed_again(vector: &Vector, kind: ItemKind, content: &[u8]) -> Vec<String> {
    let plan = plan(kind, content.len() as u64, None).unwrap();
    let (seed, index) = (seed(vector), vector.number("index"));
    let mut sealer = ItemSealer::new(&seed, index, plan, sha256(content), content).unwrap();
    let (mut blocks, mut ids) = (Vec::new(), Vec::new());
    while let Some(block) = sealer.next_block().unwrap() {
        blocks.extend(block.bytes);
        ids.push(hex(&block.id.0));
    }
    assert_eq!(blocks, vector.body, "{}", vector.name);
    ids
}

fn block(vector: &Vector) -> Outcome {
    let read = read_block(BlockId(vector.array("id")), &vector.body);
    let steps = match BlockClass::from_size(vector.body.len()) {
        Err(_) => Err("parse"),
        Ok(_) if sha256(&vector.body) != vector.array("id") => Err("open"),
        Ok(_) => Ok(()),
    };
    staged(read.ok(), steps).map(|_| Vec::new())
}

fn index(vector: &Vector) -> Outcome {
    let index = Index::parse(&vector.body).map_err(|_| "parse")?;
    assert_eq!(index.encode(), vector.body);
    let (items, blocks) = (index.items.len(), index.ids().count());
    Ok(vec![("items", items.to_string()), ("blocks", blocks.to_string())])
}

fn tree(vector: &Vector) -> Outcome {
    let (root, depth) = (BlockId(vector.array("root")), vector.number("depth"));
    let notice = NoticeIndex::Tree { root, depth, len: vector.number("length") };
    let mut blocks = (0_u32..).zip(vector.body.chunks(16_384));
    let (mut reader, mut step) = IndexReader::new(&seed(vector), &notice).map_err(|_| "parse")?;
    let index = loop {
        let IndexStep::Fetch(id) = step else { panic!("a tree is fetched") };
        let (number, block) = blocks.next().expect("a block that the vector does not have");
        assert_eq!(sha256(block), id.0, "{}: block {number}", vector.name);
        match reader.take(block) {
            Ok(IndexStep::Whole(index)) => break index,
            Ok(next) => step = next,
            Err(_) => return Err(tree_stage(vector, number, block)),
        }
    };
    assert!(blocks.next().is_none());
    let (again, mut sealed) = build_index(&seed(vector), index.clone()).unwrap();
    sealed.rotate_right(1);
    assert_eq!(again, notice);
    assert_eq!(sealed.into_iter().flat_map(|one| one.bytes).collect::<Vec<_>>(), vector.body);
    Ok(vec![("index-sha256", hex(&sha256(&index.encode())))])
}

/// Whether the block itself does not open, or what it says is wrong.
fn tree_stage(vector: &Vector, number: u32, block: &[u8]) -> &'static str {
    let depth: u8 = vector.number("depth");
    let (level, position) = if number == 0 { (depth, 0) } else { (0, number - 1) };
    let at = position.to_be_bytes();
    let key = |label: &str, bytes: &[u8]| -> Secret<32> {
        derive(seed(vector).expose(), label, &[&[level], &at, bytes])
    };
    let (siv, sealed) = block.split_first_chunk::<32>().unwrap();
    let (sealed, tag) = sealed.split_last_chunk().unwrap();
    let mut plain = sealed.to_vec();
    let opened = aead::open_once(&key("amate/v1/index/key", siv), &[], &mut plain, tag);
    let own = key("amate/v1/index/siv", &sha256(&plain));
    if opened.is_err() || own.expose() != siv {
        return "open";
    }
    let rule = vector.text("spec").rsplit(' ').next().unwrap();
    assert_eq!(unpad_payload(&plain).is_err(), rule == "X-2", "{}", vector.name);
    "parse"
}

fn parcel(vector: &Vector) -> Outcome {
    let mut bytes = vector.body.clone();
    if vector.find("times").is_some() {
        bytes.extend(vector.hex("append").repeat(vector.number("times")));
    }
    let manifest = ParcelManifest::parse(&bytes, vector.number("items")).map_err(|_| "parse")?;
    assert_eq!(manifest.encode(), bytes, "{}", vector.name);
    Ok(vec![("entries", manifest.entries.len().to_string())])
}

fn notice(vector: &Vector) -> Outcome {
    let own = KeySetId(vector.array("key-set"));
    let verified =
        OpenedNotice::from_bytes(&vector.body).and_then(|opened| opened.verify(|id| id == own));
    let verified = staged(verified.ok(), notice_steps(vector, own))?;
    let notice = verified.notice();
    assert_eq!(notice.encode().unwrap(), vector.body[..SIGNED_LEN], "{}", vector.name);
    Ok(vec![
        ("kind", notice.kind.number().to_string()),
        ("sender", hex(&verified.sender().0)),
        ("parcel", hex(&notice.parcel)),
        ("sequence", notice.sequence.to_string()),
    ])
}

fn notice_steps(vector: &Vector, own: KeySetId) -> Result<(), &'static str> {
    let (signed, signature) = vector.body.split_last_chunk::<64>().ok_or("parse")?;
    let signed: &[u8; SIGNED_LEN] = signed.try_into().map_err(|_| "parse")?;
    let notice = Notice::parse(signed).map_err(|_| "parse")?;
    if notice.key_set != own {
        return Err("open");
    }
    let verify = amate_seal::sign::verify;
    verify(&notice.sender, "amate/v1/device", &notice.device, &notice.certificate)
        .and_then(|()| verify(&notice.device, LABEL, signed, signature))
        .map_err(|_| "signature")
}

fn sealed_notice(vector: &Vector) -> Outcome {
    let secret = HybridSecret::from_seed(Secret::new(vector.array("weekly-seed")));
    let own = KeySetId(vector.array("key-set"));
    let opened = open_notice(&vector.body, [&secret].into_iter()).map_err(|_| "open")?;
    let verified = opened.verify(|id| id == own).map_err(|_| "signature")?;
    Ok(vec![("plaintext-sha256", hex(&sha256(verified.bytes())))])
}
