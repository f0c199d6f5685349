// SPDX-License-Identifier: MPL-2.0
//! Notices: rules N-1 to N-3, and X-3 where the notice shows it.

use amate_app::{envelope::seal_notice, keys::DEVICE_LABEL};
use amate_seal::{hash::sha256, hybrid::HybridSecret, secret::Secret, sign::SigningKey};
use amate_wire::{
    block::BlockClass,
    document::hex,
    id::{BlockId, KeySetId, RelayKey},
    index::{Index, IndexItem},
    notice::{LABEL, Notice, NoticeIndex, NoticeKind, PLAIN_LEN, SIGNED_LEN},
};

use super::{
    super::vector::Vector,
    index::index,
    pair::good,
    sample::{Seeded, key},
    seed,
};

const TIME: u64 = 1_795_516_963;
/// Offsets of spec/envelope.md §5.
const FLAGS: usize = 304;
const FORM: usize = 305;
const DEPTH: usize = 306;
const INDEX_LEN: usize = 372;
const BODY_LEN: usize = 380;
const BODY: usize = 382;

/// Accepted notices, and rule N-1.
pub(super) fn form() -> Vec<Vector> {
    let base = plain("notice", "a parcel whose index is in the notice", &notice());
    let opened = plain("notice-opened", "a person opened a parcel", &opened());
    let tree = plain("notice-tree", "a parcel whose index is a tree", &tree());
    let grant = Notice { kind: NoticeKind::Grant, body: vec![9; 52], ..self::opened() };
    let newer = Notice { kind: NoticeKind::Unknown(9), body: vec![9; 7], ..self::opened() };
    let all = [head(&base), numbers(&base), tail(&base), kinds(&base, &opened), trees(&tree)];
    let more = vec![
        plain("notice-grant", "a capability", &grant),
        plain("notice-newer", "a kind that is not known: kept and shown", &newer),
        base,
        opened,
        tree,
    ];
    [all.concat(), more].concat()
}

fn notice() -> Notice {
    let (identity, device) = (key("identity"), key("device"));
    Notice {
        kind: NoticeKind::Parcel,
        key_set: KeySetId(sha256(b"key set")),
        sender: identity.public(),
        device: device.public(),
        certificate: identity.sign(DEVICE_LABEL, &device.public()),
        parcel: [5; 16],
        previous: [0; 32],
        sequence: TIME * 1_000,
        created: TIME,
        expiry: TIME + 60 * 86_400,
        second_signature: [0; 32],
        relay: RelayKey(key("relay").public()),
        more: false,
        seed: *seed().expose(),
        index: NoticeIndex::Inline(index()),
        body: Vec::new(),
    }
}

fn opened() -> Notice {
    let body = sha256(b"parcel manifest").to_vec();
    let (kind, index) = (NoticeKind::Opened, NoticeIndex::None);
    Notice { kind, index, seed: [0; 32], body, ..notice() }
}

fn tree() -> Notice {
    let root = BlockId(sha256(b"root"));
    Notice { index: NoticeIndex::Tree { root, depth: 2, len: 16_333 }, ..notice() }
}

fn plain(name: &str, why: &str, notice: &Notice) -> Vector {
    let body = with_signature(notice.encode().unwrap());
    good("notice", name, "envelope.md §5", why, body)
        .bytes("key-set", &notice.key_set.0)
        .with("gives-kind", notice.kind.number().to_string())
        .bytes("gives-sender", &amate_app::keys::identity_id(&notice.sender).0)
        .bytes("gives-parcel", &notice.parcel)
        .with("gives-sequence", notice.sequence.to_string())
}

fn with_signature(bytes: Vec<u8>) -> Vec<u8> {
    let signature = key("device").sign(LABEL, &bytes);
    [bytes, signature.to_vec()].concat()
}

/// A notice with a defect, signed as it is.
fn bad(base: &Vector, name: &str, why: &str, spoil: impl Fn(&mut [u8])) -> Vector {
    base.bad(name, "parse", "envelope.md N-1", why, |vector| {
        vector.body.truncate(SIGNED_LEN);
        spoil(&mut vector.body);
        vector.body = with_signature(vector.body.clone());
    })
}

fn head(base: &Vector) -> Vec<Vector> {
    vec![
        bad(base, "n1-tag", "another tag", |plain| plain[3] = b'O'),
        bad(base, "n1-version", "version 2", |plain| plain[4] = 2),
        bad(base, "n1-reserved", "a reserved byte after the kind", |plain| plain[7] = 1),
        bad(base, "n1-reserved-index", "a reserved byte after the depth", |plain| plain[307] = 1),
        bad(base, "n1-flags", "a flag that is not known", |plain| plain[FLAGS] = 2),
        bad(base, "n1-previous", "previous: more than a parcel id", |plain| plain[215] = 1),
    ]
}

fn numbers(base: &Vector) -> Vec<Vector> {
    let most = (1_u64 << 53).to_be_bytes();
    let number = |name: &str, why: &str, at: usize| {
        bad(base, name, why, |plain| plain[at..at + 8].copy_from_slice(&most))
    };
    let last = Notice { expiry: (1 << 53) - 1, sequence: (1 << 53) - 1, ..notice() };
    vec![
        number("n1-sequence", "a sequence of 2⁵³", 216),
        number("n1-created", "created at 2⁵³", 224),
        number("n1-expiry", "expires at 2⁵³", 232),
        plain("notice-last", "a sequence and an expiry of 2⁵³ − 1", &last),
    ]
}

fn tail(base: &Vector) -> Vec<Vector> {
    let ids = (0..33).map(|n| BlockId([n; 32])).collect();
    let long = Index { items: vec![IndexItem { class: BlockClass::Large, blocks: ids }] }.encode();
    vec![
        bad(base, "n1-form", "an index form that is not known", |plain| plain[FORM] = 3),
        bad(base, "n1-depth", "a depth without a tree", |plain| plain[DEPTH] = 1),
        bad(base, "n1-root", "a root without a tree", |plain| plain[340] = 1),
        bad(base, "n1-index-short", "an index one byte longer than said", |plain| {
            plain[INDEX_LEN + 7] -= 1;
        }),
        bad(base, "n1-index-long", "a length beyond the notice", |plain| plain[INDEX_LEN] = 1),
        bad(base, "n1-index-33", "an index of 33 blocks, which belongs into a tree", |plain| {
            plain[INDEX_LEN..BODY_LEN].copy_from_slice(&(long.len() as u64).to_be_bytes());
            plain[BODY..BODY + long.len()].copy_from_slice(&long);
        }),
        bad(base, "n1-padding", "the last byte of the padding is not zero", |plain| {
            plain[SIGNED_LEN - 1] = 1;
        }),
        base.bad("n1-length", "parse", "envelope.md N-1", "a byte more", |v| v.body.push(0)),
        base.bad("n1-cut", "parse", "envelope.md N-1", "the last byte is missing", |vector| {
            vector.body.truncate(PLAIN_LEN - 1);
        }),
    ]
}

fn kinds(base: &Vector, opened: &Vector) -> Vec<Vector> {
    let inline = index().encode();
    vec![
        bad(base, "n1-parcel-body", "a parcel with a body", |plain| {
            plain.copy_within(BODY..SIGNED_LEN - 32, BODY + 32);
            plain[BODY..BODY + 32].fill(1);
            plain[BODY_LEN + 1] = 32;
        }),
        bad(base, "n1-parcel-no-index", "a parcel without an index", |plain| {
            plain[FORM] = 0;
            plain[INDEX_LEN..].fill(0);
        }),
        bad(opened, "n1-opened-seed", "an acknowledgement with a seed", |plain| plain[308] = 1),
        bad(opened, "n1-opened-index", "an acknowledgement with an index", |plain| {
            plain[FORM] = 1;
            plain[INDEX_LEN + 7] = inline.len() as u8;
            plain[BODY + 32..][..inline.len()].copy_from_slice(&inline);
        }),
        bad(opened, "n1-opened-depth", "a depth without an index", |plain| plain[DEPTH] = 1),
        bad(opened, "n1-opened-short", "a hash of 31 bytes", |plain| {
            plain[BODY_LEN + 1] = 31;
            plain[BODY + 31] = 0;
        }),
        bad(opened, "n1-grant-short", "a capability of 32 bytes", |plain| plain[5] = 3),
        bad(opened, "n1-body-long", "a body beyond the notice", |plain| plain[BODY_LEN] = 0xff),
    ]
}

fn trees(tree: &Vector) -> Vec<Vector> {
    let mut deep = bad(tree, "x3-depth", "a tree of depth 3", |plain| plain[DEPTH] = 3);
    deep.set("spec", "envelope.md X-3");
    vec![
        deep,
        bad(tree, "n1-tree-empty", "a tree of an index without bytes", |plain| {
            plain[INDEX_LEN..BODY_LEN].fill(0);
        }),
        bad(tree, "n1-tree-inline", "a tree, and an index in the notice too", |plain| {
            plain[BODY..BODY + 4].copy_from_slice(&index().encode()[..4]);
        }),
    ]
}

/// Whom it is for and who signed it: rules N-2, N-3; and sealed notices.
pub(super) fn signed() -> Vec<Vector> {
    let base = plain("notice", "", &notice());
    let other = |name: &str, why: &str, spoil: &dyn Fn(&mut Notice), device: &SigningKey| {
        base.bad(name, "signature", "envelope.md N-3", why, |vector| {
            let mut notice = notice();
            spoil(&mut notice);
            let bytes = notice.encode().unwrap();
            let signature = device.sign(LABEL, &bytes);
            vector.body = [bytes, signature.to_vec()].concat();
        })
    };
    let (own, someone) = (key("device"), key("someone"));
    let rules = vec![
        base.bad("n2-key-set", "open", "envelope.md N-2", "for another key set", |vector| {
            vector.set("key-set", hex(&sha256(b"another key set")));
        }),
        base.bad("n3-bit", "signature", "envelope.md N-3", "a bit of the signature", |vector| {
            vector.body[PLAIN_LEN - 1] ^= 1;
        }),
        base.bad("n3-content", "signature", "envelope.md N-3", "another expiry", |vector| {
            vector.body[239] ^= 1;
        }),
        base.bad("n3-label", "signature", "envelope.md N-3", "another label", |vector| {
            let signature = own.sign("amate/v1/receipt", &vector.body[..SIGNED_LEN]);
            vector.body[SIGNED_LEN..].copy_from_slice(&signature);
        }),
        other("n3-key", "signed by a key that is not the device's", &|_| {}, &someone),
        other(
            "n3-device",
            "a device that the identity did not certify",
            &|notice| notice.device = someone.public(),
            &someone,
        ),
        other(
            "n3-sender",
            "another identity with this identity's certificate",
            &|notice| notice.sender = someone.public(),
            &own,
        ),
        other(
            "n3-certificate-label",
            "a certificate under another label",
            &|notice| {
                notice.certificate = key("identity").sign(LABEL, &notice.device);
            },
            &own,
        ),
        other(
            "n3-small-order",
            "an identity key of small order, for which a certificate of zeros would verify",
            &|notice| {
                notice.sender = small_order();
                notice.certificate = [small_order(), [0; 32]].concat().try_into().unwrap();
            },
            &own,
        ),
    ];
    [rules, sealed()].concat()
}

/// The neutral point.
fn small_order() -> [u8; 32] {
    let mut point = [0; 32];
    point[0] = 1;
    point
}

fn sealed() -> Vec<Vector> {
    let secret = HybridSecret::from_seed(Secret::new(sha256(b"weekly")));
    let mut rng = Seeded::new("sealed notice");
    let body = seal_notice(&notice(), &key("device"), &secret.public(), &mut rng).unwrap();
    let base = good("sealed-notice", "sealed", "envelope.md §5", "as a relay holds it", body)
        .bytes("weekly-seed", secret.seed().expose())
        .bytes("key-set", &notice().key_set.0)
        .bytes("gives-plaintext-sha256", &sha256(&signed_plain()));
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        base.bad(name, "open", "envelope.md §5", why, spoil)
    };
    vec![
        bad("sealed-other-key", "sealed to another week's key", &|vector| {
            vector.set("weekly-seed", hex(&sha256(b"another week")));
        }),
        base,
    ]
}

fn signed_plain() -> Vec<u8> {
    with_signature(notice().encode().unwrap())
}
