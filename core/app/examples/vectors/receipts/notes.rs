// SPDX-License-Identifier: MPL-2.0
//! Checkpoints: rules T-1, T-2.

use amate_seal::{hash::sha256, note, sign::SigningKey};
use amate_wire::{
    document::hex,
    log::{Checkpoint, NoteSignature, SignedCheckpoint},
};

use super::{super::vector::Vector, TIME, checkpoint, pair::good, relay, sample::key, tree};

pub(super) fn checkpoints() -> Vec<Vector> {
    let base = accepted("checkpoint", "both lines of the relay", &signed(checkpoint(&tree(0..7))));
    let empty = signed(checkpoint(&tree(0..0)));
    let mut witnessed = signed(checkpoint(&tree(0..7)));
    let line = NoteSignature { name: "witness.example/w1".into(), blob: vec![7; 76] };
    witnessed.signatures.push(line);
    let mut epoch = checkpoint(&tree(0..7));
    epoch.origin = note::origin(&relay(), 3);
    let more = vec![
        accepted("checkpoint-empty", "of an empty log", &empty),
        accepted("checkpoint-witness", "a line of a key that is not known", &witnessed),
        accepted("checkpoint-epoch", "of epoch 3", &signed(epoch)),
    ];
    [body(&base), lines(&base), origins(&base), keys(&base), vec![base], more].concat()
}

fn signed(checkpoint: Checkpoint) -> SignedCheckpoint {
    note::sign_checkpoint(&key("relay"), checkpoint, TIME)
}

fn accepted(name: &str, why: &str, signed: &SignedCheckpoint) -> Vector {
    let Checkpoint { origin, size, root } = &signed.checkpoint;
    good("checkpoint", name, "receipts.md §2", why, signed.to_text().into_bytes())
        .bytes("relay-seed", key("relay").seed().expose())
        .bytes("relay-key", &relay().0)
        .with("gives-origin", origin.clone())
        .with("gives-size", size.to_string())
        .bytes("gives-root", root)
        .with("gives-time", TIME.to_string())
}

/// A body of another form; both lines sign it as it is.
fn body(base: &Vector) -> Vec<Vector> {
    let root = checkpoint(&tree(0..7)).body().lines().nth(2).unwrap().to_owned();
    let bad = |name: &str, why: &str, from: &str, to: &str| {
        base.bad(name, "parse", "receipts.md T-1", why, |vector| {
            let body = checkpoint(&tree(0..7)).body();
            assert!(body.contains(from));
            let body = body.replacen(from, to, 1);
            let name = note::origin(&relay(), 0);
            let lines = both(&name, &body, &key("relay"));
            vector.body = [&body, "\n", &lines].concat().into_bytes();
        })
    };
    let last = root.get(..42).unwrap();
    let other = match root.as_bytes()[42] {
        b'A'..=b'Z' | b'a'..=b'y' | b'0'..=b'8' => (root.as_bytes()[42] + 1) as char,
        _ => 'B',
    };
    vec![
        bad("t1-leading-zero", "a size with a leading zero", "\n7\n", "\n07\n"),
        bad("t1-plus", "a size with a sign", "\n7\n", "\n+7\n"),
        bad("t1-size-hex", "a size that is no decimal", "\n7\n", "\n0x7\n"),
        bad("t1-size-huge", "a size of 2⁶⁴", "\n7\n", "\n18446744073709551616\n"),
        bad(
            "t1-root-padding",
            "a root without padding",
            &format!("{root}\n"),
            &format!("{}\n", root.get(..43).unwrap()),
        ),
        bad(
            "t1-root-bits",
            "a root whose last bits are not zero",
            &root,
            &format!("{last}{other}="),
        ),
        bad("t1-root-short", "a root of 31 bytes", &root, &short()),
        bad("t1-crlf", "a line that ends in CR LF", "\n7\n", "\n7\r\n"),
        bad("t1-origin-space", "an origin with a space", "amate-relay/", "amate relay/"),
    ]
}

fn short() -> String {
    data_encoding::BASE64.encode(&[7; 31])
}

/// Both lines of a key for any body.
fn both(name: &str, body: &str, key: &SigningKey) -> String {
    let stamp = format!("cosignature/v1\ntime {TIME}\n{body}");
    let stamped = [&TIME.to_be_bytes(), key.sign_plain(stamp.as_bytes()).as_slice()].concat();
    let plain = key.sign_plain(body.as_bytes());
    [(1, plain.to_vec()), (4, stamped)].map(|(kind, blob)| line(name, kind, key, &blob)).concat()
}

fn line(name: &str, kind: u8, key: &SigningKey, blob: &[u8]) -> String {
    let id = sha256(&[name.as_bytes(), b"\n", &[kind], &key.public()].concat());
    let blob = data_encoding::BASE64.encode(&[&id[..4], blob].concat());
    format!("\u{2014} {name} {blob}\n")
}

/// Signature lines of another form.
fn lines(base: &Vector) -> Vec<Vector> {
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        base.bad(name, "parse", "receipts.md T-1", why, spoil)
    };
    let further = |name: &str, why: &str, line: &str| {
        bad(name, why, &|vector| vector.body.extend(line.as_bytes()))
    };
    vec![
        bad("t1-dash", "a hyphen for the em dash", &|vector| vector.replace("\u{2014}", "-")),
        bad("t1-no-end", "no line break at the end", &|vector| {
            vector.body.pop();
        }),
        bad("t1-no-lines", "no signature line", &|vector| {
            let text = String::from_utf8(vector.body.clone()).unwrap();
            vector.body.truncate(text.find("\n\n").unwrap() + 2);
        }),
        bad("t1-blank", "no empty line before the signatures", &|vector| {
            vector.replace("\n\n", "\n");
        }),
        further("t1-name-plus", "a key name with +", "\u{2014} a+b AAAAAAA=\n"),
        further(
            "t1-name-control",
            "a key name with a control character",
            "\u{2014} a\u{1}b AAAAAAA=\n",
        ),
        further("t1-name-unicode", "a key name that is not ASCII", "\u{2014} señal AAAAAAA=\n"),
        further("t1-name-empty", "no key name", "\u{2014}  AAAAAAA=\n"),
        further("t1-blob-short", "a key id and no signature", "\u{2014} a AAAAAA==\n"),
        further("t1-blob-bits", "base64 whose last bits are not zero", "\u{2014} a AAAAAAB=\n"),
        further("t1-trailing-line", "an empty line at the end", "\n"),
    ]
}

/// Rule T-2: whose log it is.
fn origins(base: &Vector) -> Vec<Vector> {
    let own = note::origin(&relay(), 0);
    let bad = |name: &str, why: &str, origin: String| {
        base.bad(name, "signature", "receipts.md T-2", why, |vector| {
            let checkpoint = Checkpoint { origin, ..checkpoint(&tree(0..7)) };
            vector.body = signed(checkpoint).to_text().into_bytes();
        })
    };
    let someone = amate_wire::id::RelayKey(key("someone").public());
    vec![
        bad(
            "t2-origin",
            "the origin of another key, signed by this one",
            note::origin(&someone, 0),
        ),
        bad(
            "t2-prefix",
            "an origin with another prefix",
            own.replace("amate-relay", "amate-relayo"),
        ),
        bad("t2-epoch-zero", "an epoch with a leading zero", format!("{own}0")),
        bad("t2-epoch-none", "no epoch", own.trim_end_matches('0').to_owned()),
        bad(
            "t2-upper",
            "an origin in capital letters",
            own.to_uppercase().replace("AMATE-RELAY", "amate-relay"),
        ),
    ]
}

fn keys(base: &Vector) -> Vec<Vector> {
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut SignedCheckpoint)| {
        base.bad(name, "signature", "receipts.md T-2", why, |vector| {
            let mut signed = signed(checkpoint(&tree(0..7)));
            spoil(&mut signed);
            vector.body = signed.to_text().into_bytes();
        })
    };
    vec![
        bad("t2-no-signature", "without the line of the log", &|signed| {
            signed.signatures.remove(0);
        }),
        bad("t2-no-cosignature", "without the cosignature", &|signed| {
            signed.signatures.remove(1);
        }),
        bad("t2-signature-bit", "a bit of the log's signature", &|signed| {
            *signed.signatures[0].blob.last_mut().unwrap() ^= 1;
        }),
        bad("t2-time", "another timestamp than the one cosigned", &|signed| {
            signed.signatures[1].blob[11] ^= 1;
        }),
        bad("t2-size", "another size than the one signed", &|signed| signed.checkpoint.size = 8),
        bad("t2-root", "another root than the one signed", &|signed| {
            signed.checkpoint.root[0] ^= 1;
        }),
        bad("t2-key-id", "a key id that is not of this key", &|signed| {
            signed.signatures[0].blob[0] ^= 1;
        }),
        bad("t2-name", "the cosignature under another name", &|signed| {
            signed.signatures[1].name.push('0');
        }),
        base.bad("t2-asked", "signature", "receipts.md T-2", "another relay was asked", |vector| {
            vector.set("relay-key", hex(&key("someone").public()));
        }),
    ]
}
