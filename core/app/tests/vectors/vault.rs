// SPDX-License-Identifier: MPL-2.0
//! Structures of spec/vault.md and spec/backup.md: read by the store's own code, and, for the stage
//! at which one fails, by steps that know the specification alone.

use amate_seal::{aead, age::Identity, hash::sha256, kdf::derive, secret::Secret};
use amate_vault::{
    CELL, Extent, Geometry, SoftwareKeys, UNIT, VaultError,
    examine::{self, Child, Entry, Header, Plan},
};
use amate_wire::document::hex;

use super::{Outcome, Vector, staged};

pub(super) fn reader(structure: &str) -> fn(&Vector) -> Outcome {
    match structure {
        "header" => header,
        "halves" => halves,
        "place" => place,
        "slot" => slot,
        "action" => action,
        "table" => table,
        "batch" => batch,
        "page" => page,
        "record" => record,
        "node" => node,
        "root" => root,
        "cell" => cell,
        "spool" => spool,
        other => panic!("{other}"),
    }
}

pub(super) fn backup(structure: &str) -> fn(&Vector) -> Outcome {
    assert_eq!(structure, "head");
    |vector| {
        let identity = examine::backup_identity(&vector.hex("code"), &vector.body);
        let Ok(Identity::Hybrid(secret)) = identity else { return Err("parse") };
        Ok(vec![("recipient-sha256", hex(&sha256(secret.public().bytes())))])
    }
}

fn words(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

fn header(vector: &Vector) -> Outcome {
    let header = Header::parse(&vector.body);
    let newer = matches!(header, Err(VaultError::NeedsNewerVersion));
    assert_eq!(newer, vector.name == "h2-version");
    let header = header.map_err(|_| "parse")?;
    assert_eq!(header.encode(), vector.body);
    let plan = header.plan();
    let [_, layer, next] = header.handles();
    let key = |handle| hex(&header.layer_key(&SoftwareKeys, handle).unwrap());
    let code = header.code_key(&SoftwareKeys, &vector.hex("code")).unwrap();
    let at = |kind: u8, number: u32| plan.position(kind, number).unwrap().1;
    let parts = 0..=plan.extents().len();
    let tables: Vec<u64> =
        parts.flat_map(|part| [0, 1].map(|copy| plan.table(part, copy).0)).collect();
    let all = |of: fn(&Extent) -> u32| plan.extents().iter().map(of).sum::<u32>();
    let last_page = plan.geometry().pages + all(|extent| extent.pages) - 1;
    let last_cell = plan.geometry().cells + all(|extent| extent.cells) - 1;
    assert!(plan.position(5, last_page + 1).is_none() && plan.position(6, last_cell + 1).is_none());
    let mut given = vec![
        ("binding", hex(&header.binding())),
        ("code-key", hex(&code)),
        ("layer-key", key(layer)),
        ("next-layer-key", key(next)),
        ("tables", words(&tables)),
        ("journal", words(&[plan.journal(0).0])),
        ("areas", words(&[plan.journal(0).1, plan.journal(1).1])),
        ("slots", words(&[at(1, 0)])),
        ("action-records", words(&[at(2, 0)])),
        ("roots", words(&[at(3, 0)])),
        ("pages", words(&[at(5, 0), at(5, last_page)])),
        ("cells", words(&[at(6, 0), at(6, last_cell)])),
        ("lengths", words(&[plan.lengths().0, plan.lengths().1])),
    ];
    if plan.geometry().spool > 0 {
        given.push(("heads", words(&[at(4, 0), at(4, 1)])));
    }
    Ok(given)
}

/// Inputs of a plan.
fn plan(vector: &Vector) -> Plan {
    let geometry = Geometry {
        halves: vector.number("halves"),
        spool: vector.number("spool"),
        grows: false,
        pages: vector.number("pages"),
        cells: vector.number("cells"),
        journal: vector.number("journal"),
        set_pages: 0,
        set_cells: 0,
    };
    let extents = vector.text("extents").split(", ").filter(|text| *text != "none").map(|text| {
        let (pages, cells) = text.split_once(' ').unwrap();
        Extent { pages: pages.parse().unwrap(), cells: cells.parse().unwrap() }
    });
    Plan::new(geometry, extents.collect()).unwrap()
}

fn halves(vector: &Vector) -> Outcome {
    let seed = vector.body.as_slice().try_into().unwrap();
    let (pages, cells) = plan(vector).halves(seed);
    let digits = |halves: Vec<u8>| halves.iter().map(u8::to_string).collect::<String>();
    Ok(vec![("pages", digits(pages)), ("cells", digits(cells))])
}

fn place(vector: &Vector) -> Outcome {
    let mut inner = vector.body.clone();
    let (kind, number) = (vector.number("kind"), vector.number("number"));
    assert!(examine::stream(&vector.array("place-key"), kind, number, &mut inner));
    Ok(vec![("inner-sha256", hex(&sha256(&inner)))])
}

fn slot(vector: &Vector) -> Outcome {
    let opened = examine::open_slot(&vector.array("code-key"), &vector.body);
    let (volume, ticket) = opened.ok_or("open")?;
    Ok(vec![("volume-key", hex(&volume)), ("ticket", hex(&ticket))])
}

fn action(vector: &Vector) -> Outcome {
    let (key, number): (_, u32) = (vector.array("action-key"), vector.number("number"));
    let label = "amate/v1/vault/action/record";
    let copies = [0_u8, 1].map(|copy| {
        let at = usize::from(copy) * UNIT / 2;
        opens(&key, label, &[&[number as u8, copy]], &vector.body[at..at + 48])
    });
    let steps = copies.into_iter().find_map(Result::ok).ok_or("open").and_then(|plain| {
        let known = plain[0] == 1 && plain[1] < 8;
        if known { Ok(()) } else { Err("parse") }
    });
    let target = staged(examine::open_action(&key, number, &vector.body), steps)?;
    Ok(vec![("target", target.to_string())])
}

/// `salt ‖ sealed ‖ tag` under a key from this one.
fn opens(key: &[u8], label: &str, parts: &[&[u8]], bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let (salt, rest) = bytes.split_at(16);
    let (body, tag) = rest.split_last_chunk::<16>().unwrap();
    let key: Secret<32> = derive(key, label, &[parts, &[salt]].concat());
    let mut plain = body.to_vec();
    aead::open_once(&key, &[], &mut plain, tag).map_err(|_| "open")?;
    Ok(plain)
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn table(vector: &Vector) -> Outcome {
    let (plan, key) = (plan(vector), vector.array("layer-key"));
    let mut rest = vector.body.as_slice();
    let parts = (0..=plan.extents().len()).map(|part| {
        let (now, later) = rest.split_at(plan.table(part, 0).1);
        rest = later;
        now.to_vec()
    });
    let parts: Vec<Vec<u8>> = parts.collect();
    let steps = || {
        // Noise stands behind the tag.
        let lengths = [112 + 16 * (26 + 8 + 4), 16 + 16 * (4 + 2)];
        let mut ids = Vec::new();
        for (part, len) in parts.iter().zip(lengths) {
            let plain = opens(&key, "amate/v1/vault/table", &[], &part[..len + 32])?;
            ids.push(plain[..16].to_vec());
        }
        if ids[0] == ids[1] { Ok(()) } else { Err("chain") }
    };
    let table = staged(plan.open_table(&key, &parts), steps())?;
    let of = |kind: u8, number: u32| {
        let found = table.keys.iter().find(|(k, n, _)| (*k, *n) == (kind, number));
        hex(&found.unwrap().2)
    };
    Ok(vec![
        ("table-id", hex(&table.id)),
        ("spool-key", hex(&table.spool_key)),
        ("full-pass-due", yes(table.full_pass_due)),
        ("full-pass-done", table.full_pass_done.to_string()),
        ("codes-tried", table.codes_tried.to_string()),
        ("slot-0", of(1, 0)),
        ("action-record-0", of(2, 0)),
        ("root-0", of(3, 0)),
        ("head-1", of(4, 1)),
        ("page-7", of(5, 7)),
        ("page-8", of(5, 8)),
        ("cell-5", of(6, 5)),
    ])
}

fn batch(vector: &Vector) -> Outcome {
    let (plan, key, id) = (plan(vector), vector.array("layer-key"), vector.array("table-id"));
    let n: u32 = vector.number("n");
    let steps = || {
        let plain = opens(&key, "amate/v1/vault/journal", &[], &vector.body)?;
        let count = number(&plain[18..20]) as usize;
        let fits = plain[..16] == id
            && number(&plain[16..18]) == u64::from(n)
            && number(&plain[20..24]) <= 16
            && count <= 774
            && plain[92..92 + 21 * count].chunks(21).all(|entry| {
                let most = [0, 8, 8, 8, 2, 12, 6];
                most.get(usize::from(entry[0])).is_some_and(|most| number(&entry[1..5]) < *most)
            });
        if fits { Ok(()) } else { Err("chain") }
    };
    let batch = staged(plan.open_batch(&key, &id, n, &vector.body), steps())?;
    let places = batch.places.iter().map(|(kind, n, key)| format!("{kind} {n} {}", hex(key)));
    Ok(vec![
        ("units", batch.units.to_string()),
        ("codes-tried", batch.codes_tried.to_string()),
        ("places", places.collect::<Vec<_>>().join(", ")),
        ("payload-sha256", hex(&batch.hash)),
        ("payload-key", hex(&batch.key)),
    ])
}

/// Where it is, its key and its tag.
fn entry(vector: &Vector) -> Entry {
    let place = vector.number("place");
    Entry { place, key: vector.array("key"), tag: vector.array("tag") }
}

fn page(vector: &Vector) -> Outcome {
    let mut bytes: [u8; UNIT] = vector.body.as_slice().try_into().unwrap();
    let (volume, number) = (vector.array("volume-id"), vector.number("number"));
    examine::open_page(&entry(vector), &volume, number, &mut bytes).map_err(|_| "open")?;
    Ok(vec![("sha256", hex(&sha256(&bytes)))])
}

fn record(vector: &Vector) -> Outcome {
    let (key, before) = (vector.array("record-key"), vector.array("before"));
    let sequence: u64 = vector.number("sequence");
    let steps = || {
        let parts = [sequence.to_be_bytes()];
        let plain = opens(&key, "amate/v1/vault/record", &[&parts[0]], &vector.body)?;
        if number(&plain[..8]) != sequence || plain[8..40] != before {
            return Err("chain");
        }
        if number(&plain[52..54]) > 71 { Err("parse") } else { Ok(()) }
    };
    let record = staged(examine::open_record(&key, sequence, &before, &vector.body), steps())?;
    let entries = record.entries.iter().flat_map(|(page, entry)| {
        let numbers = [page.to_be_bytes(), entry.place.to_be_bytes()].concat();
        [numbers, entry.key.to_vec(), entry.tag.to_vec()].concat()
    });
    Ok(vec![
        ("next", words(&record.next.map(u64::from))),
        ("pages", record.pages.to_string()),
        ("last", yes(record.last)),
        ("count", record.entries.len().to_string()),
        ("entries-sha256", hex(&sha256(&entries.collect::<Vec<u8>>()))),
        ("hash", hex(&record.hash)),
    ])
}

fn node(vector: &Vector) -> Outcome {
    let bytes: &[u8; UNIT] = vector.body.as_slice().try_into().unwrap();
    let (volume, level) = (vector.array("volume-id"), vector.number("level"));
    let (index, places) = (vector.number("index"), vector.number("places"));
    let node = examine::open_node(&entry(vector), &volume, level, index, places, bytes);
    let children = node.map_err(|_| "open")?;
    let words = children.iter().map(|child| match child {
        Child::Never => "never".to_owned(),
        Child::Lost => "lost".to_owned(),
        Child::At(entry) => entry.place.to_string(),
        other => panic!("{other:?}"),
    });
    let of = |n: usize| match &children[n] {
        Child::At(entry) => entry.clone(),
        other => panic!("{other:?}"),
    };
    Ok(vec![
        ("children", words.collect::<Vec<_>>().join(" ")),
        ("key-0", hex(&of(0).key)),
        ("tag-3", hex(&of(3).tag)),
    ])
}

fn root(vector: &Vector) -> Outcome {
    let root = match examine::open_root(&vector.array("volume-key"), &vector.body) {
        Err(VaultError::NeedsNewerVersion) => return Err("parse"),
        other => other.unwrap().ok_or("open")?,
    };
    let mut given = vec![
        ("volume-id", hex(&root.volume)),
        ("generation", root.generation.to_string()),
        ("pages", root.pages.to_string()),
        ("top", root.top.as_ref().map_or("none".to_owned(), |top| top.place.to_string())),
        ("record-key", hex(&root.record_key)),
        ("next", words(&root.next.map(u64::from))),
        ("sequence", root.sequence.to_string()),
        ("hash", hex(&root.hash)),
    ];
    if let Some(top) = root.top {
        given.extend([("top-key", hex(&top.key)), ("top-tag", hex(&top.tag))]);
    }
    Ok(given)
}

fn cell(vector: &Vector) -> Outcome {
    let bytes: &[u8; CELL] = vector.body.as_slice().try_into().unwrap();
    let (medium, index): ([u8; 16], u64) = (vector.array("medium-id"), vector.number("index"));
    let (k0, place): ([u8; 32], u32) = (vector.array("k0"), vector.number("cell"));
    let steps = || {
        let next = |k: Secret<32>, _| derive(k.expose(), "amate/v1/vault/media/next", &[]);
        let k: Secret<32> = (0..index).fold(Secret::new(k0), next);
        let key = derive(k.expose(), "amate/v1/vault/media/cell", &[]);
        let aad = [&b"cell"[..], &medium, &index.to_be_bytes(), &place.to_be_bytes()].concat();
        let (body, tag) = bytes.split_last_chunk::<16>().unwrap();
        let mut plain = body.to_vec();
        aead::open_once(&key, &aad, &mut plain, tag).map_err(|_| "open")?;
        if number(&plain[..4]) > 65_508 { Err("parse") } else { Ok(()) }
    };
    let cell = staged(examine::open_cell(&k0, medium, index, place, bytes), steps())?;
    Ok(vec![
        ("length", cell.content.len().to_string()),
        ("next", cell.next.to_string()),
        ("end", yes(cell.end)),
        ("sha256", hex(&sha256(&cell.content))),
    ])
}

fn spool(vector: &Vector) -> Outcome {
    let (key, partition) = (vector.array("spool-key"), vector.number("partition"));
    let head = examine::open_spool(&key, partition, vector.number("entries"), &vector.body);
    let head = head.ok_or("open")?;
    let entries = head.iter().map(|entry| match entry {
        Some(waiting) => format!("{} {}", waiting.note.len(), waiting.len),
        None => "none".to_owned(),
    });
    let of = |n: usize| head[n].as_ref().unwrap();
    Ok(vec![
        ("entries", entries.collect::<Vec<_>>().join(", ")),
        ("sha256-0", hex(&of(0).hash)),
        ("key-0", hex(&of(0).key)),
        ("key-2", hex(&of(2).key)),
    ])
}
