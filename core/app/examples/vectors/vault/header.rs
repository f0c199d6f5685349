// SPDX-License-Identifier: MPL-2.0
//! Headers with the layout that follows from them, halves, the outer layer of a place.

use amate_seal::{
    blind,
    hash::sha256,
    kdf::{CodeCost, code_key},
};

use super::{UNIT, Vector, bytes, good, noise, plan, secret, words};

const HANDLES: usize = 108;
const ADDED: usize = 1_068;
const CODE: &[u8] = b"cinco palabras de prueba nada";

pub(super) fn vectors() -> Vec<Vector> {
    [headers(), vec![halves(), place()]].concat()
}

/// What a header says.
struct Said {
    /// Version, halves, spool, grows.
    first: [u8; 4],
    /// Pages, cells, journal, set pages, set cells, memory, passes, lanes, calls.
    numbers: [u32; 9],
    handles: [[u8; 32]; 3],
    extents: Vec<[u32; 2]>,
}

impl Said {
    fn encode(&self) -> Vec<u8> {
        let mut out = b"AMvt".to_vec();
        out.extend(self.first);
        self.numbers.iter().for_each(|number| out.extend(number.to_be_bytes()));
        out.extend(bytes::<32>("salt"));
        out.extend(bytes::<32>("halves"));
        for handle in self.handles {
            out.extend(32_u16.to_be_bytes());
            out.extend(handle);
            out.resize(out.len() + 318 - 32, 0);
        }
        out.extend((self.extents.len() as u16).to_be_bytes());
        self.extents.iter().flatten().for_each(|number| out.extend(number.to_be_bytes()));
        hashed(out)
    }

    fn vector(&self, name: &str, why: &str) -> Vector {
        let body = self.encode();
        let binding = sha256(&body[..HANDLES]);
        let vector = good("header", name, "vault.md §3", why, body).bytes("code", CODE);
        let vector = vector
            .bytes("gives-binding", &binding)
            .bytes("gives-code-key", &self.code_key(&binding))
            .bytes("gives-layer-key", &layer_key(&self.handles[1]))
            .bytes("gives-next-layer-key", &layer_key(&self.handles[2]));
        self.layout().into_iter().fold(vector, |vector, (name, numbers)| {
            vector.with(&format!("gives-{name}"), words(&numbers))
        })
    }

    fn code_key(&self, binding: &[u8; 32]) -> [u8; 32] {
        let [memory_kib, passes, lanes] = [self.numbers[5], self.numbers[6], self.numbers[7]];
        let cost = CodeCost { memory_kib, passes, lanes };
        let a = *code_key(CODE, &bytes("salt"), cost).unwrap().expose();
        let calls = 0..self.numbers[8];
        let x = calls.fold(a, |x, _| mac(&self.handles[0], &x));
        let both = [a, x].concat();
        *amate_seal::kdf::derive::<32>(&both, "amate/v1/vault/code", &[binding]).expose()
    }

    /// Offsets, by the tables of §2.
    fn layout(&self) -> Vec<(&'static str, Vec<u64>)> {
        let [pages, cells, journal] = [0, 1, 2].map(|n| u64::from(self.numbers[n]));
        let [halves, spool] = [1, 2].map(|n| u64::from(self.first[n]));
        let heads = if spool == 0 { 0 } else { 2 };
        let spool_cells = if spool == 0 { 0 } else { 2 * (1 + 4 * spool) };
        let units = |plain: u64| (plain + 32).div_ceil(4_096);
        let table = units(16 + 32 + 64 + 16 * (8 + 8 + 4 * halves + heads + pages + cells));
        let slots = 2 + 2 * table + journal;
        let first_page = slots + 16 + 4 * halves;
        let mut tables = vec![2, 2 + table];
        let mut end = first_page + pages;
        let (mut last_page, mut all_cells) = (end - 1, cells);
        for [pages, cells] in &self.extents {
            let table = units(16 + 16 * u64::from(pages + cells));
            tables.extend([end, end + table]);
            end += 2 * table + u64::from(*pages);
            last_page = end - 1;
            all_cells += u64::from(*cells);
        }
        let at = |unit: u64| unit * 4_096;
        let areas = 2 + 2 * table + 32;
        let mut all = vec![
            ("tables", tables.into_iter().map(at).collect()),
            ("journal", vec![at(2 + 2 * table)]),
            ("areas", vec![at(areas), at(areas + (journal - 32) / 2)]),
            ("slots", vec![at(slots)]),
            ("action-records", vec![at(slots + 8)]),
            ("roots", vec![at(slots + 16)]),
            ("pages", vec![at(first_page), at(last_page)]),
            ("cells", vec![spool_cells * 65_536, (spool_cells + all_cells - 1) * 65_536]),
            ("lengths", vec![at(end), (spool_cells + all_cells) * 65_536]),
        ];
        if spool > 0 {
            all.push(("heads", vec![0, spool_cells / 2 * 65_536]));
        }
        all
    }
}

fn hashed(mut out: Vec<u8>) -> Vec<u8> {
    out.resize(UNIT - 32, 0);
    out.extend(sha256(&out));
    out
}

fn mac(key: &[u8; 32], input: &[u8; 32]) -> [u8; 32] {
    *secret(key, "amate/v1/vault/device/software", &[input]).expose()
}

fn layer_key(handle: &[u8; 32]) -> [u8; 32] {
    let input = secret(&bytes("salt"), "amate/v1/vault/layer/input", &[]);
    *secret(&mac(handle, input.expose()), "amate/v1/vault/layer", &[]).expose()
}

fn phone() -> Said {
    let layer = bytes("layer handle");
    Said {
        first: [1, 2, 1, 0],
        numbers: [600, 48, 71, 64, 8, 64, 1, 1, 2],
        handles: [bytes("code handle"), layer, layer],
        extents: vec![[128, 0], [0, 16], [254, 2]],
    }
}

fn desk() -> Said {
    let handles = ["code handle", "layer handle", "next handle"].map(bytes);
    let numbers = [512, 32, 64, 0, 0, 64, 1, 1, 1];
    Said { first: [1, 1, 0, 1], numbers, handles, extents: Vec::new() }
}

fn headers() -> Vec<Vector> {
    let phone = phone().vector("header-phone", "two halves, a spool, three extents");
    let desk = desk().vector("header-desk", "while the table goes under another key");
    // Each but the first four has the hash that it needs.
    let bad = |name: &str, rule: &str, why: &str, spoil: &dyn Fn(&mut Vec<u8>)| {
        phone.bad(name, "parse", &format!("vault.md {rule}"), why, |vector| {
            vector.body.truncate(UNIT - 32);
            spoil(&mut vector.body);
            vector.body = hashed(std::mem::take(&mut vector.body));
        })
    };
    let number = |name: &str, rule: &str, why: &str, at: usize, value: u32| {
        bad(name, rule, why, &|body| body[at..at + 4].copy_from_slice(&value.to_be_bytes()))
    };
    let byte = |name: &str, rule: &str, why: &str, at: usize, value: u8| {
        bad(name, rule, why, &|body| body[at] = value)
    };
    let unhashed = |name: &str, why: &str, spoil: &dyn Fn(&mut Vec<u8>)| {
        phone.bad(name, "parse", "vault.md H-1", why, |vector| spoil(&mut vector.body))
    };
    vec![
        unhashed("h1-bit", "a bit of the salt", &|body| body[50] ^= 1),
        unhashed("h1-hash", "a bit of the hash", &|body| body[UNIT - 1] ^= 1),
        unhashed("h1-short", "one byte less", &|body| body.truncate(UNIT - 1)),
        unhashed("h1-long", "one byte more", &|body| body.push(0)),
        byte("h2-magic", "H-2", "another magic", 0, b'a'),
        byte("h2-version", "H-2", "version 2", 4, 2),
        byte("h3-halves", "H-3", "three halves", 5, 3),
        byte("h3-no-half", "H-3", "no half", 5, 0),
        byte("h3-spool", "H-3", "a spool of 17 entries", 6, 17),
        number("h3-odd-pages", "H-3", "an odd number of pages", 8, 601),
        number("h3-no-pages", "H-3", "no pages", 8, 0),
        number("h3-many-pages", "H-3", "more than 2²⁸ pages", 8, (1 << 28) + 2),
        number("h3-odd-cells", "H-3", "an odd number of cells", 12, 47),
        number("h3-journal", "H-3", "a journal of 63 units", 16, 63),
        number("h3-long-journal", "H-3", "a journal of 65 537 units", 16, 65_537),
        number("h3-set-pages", "H-3", "65 537 pages in a set", 20, 65_537),
        number("h3-set-cells", "H-3", "4 097 cells in a set", 24, 4_097),
        bad("h3-handle", "H-3", "a handle of 319 bytes", &|body| {
            body[HANDLES..HANDLES + 2].copy_from_slice(&319_u16.to_be_bytes());
        }),
        bad("h3-extents", "H-3", "129 extents", &|body| {
            body.truncate(ADDED);
            body.extend(129_u16.to_be_bytes());
            (0..129).for_each(|_| body.extend([0, 0, 0, 2, 0, 0, 0, 2]));
        }),
        number("h3-extent-odd", "H-3", "an extent with an odd number of pages", ADDED + 2, 127),
        number("h3-extent-empty", "H-3", "an extent of nothing", ADDED + 2, 0),
        bad("h3-extents-together", "H-3", "extents of more than 2³⁰ cells together", &|body| {
            body.truncate(ADDED);
            body.extend(5_u16.to_be_bytes());
            (0..5).for_each(|_| body.extend([0, 0, 0, 0, 0x10, 0, 0, 0]));
        }),
        number("h4-memory", "H-4", "more than 1 GiB of memory", 28, (1 << 20) + 1),
        number("h4-passes", "H-4", "65 passes", 32, 65),
        number("h4-lanes", "H-4", "17 lanes", 36, 17),
        number("h4-no-calls", "H-4", "no call of the device's key", 40, 0),
        number("h4-calls", "H-4", "more than 2²⁰ calls", 40, (1 << 20) + 1),
        byte("h5-grows", "H-5", "2 for yes", 7, 2),
        byte("h5-handle", "H-5", "a byte behind a handle", HANDLES + 2 + 32, 1),
        byte("h5-zero", "H-5", "a byte behind the extents", UNIT - 40, 1),
        phone,
        desk,
    ]
}

fn halves() -> Vector {
    let seed = bytes::<32>("halves");
    let digits = |label: &str, places: u32| -> String {
        let place = |n: u32| {
            let (j, block) = (n / 2, (n / 2 / 256).to_be_bytes());
            let bits = *secret(&seed, label, &[&block]).expose();
            let bit = bits[j as usize % 256 / 8] >> (j % 8) & 1;
            (u32::from(bit) ^ (n % 2)).to_string()
        };
        (0..places).map(place).collect()
    };
    let why = "the half of each page and each cell, in order, through all extents";
    let vector = good("halves", "halves", "vault.md §1", why, seed.to_vec());
    plan(vector, [2, 0, 514, 8, 64], "2 0, 4 2")
        .with("gives-pages", digits("amate/v1/vault/half/pages", 520))
        .with("gives-cells", digits("amate/v1/vault/half/cells", 10))
}

fn place() -> Vector {
    let (inner, key) = (noise("inner", UNIT), bytes::<16>("place key"));
    let stream =
        amate_seal::kdf::derive(&key, "amate/v1/vault/place", &[&[5], &7_u32.to_be_bytes()]);
    let mut body = inner.clone();
    blind::apply(&stream, &mut body);
    good("place", "place", "vault.md §4", "the outer layer of a page", body)
        .with("kind", "5")
        .with("number", "7")
        .bytes("place-key", &key)
        .bytes("gives-inner-sha256", &sha256(&inner))
}
