// SPDX-License-Identifier: MPL-2.0
//! Identities and key sets: rules K-1 to K-4.

use amate_app::keys::{DEVICE_LABEL, identity_id, mailbox_id};
use amate_seal::{
    hash::{labelled, sha256},
    hybrid::HybridSecret,
    secret::Secret,
    sign::SigningKey,
};
use amate_wire::{document::hex, keyset::LABEL};

use super::{super::vector::Vector, pair::good, sample::key};

const WEEK: u64 = 604_800;
const FIRST: u32 = 2_968;

/// What follows from a public key alone.
pub(super) fn names() -> Vec<Vector> {
    let (identity, device) = (key("identity"), key("device"));
    let public = identity.public();
    vec![
        good("identity", "identity", "keys.md §1", "identity id of a key", public.to_vec())
            .bytes("gives-identity-id", &labelled("amate/v1/identity", &[&public])),
        good("mailbox", "mailbox", "keys.md §3", "mailbox id of a key", key("box").public().into())
            .bytes("gives-mailbox-id", &labelled("amate/v1/mailbox", &[&key("box").public()])),
        good("certificate", "certificate", "keys.md §2", "of a device", device.public().to_vec())
            .bytes("identity-seed", identity.seed().expose())
            .bytes("gives-certificate", &identity.sign(DEVICE_LABEL, &device.public())),
    ]
}

/// A key set, field by field, also where the format forbids it.
#[derive(Clone)]
struct Set {
    head: Vec<u8>,
    identity: [u8; 32],
    sequence: u32,
    long_term: Vec<u8>,
    devices: Vec<(u8, u8)>,
    urls: Vec<String>,
    weekly: Vec<Vec<u8>>,
}

fn hybrid(name: &str) -> Vec<u8> {
    HybridSecret::from_seed(Secret::new(sha256(name.as_bytes()))).public().bytes().to_vec()
}

fn set() -> Set {
    Set {
        head: b"AMks\x01\0\0\0".to_vec(),
        identity: key("identity").public(),
        sequence: 2,
        long_term: hybrid("long term"),
        devices: vec![(0, 0), (1, 1)],
        urls: vec!["https://relevo.example".into()],
        weekly: vec![hybrid("week 0")],
    }
}

impl Set {
    fn bytes(&self) -> Vec<u8> {
        let devices = self.devices.iter().flat_map(|(n, flags)| {
            let device = key(&format!("device {n}")).public();
            [device.as_slice(), &[*flags]].concat()
        });
        let mailboxes = self.urls.iter().flat_map(|url| {
            let mailbox = mailbox_id(&key("box").public());
            let relay = key("relay").public();
            [&relay, &mailbox.0, [url.len() as u8].as_slice(), url.as_bytes()].concat()
        });
        [
            self.head.as_slice(),
            &self.identity,
            &self.sequence.to_be_bytes(),
            &self.long_term,
            &[self.devices.len() as u8],
            &devices.collect::<Vec<_>>(),
            &[self.urls.len() as u8],
            &mailboxes.collect::<Vec<_>>(),
            &FIRST.to_be_bytes(),
            &[self.weekly.len() as u8],
            &self.weekly.concat(),
        ]
        .concat()
    }

    fn sign(&self, signer: &SigningKey, label: &str) -> Vec<u8> {
        let bytes = self.bytes();
        let signature = signer.sign(label, &bytes);
        [bytes, signature.to_vec()].concat()
    }

    fn whole(&self) -> Vec<u8> {
        self.sign(&key("identity"), LABEL)
    }
}

pub(super) fn sets() -> Vec<Vector> {
    let base = accepted("key-set", "two devices, one of them revoked", &set());
    let most = Set {
        devices: (0..16).map(|n| (n, 0)).collect(),
        urls: vec![format!("http://{}", "a".repeat(193)); 4],
        ..set()
    };
    let why = "as many devices and mailboxes, and as long an address, as a key set may have";
    let most = accepted("key-set-most", why, &most);
    let rest = [counts(&base), heads(&base), signatures(&base), hybrids(&base), weeks(), held()];
    [vec![base, most], rest.concat()].concat()
}

fn accepted(name: &str, why: &str, set: &Set) -> Vector {
    let body = set.whole();
    let id = sha256(&body);
    good("key-set", name, "keys.md §3", why, body)
        .bytes("identity-id", &identity_id(&set.identity).0)
        .bytes("gives-key-set-id", &id)
}

/// A defect in a field; signed as it is.
fn bad(base: &Vector, name: &str, why: &str, spoil: impl Fn(&mut Set)) -> Vector {
    base.bad(name, "parse", "keys.md K-1", why, |vector| {
        let mut set = set();
        spoil(&mut set);
        vector.body = set.whole();
    })
}

fn heads(base: &Vector) -> Vec<Vector> {
    let url = |name: &str, why: &str, url: &str| {
        bad(base, name, why, |set| set.urls = vec![url.to_owned()])
    };
    vec![
        bad(base, "k1-tag", "another tag", |set| set.head[3] = b'S'),
        bad(base, "k1-version", "version 2", |set| set.head[4] = 2),
        bad(base, "k1-reserved", "a reserved byte that is not zero", |set| set.head[7] = 1),
        bad(base, "k1-sequence", "sequence 0", |set| set.sequence = 0),
        bad(base, "k1-flags", "a flag of a device that is not known", |set| set.devices[0].1 = 2),
        url("k1-url-scheme", "an address of another scheme", "ftp://relevo.example"),
        url("k1-url-space", "an address with a space", "https://relevo .example"),
        url("k1-url-ascii", "an address that is not ASCII", "https://relevo.méx"),
        url("k1-url-empty", "no address", ""),
        url("k1-url-long", "an address of 201 bytes", &format!("http://{}", "a".repeat(194))),
    ]
}

fn counts(base: &Vector) -> Vec<Vector> {
    let cut = |name: &str, why: &str, spoil: &dyn Fn(&mut Vec<u8>)| {
        base.bad(name, "parse", "keys.md K-1", why, |vector| spoil(&mut vector.body))
    };
    vec![
        bad(base, "k1-no-device", "no device", |set| set.devices.clear()),
        bad(base, "k1-devices", "17 devices", |set| {
            set.devices = (0..17).map(|n| (n, 0)).collect();
        }),
        bad(base, "k1-no-mailbox", "no mailbox", |set| set.urls.clear()),
        bad(base, "k1-mailboxes", "5 mailboxes", |set| {
            set.urls = vec!["https://relevo.example".into(); 5];
        }),
        bad(base, "k1-no-week", "no weekly key", |set| set.weekly.clear()),
        bad(base, "k1-weeks", "28 weekly keys", |set| {
            set.weekly = (0..28).map(|week| hybrid(&format!("week {week}"))).collect();
        }),
        cut("k1-trailing", "a byte after the signature", &|body| body.push(0)),
        cut("k1-cut", "the last byte is missing", &|body| {
            body.pop();
        }),
    ]
}

fn signatures(base: &Vector) -> Vec<Vector> {
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        base.bad(name, "signature", "keys.md K-2", why, spoil)
    };
    vec![
        bad("k2-bit", "a bit of the signature", &|vector| *vector.body.last_mut().unwrap() ^= 1),
        bad("k2-content", "another sequence", &|vector| vector.body[43] ^= 1),
        bad("k2-key", "signed by another key", &|vector| {
            vector.body = set().sign(&key("someone"), LABEL);
        }),
        bad("k2-label", "signed under another label", &|vector| {
            vector.body = set().sign(&key("identity"), "amate/v1/notice");
        }),
        bad("k2-other", "a good key set of another identity", &|vector| {
            let someone = key("someone");
            let set = Set { identity: someone.public(), ..set() };
            vector.body = set.sign(&someone, LABEL);
        }),
        bad("k2-asked", "another identity was asked for", &|vector| {
            vector.set("identity-id", hex(&identity_id(&key("someone").public()).0));
        }),
        bad("k2-s", "the same signature with S + L, which is not canonical", &|vector| {
            let at = vector.body.len() - 32;
            add_order(&mut vector.body[at..]);
        }),
        bad("k2-small-order", "a key of small order, for which zeros would verify", &|vector| {
            let mut identity = [0; 32];
            identity[0] = 1;
            let set = Set { identity, ..set() };
            vector.body = [set.bytes(), identity.to_vec(), vec![0; 32]].concat();
            vector.set("identity-id", hex(&identity_id(&identity).0));
        }),
    ]
}

/// S + L, little-endian: the order of the base point of Ed25519.
fn add_order(s: &mut [u8]) {
    let mut order = [0; 32];
    let low = 27_742_317_777_372_353_535_851_937_790_883_648_493_u128;
    order[..16].copy_from_slice(&low.to_le_bytes());
    order[31] = 0x10;
    let mut carry = 0;
    for (byte, more) in s.iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(more) + carry;
        (*byte, carry) = (sum as u8, sum >> 8);
    }
    assert_eq!(carry, 0);
}

fn hybrids(base: &Vector) -> Vec<Vector> {
    let share = |key: &mut Vec<u8>, first: u8| {
        let at = key.len() - 32;
        key[at..].fill(0);
        key[at] = first;
    };
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Set)| {
        base.bad(name, "parse", "keys.md K-3", why, |vector| {
            let mut set = set();
            spoil(&mut set);
            vector.body = set.whole();
        })
    };
    vec![
        bad("k3-week-zero", "a weekly key whose X25519 share is 0", &|set| {
            share(&mut set.weekly[0], 0);
        }),
        bad("k3-week-one", "a weekly key whose X25519 share is 1", &|set| {
            share(&mut set.weekly[0], 1);
        }),
        bad("k3-long-term", "a long-term key whose X25519 share is 0", &|set| {
            share(&mut set.long_term, 0);
        }),
        bad("k3-p", "a share of p, which is 0 written otherwise", &|set| {
            let at = set.weekly[0].len() - 32;
            set.weekly[0][at..].fill(0xff);
            set.weekly[0][at] = 0xed;
            set.weekly[0][at + 31] = 0x7f;
        }),
        bad("k3-modulus", "an ML-KEM key with a coefficient of 4095, above its modulus", &|set| {
            set.weekly[0][..2].fill(0xff);
        }),
    ]
}

fn weeks() -> Vec<Vector> {
    let set = Set { weekly: (0..2).map(|n| hybrid(&format!("week {n}"))).collect(), ..set() };
    let time = |name: &str, why: &str, week: u32, place: usize, fits: &str| {
        let mut vector = accepted(name, why, &set);
        vector.set("spec", "keys.md §3");
        vector
            .with("witnessed", (u64::from(week) * WEEK + 7).to_string())
            .bytes("gives-weekly-sha256", &sha256(&set.weekly[place]))
            .with("gives-fits", fits)
    };
    vec![
        time("week-before", "before the first week: the first key", FIRST - 1, 0, "before-first"),
        time("week-second", "the key of the witnessed week", FIRST + 1, 1, "current"),
        time("week-after", "after the last week: the last key", FIRST + 2, 1, "stale"),
    ]
}

/// Against a key set that is held.
fn held() -> Vec<Vector> {
    let held = set().whole();
    let mut same = accepted("held-same", "the key set that is held, again", &set());
    same = same.bytes("held", &held);
    let higher = Set { sequence: 3, ..set() };
    let newer = accepted("held-newer", "a higher sequence replaces", &higher);
    let lower = Set { sequence: 1, ..set() };
    let mut other = set();
    other.devices[1].1 = 0;
    let bad = |name: &str, why: &str, set: &Set| {
        same.bad(name, "chain", "keys.md K-4", why, |vector| vector.body = set.whole())
    };
    vec![
        bad("k4-lower", "a lower sequence than the one held", &lower),
        bad("k4-other", "the same sequence with other bytes: a device no longer revoked", &other),
        newer.bytes("held", &held),
        same,
    ]
}
