// SPDX-License-Identifier: MPL-2.0
//! Items and their blocks: rules I-1, I-2, B-1.

use std::io::Write;

use amate_app::envelope::{ItemSealer, item_identity, plan};
use amate_seal::{
    age::{Given, Writer},
    blind,
    hash::sha256,
    kdf::derive,
    secret::Secret,
};
use amate_wire::{
    block::BlockClass,
    document::hex,
    item::ItemKind,
    parcel::{Entry, ParcelManifest},
};

use super::{super::vector::Vector, pair::good, sample, seed};

const SMALL: usize = 4_096;
const MEDIUM: usize = 16_384;
const INDEX: u32 = 1;
const TEXT: &str = "Vi pasar tres camionetas sin placas a las once de la noche.\n";

/// How many blocks of which class.
pub(super) fn plans() -> Vec<Vector> {
    let contents = [0, 2_421, 2_422, 129_381, 129_382, 3_000_000, 3_046 * 262_144];
    let whole = contents.map(|len| shape(&format!("plan-{len}"), ItemKind::Content, len, None));
    let live = [(BlockClass::Medium, 117_000), (BlockClass::Large, 7)].map(|(class, len)| {
        let name = format!("plan-live-{}", class.number());
        shape(&name, ItemKind::LiveSegment, len, Some(class))
    });
    whole.into_iter().chain(live).collect()
}

fn shape(name: &str, kind: ItemKind, len: u64, live: Option<BlockClass>) -> Vector {
    let shape = plan(kind, len, live).unwrap();
    let why = "how an item of this length is cut";
    good("plan", name, "envelope.md §2", why, Vec::new())
        .with("kind", kind.number().to_string())
        .with("length", len.to_string())
        .with("live-class", live.map_or(0, BlockClass::number).to_string())
        .with("gives-class", shape.class.number().to_string())
        .with("gives-blocks", shape.blocks.to_string())
        .with("gives-plaintext-length", shape.padded_len.to_string())
}

/// Items, opened and sealed again.
pub(super) fn items() -> Vec<Vector> {
    let content = TEXT.as_bytes();
    let small =
        item("item-small", "an item of one block", INDEX, content).bytes("gives-content", content);
    let empty = item("item-empty", "an item without content", 2, b"").bytes("gives-content", b"");
    let manifest = sample::small()[0].made.document.encode();
    let manifest = ParcelManifest { entries: vec![Entry::Manifest(manifest)] }.encode();
    let why = "a parcel manifest: item 0, kind 1";
    let first = sealed("item-manifest", why, 0, ItemKind::Manifest, &manifest);
    let long = TEXT.repeat(250).into_bytes();
    let medium = item("item-medium", "an item of two blocks", INDEX, &long);
    let all = [form(&small), opening(&small), several(&medium), vec![small, empty, first, medium]];
    all.concat()
}

fn item(name: &str, why: &str, index: u32, content: &[u8]) -> Vector {
    sealed(name, why, index, ItemKind::Content, content)
}

fn sealed(name: &str, why: &str, index: u32, kind: ItemKind, content: &[u8]) -> Vector {
    let shape = plan(kind, content.len() as u64, None).unwrap();
    let mut sealer = ItemSealer::new(&seed(), index, shape, sha256(content), content).unwrap();
    let (mut body, mut ids) = (Vec::new(), Vec::new());
    while let Some(block) = sealer.next_block().unwrap() {
        body.extend(block.bytes);
        ids.push(hex(&block.id.0));
    }
    // Written a second time, straight from the specification.
    let plain = plaintext(kind.number(), content, shape.padded_len as usize);
    let bound = bound(index, kind.number(), content, plain.len() as u64);
    assert_eq!(body, seal(index, &plain, &bound, shape.class.size()), "{name}");
    good("item", name, "envelope.md §1", why, body)
        .bytes("seed", seed().expose())
        .with("index", index.to_string())
        .with("block-size", shape.class.size().to_string())
        .with("length", (shape.class.size() * ids.len()).to_string())
        .bytes("gives-item-secret", secret(index).expose())
        .bytes("gives-identity-seed", item_identity(&seed(), index).seed().expose())
        .with("gives-kind", kind.number().to_string())
        .bytes("gives-content-sha256", &sha256(content))
        .with("gives-blocks", ids.join(" "))
}

fn form(base: &Vector) -> Vec<Vector> {
    let whole = plaintext(2, TEXT.as_bytes(), 2_437);
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vec<u8>)| {
        base.bad(name, "parse", "envelope.md I-1", why, |vector| {
            let mut plain = whole.clone();
            spoil(&mut plain);
            let bound = bound(INDEX, 2, &plain, plain.len() as u64);
            vector.body = seal(INDEX, &plain, &bound, SMALL);
        })
    };
    vec![
        bad("i1-tag", "another tag", &|plain| plain[3] = b'T'),
        bad("i1-version", "version 2", &|plain| plain[4] = 2),
        bad("i1-kind-0", "kind 0", &|plain| plain[5] = 0),
        bad("i1-kind-4", "kind 4", &|plain| plain[5] = 4),
        bad("i1-reserved", "a reserved byte that is not zero", &|plain| plain[7] = 1),
        bad("i1-length", "one byte of content more than there is plaintext", &|plain| {
            plain[8..16].copy_from_slice(&(2_437_u64 - 15).to_be_bytes());
        }),
        bad("i1-padding-last", "the last byte of padding is not zero", &|plain| plain[2_436] = 1),
    ]
}

fn opening(base: &Vector) -> Vec<Vector> {
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        base.bad(name, "open", "envelope.md I-2", why, spoil)
    };
    vec![
        bad("i2-index", "the same block as another item of the parcel", &|vector| {
            vector.set("index", "2");
        }),
        bad("i2-seed", "the seed of another parcel", &|vector| {
            vector.set("seed", hex(&sha256(seed().expose())));
        }),
        bad("i2-payload", "a bit changed in the payload", &|vector| vector.body[2_000] ^= 1),
        bad("i2-continued", "a block after the last", &|vector| {
            vector.body.extend([0; SMALL]);
            vector.set("length", (2 * SMALL).to_string());
        }),
        bad("i2-not-blinded", "an age file that was not blinded", &|vector| {
            blind_block(INDEX, 0, &mut vector.body);
        }),
    ]
}

fn several(base: &Vector) -> Vec<Vector> {
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        base.bad(name, "open", "envelope.md I-2", why, spoil)
    };
    vec![bad("i2-truncated", "the last block is not there", &|vector| vector.body.truncate(MEDIUM))]
}

/// Rule B-1.
pub(super) fn blocks() -> Vec<Vector> {
    let item = item("item", "", INDEX, TEXT.as_bytes());
    let block = good("block", "block", "envelope.md §2", "a block and its id", item.body.clone())
        .with("id", item.find("gives-blocks").unwrap());
    let bad = |name: &str, expect: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        block.bad(name, expect, "envelope.md B-1", why, spoil)
    };
    let of_size = |vector: &mut Vector, size: usize| {
        vector.body.resize(size, 0);
        vector.set("id", hex(&sha256(&vector.body)));
    };
    vec![
        bad("b1-bit", "open", "a block with one bit changed", &|vector| vector.body[0] ^= 1),
        bad("b1-short", "parse", "a byte less than a class, under its own id", &|vector| {
            of_size(vector, SMALL - 1);
        }),
        bad("b1-long", "parse", "a byte more than a class, under its own id", &|vector| {
            of_size(vector, SMALL + 1);
        }),
        bad("b1-empty", "parse", "no bytes, under their own id", &|vector| of_size(vector, 0)),
        block,
    ]
}

fn plaintext(kind: u8, content: &[u8], len: usize) -> Vec<u8> {
    let content_len = (content.len() as u64).to_be_bytes();
    let mut plain = [b"AMit\x01".as_slice(), &[kind, 0, 0], &content_len, content].concat();
    plain.resize(len, 0);
    plain
}

fn secret(index: u32) -> Secret<32> {
    derive(seed().expose(), "amate/v1/item", &[&index.to_be_bytes()])
}

fn bound(index: u32, kind: u8, content: &[u8], padded: u64) -> Secret<32> {
    let len = (content.len() as u64).to_be_bytes();
    let parts: [&[u8]; 4] = [&[kind], &sha256(content), &len, &padded.to_be_bytes()];
    derive(secret(index).expose(), "amate/v1/item/sealing", &parts)
}

/// An age file of any plaintext, cut and blinded.
fn seal(index: u32, plain: &[u8], bound: &Secret<32>, size: usize) -> Vec<u8> {
    let nonce: Secret<16> = derive(bound.expose(), "amate/v1/item/nonce", &[]);
    let given = Given {
        file_key: derive(bound.expose(), "amate/v1/item/file-key", &[]),
        encapsulation: derive(bound.expose(), "amate/v1/item/encapsulation", &[]),
        nonce: *nonce.expose(),
    };
    let identity = item_identity(&seed(), index);
    let mut writer = Writer::given(Vec::new(), &identity.public(), &given).unwrap();
    writer.write_all(plain).unwrap();
    let mut file = writer.finish().unwrap();
    assert_eq!(file.len() % size, 0);
    for (number, block) in (0..).zip(file.chunks_mut(size)) {
        blind_block(index, number, block);
    }
    file
}

fn blind_block(index: u32, number: u32, block: &mut [u8]) {
    let key = derive(secret(index).expose(), "amate/v1/block", &[&number.to_be_bytes()]);
    blind::apply(&key, block);
}
