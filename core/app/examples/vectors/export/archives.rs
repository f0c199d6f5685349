// SPDX-License-Identifier: MPL-2.0
//! Archive and bytes: rules Z-1 to Z-4.

use amate_wire::document::hex;

use super::{
    super::{
        sample::key,
        vector::Vector,
        zip::{Files, entry, index, index_of, pack, pack_in_order, replaced, sign, unpack},
    },
    find, listed, small_zip, vector,
};

/// Stage 1: rule Z-1.
pub(super) fn archives() -> Vec<Vector> {
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
pub(super) fn bytes() -> Vec<Vector> {
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
