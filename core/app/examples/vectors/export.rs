// SPDX-License-Identifier: MPL-2.0
//! Vectors of spec/export.md: whole zips, right and wrong, with the result of each.

use std::io::Cursor;

use amate_app::export::{NotReadable, verify_export};
use amate_wire::{
    document::{self, hex},
    facts::CustodyDisclosure,
};

use super::{
    sample::{self, Seeded, key},
    vector::Vector,
    zip::{Files, entry, index, index_of, pack, pack_in_order, replaced, sign, unpack},
};

const MANIFEST: &str = "amate/v1/manifest";
const CUSTODY: &str = "amate/v1/custody";

/// All of them.
pub fn vectors() -> Vec<Vector> {
    [accepted(), archives(), bytes(), cases(), items(), live(), custody(), facts(), receipts()]
        .concat()
}

fn accepted() -> Vec<Vector> {
    vec![
        vector("ok-small", "accept", "export.md §4", "one import, nothing altered", small_zip()),
        vector(
            "ok-live",
            "accept",
            "export.md §4",
            "a live recording with its closing",
            sample::zip(&sample::live(), &[]),
        ),
        vector(
            "ok-full",
            "accept",
            "export.md §4",
            "all origins, an interrupted recording, item 5 withheld",
            sample::zip(&sample::full(), &[5]),
        ),
        vector(
            "ok-none-here",
            "accept",
            "export.md §2",
            "a case none of whose items is here",
            sample::zip(&sample::small(), &[1]),
        ),
    ]
}

/// Stage 1: rule Z-1.
fn archives() -> Vec<Vector> {
    let zip = small_zip();
    let files = unpack(&zip);
    let end = zip.len() - 22;
    let directory = u32::from_le_bytes(zip[end + 16..end + 20].try_into().unwrap()) as usize;
    let set = |at: usize, bytes: &[u8]| {
        let mut zip = zip.clone();
        zip[at..at + bytes.len()].copy_from_slice(bytes);
        zip
    };
    let renamed = |name: &str| {
        let mut list = listed(&files);
        list[0].0 = name;
        pack_in_order(&list)
    };
    let swapped = {
        let mut list = listed(&files);
        list.swap(0, 1);
        pack_in_order(&list)
    };
    let twice = {
        let mut list = listed(&files);
        list.insert(0, list[0]);
        pack_in_order(&list)
    };
    let all: Vec<(&str, &str, Vec<u8>)> = vec![
        ("not-a-zip", "neither begins nor ends as an export", b"no es un caso".to_vec()),
        ("begin-cut", "the first bytes are gone, the end record is there", zip[4..].to_vec()),
        ("end-cut", "the last byte is gone", zip[..zip.len() - 1].to_vec()),
        ("short", "shorter than an end record", zip[..21].to_vec()),
        ("trailing", "a byte after the end record", [&zip[..], b"\0"].concat()),
        ("comment", "the end record promises a comment", set(end + 20, &[1])),
        ("disk", "a disk number", set(end + 4, &[1])),
        (
            "count-more",
            "one entry more than there is",
            set(end + 8, &[zip[end + 8] + 1, 0, zip[end + 10] + 1]),
        ),
        ("count-other", "the two counts differ", set(end + 10, &[zip[end + 10] + 1])),
        (
            "end-offset",
            "the directory is said to begin elsewhere",
            set(end + 16, &[zip[end + 16] ^ 1]),
        ),
        ("local-flags", "a flag in a local header", set(6, &[8])),
        ("local-method", "a method in a local header", set(8, &[8])),
        ("local-time", "a time in a local header", set(10, &[1])),
        ("local-name", "a local name that differs from the directory", set(30, b"d")),
        ("local-signature", "another local signature", set(0, b"X")),
        ("central-signature", "another central signature", set(directory, b"X")),
        ("central-attributes", "external attributes", set(directory + 38, &[1])),
        ("central-method", "a method in a central header", set(directory + 10, &[8])),
        ("central-offset", "another offset of a local header", set(directory + 42, &[1])),
        (
            "central-size",
            "a size that moves everything after it",
            set(directory + 20, &[1, 2, 3, 4, 1, 2, 3, 4]),
        ),
        ("central-huge", "sizes whose sum passes 4 GiB", huge(&zip, directory)),
        ("central-name", "a name one byte shorter", set(directory + 28, &[8])),
        ("name-upper", "a name with an upper-case letter", renamed("Case.json")),
        ("name-space", "a name with a space", renamed("case json")),
        ("name-empty", "an empty name", renamed("")),
        ("name-long", "a name of 101 bytes", renamed(&"a".repeat(101))),
        ("order", "two entries in the wrong order", swapped),
        ("twice", "one name twice", twice),
        ("gap", "bytes between directory and end record", gap(&zip, end)),
    ];
    all.into_iter()
        .map(|(name, why, zip)| vector(&format!("z1-{name}"), "archive", "export.md Z-1", why, zip))
        .collect()
}

/// Two entries whose sizes in the directory sum to more than an offset can say.
fn huge(zip: &[u8], directory: usize) -> Vec<u8> {
    let mut zip = zip.to_vec();
    let second = directory + 46 + "case.json".len();
    for at in [directory, second] {
        zip[at + 20..at + 28].copy_from_slice(&[0xff; 8]);
    }
    let second_offset = 30 + 9 + u64::from(u32::MAX);
    zip[second + 42..second + 46].copy_from_slice(&(second_offset as u32).to_le_bytes());
    zip
}

fn gap(zip: &[u8], end: usize) -> Vec<u8> {
    let mut zip = [&zip[..end], &[0; 4], &zip[end..]].concat();
    let size = u32::from_le_bytes(zip[end + 16..end + 20].try_into().unwrap()) + 4;
    zip[end + 16..end + 20].copy_from_slice(&size.to_le_bytes());
    zip
}

/// Stage 2: rules Z-2, Z-3, Z-4.
fn bytes() -> Vec<Vector> {
    let zip = small_zip();
    let changed = {
        let mut zip = zip.clone();
        let at = find(&zip, b"Oficio");
        zip[at] = b'o';
        zip
    };
    let index_changed = {
        let mut zip = zip.clone();
        let at = find(&zip, b"amate-export/1");
        zip[at] = b'A';
        zip
    };
    let with = |edit: &dyn Fn(&mut Files)| {
        let mut files = unpack(&zip);
        edit(&mut files);
        pack(&files)
    };
    let put = |name: &'static str, bytes: &'static [u8]| {
        move |files: &mut Files| {
            files.insert(name.into(), bytes.to_vec());
        }
    };
    let text = |from: &'static str, to: &'static str| {
        move |files: &mut Files| {
            let json = replaced(files, "export.json", from, to);
            sign(files, "export", json, &key("device"), "amate/v1/export");
        }
    };
    let of = |change: &'static dyn Fn(&mut Vec<String>)| {
        move |files: &mut Files| {
            let mut list: Vec<String> = files
                .iter()
                .filter(|(name, _)| !name.starts_with("export."))
                .map(|(name, bytes)| entry(name, bytes))
                .collect();
            change(&mut list);
            index_of(files, &list);
        }
    };
    vec![
        vector("z2-crc", "archive", "export.md Z-2", "one byte of content is another", changed),
        vector(
            "z2-crc-index",
            "archive",
            "export.md Z-2",
            "one byte of the index is another",
            index_changed,
        ),
        vector(
            "z2-hash",
            "archive",
            "export.md Z-2",
            "other content with a right CRC-32",
            with(&put("items/0001/content", b"otro")),
        ),
        vector(
            "z2-hash-longer",
            "archive",
            "export.md Z-2",
            "longer content with a right CRC-32",
            with(&put("items/0001/content", b"Oficio recibido, sin respuesta.\n\n")),
        ),
        vector(
            "z3-unlisted",
            "archive",
            "export.md Z-3",
            "a file that the index does not list",
            with(&put("items/0001/custody/0009.json", b"{}")),
        ),
        vector(
            "z3-name",
            "archive",
            "export.md Z-3",
            "a file whose name is not of the format",
            with(&put("items/0001/notas.txt", b"hola")),
        ),
        vector(
            "z3-absent",
            "archive",
            "export.md Z-3",
            "a listed file is not there",
            with(&|files| {
                files.remove("items/0001/content");
            }),
        ),
        vector(
            "z3-no-index",
            "archive",
            "export.md Z-3",
            "no index",
            with(&|files| {
                files.remove("export.json");
            }),
        ),
        vector(
            "z3-no-index-signature",
            "archive",
            "export.md Z-3",
            "no signature of the index, and an altered file beside",
            with(&|files| {
                files.remove("export.sig");
                files.insert("readme.txt".into(), b"other".to_vec());
            }),
        ),
        vector("z3-nothing", "archive", "export.md Z-3", "no file at all", pack(&Files::new())),
        vector(
            "z3-listed-name",
            "parse",
            "export.md Z-3",
            "the index lists a name that is not of the format",
            with(&|files| {
                files.insert("items/0001/notas.txt".into(), b"hola".to_vec());
                index(files);
            }),
        ),
        vector(
            "z3-listed-index",
            "parse",
            "export.md Z-3",
            "the index lists itself",
            with(&of(&|list| list.insert(2, entry("export.json", b"")))),
        ),
        vector(
            "z3-listed-twice",
            "parse",
            "export.md Z-3",
            "the index lists a file twice",
            with(&of(&|list| list.insert(1, list[0].clone()))),
        ),
        vector(
            "z3-listed-order",
            "parse",
            "export.md Z-3",
            "the index is not in order",
            with(&of(&|list| list.swap(0, 1))),
        ),
        vector(
            "z4-canonical",
            "parse",
            "export.md Z-4",
            "the index is signed and not canonical",
            with(&text(",\"clock\"", ", \"clock\"")),
        ),
        vector(
            "z4-format",
            "parse",
            "export.md Z-4",
            "an index of another version",
            with(&text("amate-export/1", "amate-export/2")),
        ),
        vector(
            "z4-signature",
            "signature",
            "export.md Z-4",
            "the index is changed, not signed again, and its CRC-32 is right",
            with(&|files| {
                let json = replaced(files, "export.json", "\"clock\":1", "\"clock\":2");
                files.insert("export.json".into(), json.into_bytes());
            }),
        ),
        vector(
            "z4-label",
            "signature",
            "export.md Z-4",
            "a signature under another label",
            with(&|files| {
                let json = files["export.json"].clone();
                sign(files, "export", json, &key("device"), "amate/v1/case");
            }),
        ),
        vector(
            "z4-length",
            "signature",
            "export.md Z-4",
            "a signature of 63 bytes",
            with(&|files| {
                files.get_mut("export.sig").unwrap().pop();
            }),
        ),
        vector(
            "z4-certificate",
            "signature",
            "export.md Z-4",
            "the certificate is of another identity, and a file is altered",
            with(&|files| {
                let other = hex(&key("someone").public());
                let json = replaced(files, "export.json", &hex(&key("identity").public()), &other);
                sign(files, "export", json, &key("device"), "amate/v1/export");
                files.insert("readme.txt".into(), b"other".to_vec());
            }),
        ),
    ]
}

/// Stage 3: texts, case statement, place of the item in it.
fn cases() -> Vec<Vector> {
    let resign = |files: &mut Files, from: &str, to: &str| {
        let json = replaced(files, "case.json", from, to);
        sign(files, "case", json, &key("case"), "amate/v1/case");
    };
    vec![
        evidence(
            "z3-readme",
            "archive",
            "export.md Z-3",
            "texts that must be there are not, and are not listed",
            |files| {
                files.remove("readme.txt");
                files.remove("leeme.txt");
            },
        ),
        evidence("z3-no-case", "archive", "export.md Z-3", "no case statement", |files| {
            files.remove("case.json");
        }),
        evidence(
            "m1-case",
            "parse",
            "evidence.md M-1",
            "a case statement that is not canonical",
            |files| resign(files, "\"n\":0", "\"n\":0 "),
        ),
        evidence(
            "m2-case",
            "signature",
            "evidence.md M-2",
            "a case statement signed by another key",
            |files| {
                let json = files["case.json"].clone();
                sign(files, "case", json, &key("someone"), "amate/v1/case");
            },
        ),
        evidence(
            "z4-case",
            "chain",
            "export.md §3",
            "another case statement than the one that the index names",
            |files| {
                resign(
                    files,
                    "\"n\":0,\"previous\":null",
                    &format!("\"n\":1,\"previous\":\"{}\"", "ab".repeat(32)),
                );
            },
        ),
        evidence("s1-gap", "parse", "evidence.md S-1", "the first item is number 2", |files| {
            resign(files, "{\"n\":1", "{\"n\":2")
        }),
        evidence("s1-twice", "parse", "evidence.md S-1", "an item listed twice", |files| {
            let text = String::from_utf8(files["case.json"].clone()).unwrap();
            let first = text.split_once("\"items\":[").unwrap().1.strip_suffix("]}").unwrap();
            let second = first.replacen("{\"n\":1", "{\"n\":2", 1);
            resign(files, first, &format!("{first},{second}"));
        }),
        evidence(
            "s2-countersignature",
            "signature",
            "evidence.md S-2",
            "nobody with the capture key put the item there",
            |files| {
                let text = String::from_utf8(files["case.json"].clone()).unwrap();
                let old = text
                    .split_once("countersignature\":\"")
                    .unwrap()
                    .1
                    .get(..128)
                    .unwrap()
                    .to_owned();
                let new = hex(&key("case").sign("amate/v1/case-item", b"forged"));
                resign(files, &old, &new);
            },
        ),
        evidence(
            "s2-not-listed",
            "chain",
            "evidence.md S-2",
            "an item under a number that the statement does not have",
            |files| {
                let moved: Files = files
                    .iter()
                    .map(|(name, bytes)| (name.replace("items/0001", "items/0002"), bytes.clone()))
                    .collect();
                *files = moved;
            },
        ),
    ]
}

/// Stage 3: manifests and content.
fn items() -> Vec<Vector> {
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

/// Stage 3: live recordings.
fn live() -> Vec<Vector> {
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

/// Stage 3: custody. Entries: 0 import, 1 send by the capture key; 2 receive, 3 export by the desk.
fn custody() -> Vec<Vector> {
    let name = |n: u32| format!("items/0001/custody/000{n}");
    let resign = |files: &mut Files, n: u32, from: &str, to: &str| {
        let json = replaced(files, &format!("{}.json", name(n)), from, to);
        let signer = if n < 2 { sample::small()[0].key() } else { key("device") };
        sign(files, &name(n), json, &signer, CUSTODY);
    };
    let cut = |files: &mut Files, from: u32| {
        (from..4).for_each(|n| {
            files.remove(&format!("{}.json", name(n)));
            files.remove(&format!("{}.sig", name(n)));
        });
    };
    let copy = |files: &mut Files, from: u32, to: u32| {
        for ending in ["json", "sig"] {
            let bytes = files[&format!("{}.{ending}", name(from))].clone();
            files.insert(format!("{}.{ending}", name(to)), bytes);
        }
    };
    vec![
        evidence(
            "c1-first-act",
            "chain",
            "evidence.md C-1",
            "a chain that begins with *view*",
            |files| resign(files, 0, "\"import\"", "\"view\""),
        ),
        evidence(
            "c1-first-key",
            "chain",
            "evidence.md C-1",
            "a chain that another key begins",
            |files| {
                let (own, other) =
                    (hex(&sample::small()[0].key().public()), hex(&key("device").public()));
                let json = replaced(files, "items/0001/custody/0000.json", &own, &other);
                sign(files, &name(0), json, &key("device"), CUSTODY);
            },
        ),
        evidence("c1-number", "chain", "evidence.md C-1", "a number left out", |files| {
            resign(files, 3, "\"n\":3", "\"n\":4")
        }),
        evidence(
            "c1-previous",
            "chain",
            "evidence.md C-1",
            "the entry before is another",
            |files| {
                let text =
                    String::from_utf8(files["items/0001/custody/0001.json"].clone()).unwrap();
                let old = text.split_once("previous\":\"").unwrap().1.get(..64).unwrap().to_owned();
                resign(files, 1, &old, &"ab".repeat(32));
            },
        ),
        evidence("c1-gap", "archive", "evidence.md C-1", "an entry is not there", |files| {
            files.remove("items/0001/custody/0001.json");
            files.remove("items/0001/custody/0001.sig");
        }),
        evidence(
            "c1-half",
            "archive",
            "export.md Z-3",
            "entries whose signature, or whose text, is not there",
            |files| {
                files.remove("items/0001/custody/0002.sig");
                files.remove("items/0001/custody/0003.json");
            },
        ),
        evidence("c1-none", "archive", "export.md Z-3", "no custody at all", |files| cut(files, 0)),
        evidence(
            "c1-again",
            "chain",
            "evidence.md C-1",
            "the same entry twice is no fork, but does not follow",
            |files| copy(files, 1, 2),
        ),
        evidence(
            "c1-late",
            "chain",
            "evidence.md C-1",
            "the witness's key after the desk's",
            |files| {
                let json = replaced(
                    files,
                    "items/0001/custody/0003.json",
                    &hex(&key("device").public()),
                    &hex(&sample::small()[0].key().public()),
                );
                sign(files, &name(3), json, &sample::small()[0].key(), CUSTODY);
            },
        ),
        evidence(
            "c2-number",
            "chain",
            "evidence.md C-2",
            "two entries of one signer with one number",
            |files| {
                copy(files, 2, 3);
                resign(files, 3, "\"receive\"", "\"view\"");
            },
        ),
        evidence(
            "c2-previous",
            "chain",
            "evidence.md C-2",
            "two entries of one signer after the same entry",
            |files| {
                copy(files, 2, 3);
                resign(files, 3, "\"n\":2", "\"n\":3");
            },
        ),
        evidence("c3-item", "chain", "evidence.md C-3", "an entry for another item", |files| {
            let id = sample::small()[0].made.id.hex();
            resign(files, 3, &id, &"ab".repeat(32));
        }),
        evidence(
            "c3-number",
            "chain",
            "evidence.md C-3",
            "an entry for another item with a number already used: no fork of this chain",
            |files| {
                let id = sample::small()[0].made.id.hex();
                copy(files, 2, 3);
                resign(files, 3, &id, &"ab".repeat(32));
            },
        ),
        evidence("m1-custody", "parse", "evidence.md M-1", "an act that does not exist", |files| {
            resign(files, 3, "\"export\"", "\"publish\"")
        }),
        evidence(
            "m2-custody",
            "signature",
            "evidence.md M-2",
            "an entry signed by another key",
            |files| {
                let json = files["items/0001/custody/0002.json"].clone();
                sign(files, &name(2), json, &key("someone"), CUSTODY);
            },
        ),
    ]
}

/// Stage 3: disclosures.
fn facts() -> Vec<Vector> {
    let change = |files: &mut Files, name: &str, from: &str, to: &str| {
        let text = replaced(files, name, from, to);
        files.insert(name.into(), text.into_bytes());
    };
    let (facts, custody) = ("items/0001/facts.json", "items/0001/custody-facts.json");
    vec![
        evidence(
            "f1-value",
            "content",
            "evidence.md F-1",
            "another place than the one committed to",
            move |files| change(files, facts, "Tlapa", "Iguala"),
        ),
        evidence(
            "f1-name",
            "content",
            "evidence.md F-1",
            "a value shown as another fact",
            move |files| change(files, facts, "\"place\"", "\"network\""),
        ),
        evidence("f1-salt", "parse", "evidence.md F-1", "a salt of another length", move |files| {
            change(files, facts, "\"salt\":\"", "\"salt\":\"00")
        }),
        evidence("f1-long", "parse", "evidence.md F-1", "a value of 262 145 bytes", move |files| {
            let salt = "00".repeat(32);
            let value = "a".repeat(262_145);
            files.insert(
                facts.into(),
                format!("[{{\"fact\":\"place\",\"salt\":\"{salt}\",\"value\":\"{value}\"}}]")
                    .into_bytes(),
            );
        }),
        evidence(
            "f1-custody",
            "content",
            "evidence.md F-1",
            "another recipient than the one committed to",
            move |files| change(files, custody, "Mesa de prueba", "Otra mesa"),
        ),
        evidence(
            "f1-custody-entry",
            "content",
            "evidence.md F-1",
            "a field of an entry that is not here",
            move |files| {
                let id = sample::small()[0].custody[0].id.hex();
                change(files, custody, &id, &"ab".repeat(32));
            },
        ),
        evidence(
            "f2-unknown",
            "parse",
            "evidence.md F-2",
            "a fact that does not exist",
            move |files| change(files, facts, "\"place\"", "\"planet\""),
        ),
        evidence("f2-twice", "parse", "evidence.md F-2", "a fact twice", move |files| {
            let text = String::from_utf8(files[facts].clone()).unwrap();
            let one = text.trim_matches(['[', ']']).to_owned();
            files.insert(facts.into(), format!("[{one},{one}]").into_bytes());
        }),
        evidence("f2-order", "parse", "evidence.md F-2", "facts out of order", move |files| {
            let mut opened = sample::small()[0].made.kept.facts.0.clone();
            opened.reverse();
            files.insert(facts.into(), document::write(&opened));
        }),
        evidence(
            "f2-custody-order",
            "parse",
            "evidence.md F-2",
            "custody fields out of order",
            move |files| {
                let mut shown: Vec<CustodyDisclosure> = document::read(&files[custody]).unwrap();
                shown.swap(0, 2);
                files.insert(custody.into(), document::write(&shown));
            },
        ),
        evidence("f2-absent", "archive", "export.md Z-3", "no list of facts", move |files| {
            files.remove(facts);
            files.remove(custody);
        }),
        evidence(
            "f2-object",
            "parse",
            "evidence.md F-2",
            "an object instead of a list",
            move |files| {
                files.insert(facts.into(), b"{}".to_vec());
            },
        ),
    ]
}

/// Stage 3: receipts.
fn receipts() -> Vec<Vector> {
    let (json, proof, before) = (
        "items/0001/receipts/00.json",
        "items/0001/receipts/00.tlog-proof",
        "items/0001/receipts/00.not-before",
    );
    let change = |files: &mut Files, name: &str, from: &str, to: &str| {
        let text = replaced(files, name, from, to);
        files.insert(name.into(), text.into_bytes());
    };
    vec![
        evidence(
            "t1-json",
            "parse",
            "receipts.md T-1",
            "a receipt with white space; nothing more of it is looked at",
            move |files| {
                change(files, json, ",\"salt\"", ", \"salt\"");
                files.insert(before.into(), b"?".to_vec());
            },
        ),
        evidence(
            "t1-zero",
            "parse",
            "receipts.md T-1",
            "an index with a leading zero",
            move |files| change(files, proof, "index ", "index 0"),
        ),
        evidence("t1-utf8", "parse", "receipts.md T-1", "bytes that are no text", move |files| {
            files.insert(proof.into(), vec![0xff; 40]);
        }),
        evidence(
            "t1-short-line",
            "parse",
            "receipts.md T-1",
            "a signature line without signature",
            move |files| {
                let text = replaced(files, proof, "c2sp.org", "c2sp.org")
                    + "\u{2014} witness.example AAAA\n";
                files.insert(proof.into(), text.into_bytes());
            },
        ),
        evidence(
            "t2-relay",
            "signature",
            "receipts.md T-2",
            "a proof of another relay",
            move |files| {
                let (own, other) = (
                    sample::Relay::new("relay", 0).public().hex(),
                    sample::Relay::new("other", 0).public().hex(),
                );
                change(files, json, &own, &other);
            },
        ),
        evidence(
            "t2-line",
            "signature",
            "receipts.md T-2",
            "a checkpoint without its cosignature",
            move |files| {
                let text = String::from_utf8(files[proof].clone()).unwrap();
                let last = text.trim_end().rfind('\n').unwrap();
                files.insert(proof.into(), text.as_bytes().get(..=last).unwrap().to_vec());
            },
        ),
        evidence(
            "t3-salt",
            "proof",
            "receipts.md T-3",
            "another salt: another leaf",
            move |files| {
                let text = String::from_utf8(files[json].clone()).unwrap();
                let old = text.split_once("salt\":\"").unwrap().1.get(..64).unwrap().to_owned();
                change(files, json, &old, &"ab".repeat(32));
            },
        ),
        evidence(
            "t3-head",
            "proof",
            "receipts.md T-3",
            "a head that is no entry here",
            move |files| change(files, json, "\"head_n\":1", "\"head_n\":2"),
        ),
        evidence(
            "t5-index",
            "proof",
            "receipts.md T-5",
            "an index beyond the size",
            move |files| change(files, proof, "index 2", "index 3"),
        ),
        evidence(
            "t2-not-before",
            "proof",
            "receipts.md T-2",
            "the same checkpoint cosigned again, later: not the note that the manifest names",
            move |files| {
                let text = sample::Relay::new("relay", 2).checkpoint(1_795_600_000);
                files.insert(before.into(), text.into_bytes());
            },
        ),
        evidence(
            "t2-not-before-null",
            "proof",
            "receipts.md T-2",
            "a checkpoint for a manifest that names none",
            move |files| {
                *files = live_with_receipt();
            },
        ),
        evidence(
            "z3-receipt-half",
            "archive",
            "export.md Z-3",
            "a receipt without its proof, a checkpoint without either",
            move |files| {
                files.remove(proof);
                files.insert("items/0001/receipts/07.not-before".into(), files[before].clone());
            },
        ),
    ]
}

fn live_with_receipt() -> Files {
    let mut rng = Seeded::new("live receipt");
    let mut relay = sample::Relay::new("relay", 1);
    let mut parts = sample::live();
    let mut receipt = relay.receipt(&parts[0], &parts[0].custody[1], 1_795_516_999, &mut rng);
    receipt.not_before = Some(relay.checkpoint(1_795_516_990));
    parts[0].receipts.push(receipt);
    unpack(&sample::zip(&parts, &[]))
}

/// The small case with its files changed and the index signed again.
fn evidence(name: &str, expect: &str, spec: &str, why: &str, edit: impl Fn(&mut Files)) -> Vector {
    let mut files = unpack(&small_zip());
    edit(&mut files);
    index(&mut files);
    vector(name, expect, spec, why, pack(&files))
}

fn vector(name: &str, expect: &str, spec: &str, why: &str, zip: Vec<u8>) -> Vector {
    let result = match verify_export(Cursor::new(&zip)) {
        Ok(result) => String::from_utf8(result.to_json()).unwrap(),
        Err(NotReadable::NotAnExport) => "none".to_owned(),
        Err(error) => panic!("{name}: {error}"),
    };
    Vector::new(name, expect, spec, why, zip).with("result", result)
}

fn small_zip() -> Vec<u8> {
    sample::zip(&sample::small(), &[])
}

fn listed(files: &Files) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|window| window == what).unwrap()
}
