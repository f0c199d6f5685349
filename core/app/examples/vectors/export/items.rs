// SPDX-License-Identifier: MPL-2.0
//! Manifests and contents: rules M-1 to M-5.

use amate_wire::document::hex;

use super::{
    super::{
        sample::{self, key},
        vector::Vector,
        zip::{Files, replaced, sign},
    },
    MANIFEST, evidence,
};

/// Stage 3: manifests and content.
pub(super) fn items() -> Vec<Vector> {
    let resign = |files: &mut Files, from: &str, to: &str| {
        let json = replaced(files, "items/0001/manifest.json", from, to);
        sign(files, "items/0001/manifest", json, &sample::small()[0].key(), MANIFEST);
    };
    vec![
        evidence(
            "m1-space",
            "parse",
            "evidence.md M-1",
            "white space in a signed manifest",
            |files| resign(files, ",\"origin\"", ", \"origin\""),
        ),
        evidence(
            "m1-duplicate",
            "parse",
            "evidence.md M-1",
            "a key twice: which one a parser takes decides what was signed",
            |files| {
                resign(
                    files,
                    "\"origin\":\"import\"",
                    "\"origin\":\"capture\",\"origin\":\"import\"",
                )
            },
        ),
        evidence("m1-order", "parse", "evidence.md M-1", "two keys in another order", |files| {
            resign(
                files,
                "\"derived_from\":null,\"previous\":null",
                "\"previous\":null,\"derived_from\":null",
            )
        }),
        evidence(
            "m1-escape",
            "parse",
            "evidence.md M-1",
            "an escape that JSON does not demand",
            |files| resign(files, "\"import\"", "\"\\u0069mport\""),
        ),
        evidence("m1-number", "parse", "evidence.md M-1", "a length with an exponent", |files| {
            resign(files, "\"length\":32", "\"length\":3.2e1")
        }),
        evidence("m1-format", "parse", "evidence.md M-1", "another format", |files| {
            resign(files, "amate-manifest/1", "amate-manifest/2")
        }),
        evidence(
            "m1-trailing",
            "parse",
            "evidence.md M-1",
            "a newline after the document",
            |files| {
                let json = [files["items/0001/manifest.json"].clone(), b"\n".to_vec()].concat();
                sign(files, "items/0001/manifest", json, &sample::small()[0].key(), MANIFEST);
            },
        ),
        evidence(
            "m2-signature",
            "signature",
            "evidence.md M-2",
            "a manifest signed by another key",
            |files| {
                let json = files["items/0001/manifest.json"].clone();
                sign(files, "items/0001/manifest", json, &key("someone"), MANIFEST);
            },
        ),
        evidence("m2-length", "signature", "evidence.md M-2", "a signature of 65 bytes", |files| {
            files.get_mut("items/0001/manifest.sig").unwrap().push(0)
        }),
        evidence(
            "m3-derived",
            "parse",
            "evidence.md M-3",
            "an import derived from something",
            |files| {
                resign(
                    files,
                    "\"derived_from\":null",
                    &format!("\"derived_from\":\"{}\"", "ab".repeat(32)),
                )
            },
        ),
        evidence("m3-redaction", "parse", "evidence.md M-3", "a redaction of nothing", |files| {
            resign(files, "\"import\"", "\"redaction\"")
        }),
        evidence(
            "m3-previous",
            "parse",
            "evidence.md M-3",
            "an import with a version before",
            |files| {
                resign(files, "\"previous\":null", &format!("\"previous\":\"{}\"", "ab".repeat(32)))
            },
        ),
        evidence(
            "m3-live",
            "parse",
            "evidence.md M-3",
            "a closing in a folder without opening",
            |files| {
                let part = &sample::live()[0];
                let closing = part.closing.as_ref().unwrap();
                sign(files, "items/0001/manifest", closing.json.clone(), &part.key(), MANIFEST);
            },
        ),
        evidence(
            "m4-content",
            "content",
            "evidence.md M-4",
            "other content than the manifest's",
            |files| {
                files.insert("items/0001/content".into(), b"otro".to_vec());
            },
        ),
        evidence("m4-absent", "archive", "evidence.md M-4", "no content", |files| {
            files.remove("items/0001/content");
        }),
        evidence(
            "m4-segments",
            "archive",
            "export.md Z-3",
            "a segment in a folder that is not live: nobody vouches for it",
            |files| {
                files.insert("items/0001/segments/000000".into(), b"?".to_vec());
            },
        ),
        evidence("m5-upper", "parse", "evidence.md M-5", "upper-case hex", |files| {
            let key = hex(&sample::small()[0].key().public());
            resign(files, &key, &key.to_uppercase());
        }),
        evidence(
            "m5-media-type",
            "parse",
            "evidence.md M-5",
            "a media type with a parameter",
            |files| resign(files, "text/plain", "text/plain; x"),
        ),
        evidence(
            "z3-no-manifest",
            "archive",
            "export.md Z-3",
            "neither manifest nor opening",
            |files| {
                files.remove("items/0001/manifest.json");
                files.remove("items/0001/manifest.sig");
            },
        ),
    ]
}
