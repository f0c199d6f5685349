// SPDX-License-Identifier: MPL-2.0
//! Live recordings: rules L-1 to L-3.

use amate_wire::document::hex;

use super::{
    super::{
        sample::{self, key},
        vector::Vector,
        zip::{Files, index, pack, replaced, sign, unpack},
    },
    MANIFEST, vector,
};

/// Stage 3: live recordings.
pub(super) fn live() -> Vec<Vector> {
    let zip = sample::zip(&sample::live(), &[]);
    let with = |name: &str, expect: &str, spec: &str, why: &str, edit: &dyn Fn(&mut Files)| {
        let mut files = unpack(&zip);
        edit(&mut files);
        index(&mut files);
        vector(name, expect, spec, why, pack(&files))
    };
    let segment = |n: u32| format!("items/0001/segments/00000{n}");
    let closing = |files: &mut Files, from: &str, to: &str| {
        let json = replaced(files, "items/0001/manifest.json", from, to);
        sign(files, "items/0001/manifest", json, &sample::live()[0].key(), MANIFEST);
    };
    vec![
        with("l1-order", "chain", "evidence.md L-1", "two segments changed places", &|files| {
            let (one, two) = (files[&segment(1)].clone(), files[&segment(2)].clone());
            files.insert(segment(1), two);
            files.insert(segment(2), one);
        }),
        with("l1-gap", "chain", "evidence.md L-1", "a segment left out", &|files| {
            files.remove(&segment(1));
        }),
        with(
            "l1-running",
            "chain",
            "evidence.md L-1",
            "other data under the old running hash",
            &|files| files.get_mut(&segment(1)).unwrap()[80] ^= 1,
        ),
        with(
            "l1-signature",
            "signature",
            "evidence.md L-1",
            "a segment whose signature is another",
            &|files| *files.get_mut(&segment(2)).unwrap().last_mut().unwrap() ^= 1,
        ),
        with("l1-opening", "chain", "evidence.md L-1", "a segment of another opening", &|files| {
            files.get_mut(&segment(0)).unwrap()[12] ^= 1
        }),
        with(
            "l2-count",
            "chain",
            "evidence.md L-2",
            "the last segment is not there, the closing counts it",
            &|files| {
                files.remove(&segment(2));
            },
        ),
        with("l2-segments", "chain", "evidence.md L-2", "a closing with another count", &|files| {
            closing(files, "\"segments\":3", "\"segments\":2")
        }),
        with(
            "l2-length",
            "content",
            "evidence.md L-2",
            "a closing with another length",
            &|files| closing(files, "\"length\":39", "\"length\":38"),
        ),
        with(
            "l2-key",
            "signature",
            "evidence.md L-2",
            "a closing under another capture key",
            &|files| {
                let (own, other) =
                    (hex(&sample::live()[0].key().public()), hex(&key("someone").public()));
                let json = replaced(files, "items/0001/manifest.json", &own, &other);
                sign(files, "items/0001/manifest", json, &key("someone"), MANIFEST);
            },
        ),
        with("l3-trailing", "parse", "evidence.md L-3", "a byte after a segment", &|files| {
            files.get_mut(&segment(0)).unwrap().push(0)
        }),
        with(
            "l3-reserved",
            "parse",
            "evidence.md L-3",
            "a reserved byte that is not zero",
            &|files| files.get_mut(&segment(0)).unwrap()[5] = 1,
        ),
        with("l3-cut", "parse", "evidence.md L-3", "a segment cut short", &|files| {
            files.get_mut(&segment(2)).unwrap().pop();
        }),
        with("l3-none", "archive", "export.md Z-3", "no segment at all", &|files| {
            (0..3).for_each(|n| {
                files.remove(&segment(n));
            })
        }),
        with(
            "l3-content",
            "archive",
            "export.md Z-3",
            "a content file in a live folder: nobody vouches for it",
            &|files| {
                files.insert("items/0001/content".into(), b"?".to_vec());
            },
        ),
        with(
            "m1-opening",
            "parse",
            "evidence.md M-1",
            "an opening that is not canonical",
            &|files| {
                let json = replaced(
                    files,
                    "items/0001/opening.json",
                    ",\"media_type\"",
                    ", \"media_type\"",
                );
                sign(
                    files,
                    "items/0001/opening",
                    json,
                    &sample::live()[0].key(),
                    "amate/v1/live-opening",
                );
            },
        ),
        with(
            "m2-opening",
            "signature",
            "evidence.md M-2",
            "an opening under another label",
            &|files| {
                let json = files["items/0001/opening.json"].clone();
                sign(files, "items/0001/opening", json, &sample::live()[0].key(), MANIFEST);
            },
        ),
        with(
            "m2-closing",
            "signature",
            "evidence.md M-2",
            "a closing whose signature is another",
            &|files| files.get_mut("items/0001/manifest.sig").unwrap()[0] ^= 1,
        ),
        with(
            "m3-not-live",
            "parse",
            "evidence.md M-3",
            "a manifest of an import beside an opening",
            &|files| {
                let part = &sample::small()[0];
                sign(
                    files,
                    "items/0001/manifest",
                    part.made.document.json.clone(),
                    &part.key(),
                    MANIFEST,
                );
            },
        ),
    ]
}
