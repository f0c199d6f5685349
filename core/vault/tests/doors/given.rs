// SPDX-License-Identifier: MPL-2.0
//! What the vault that a code opens looks like in the newest image, and how it moved from image to
//! image.

use std::collections::BTreeSet;

use amate_vault::{Container, Random, Vault};

use super::{
    Seen,
    changes::{Changes, fixed},
    inside::Inside,
    mean, runs,
};
use crate::{
    images::{
        doors::{Life, over, phone_of},
        examiner::{Layout, Place},
        history::{image_of, layout_of},
    },
    sim::rng::Rng,
};

pub fn see(life: &Life, code: &[u8], seen: &mut Seen) {
    let views: Vec<Inside> = life
        .images
        .iter()
        .zip(&life.held)
        .map(|(image, held)| Inside::read(image, held, code))
        .collect();
    steps(&views, seen);
    let pages = Changes::of(&layout_of(&life.images[0]).pages, &life.images);
    seen.add("next record: outside of what changed", outside(&views, &pages));
    let newest = &views[views.len() - 1];
    see_newest(life, newest, seen);
    records(life, code, newest, seen);
}

/// When the vault is in no older image.
pub fn see_alone(life: &Life, code: &[u8], seen: &mut Seen) {
    let newest = life.images.len() - 1;
    let newest = Inside::read(&life.images[newest], &life.held[newest], code);
    see_newest(life, &newest, seen);
    records(life, code, &newest, seen);
}

fn see_newest(life: &Life, newest: &Inside, seen: &mut Seen) {
    numbers(newest, seen);
    let layout = layout_of(&life.images[0]);
    let pages = Changes::of(&layout.pages, &life.images);
    places(newest, &layout, &pages, seen);
    freshness(newest, &layout, &pages, seen);
    halves(newest.half(), "pages", &layout.pages, &pages, seen);
    let cells = Changes::of(&layout.cells, &life.images);
    halves(newest.half(), "cells", &layout.cells, &cells, seen);
    let roots: Vec<Place> = fixed(&life.images[0])
        .into_iter()
        .filter(|(name, _)| name.starts_with("roots"))
        .flat_map(|(_, places)| places)
        .collect();
    halves(newest.half(), "roots", &roots, &Changes::of(&roots, &life.images), seen);
}

fn numbers(newest: &Inside, seen: &mut Seen) {
    let root = newest.root();
    let other = newest.roots.iter().filter(|(n, _)| *n as usize / 4 != newest.half()).count();
    let oldest = newest.roots.iter().map(|(_, root)| root.generation).min().unwrap();
    seen.add("slot", f64::from(newest.slots[0]));
    seen.add("slots that open", newest.slots.len() as f64);
    seen.add("the action record opens", f64::from(u8::from(newest.acts)));
    seen.add("half", newest.half() as f64);
    seen.add("roots that open", newest.roots.len() as f64);
    seen.add("roots that open in the other half", other as f64);
    seen.add("generation", root.generation as f64);
    seen.add("generations between the roots", (root.generation - oldest) as f64);
    seen.add("sequence", root.sequence as f64);
    seen.add("records behind the root", newest.records.len() as f64);
    seen.add("pages of the database", newest.pages.len() as f64);
    seen.add("nodes", newest.nodes.len() as f64);
    let [flags, _, _, _, _, _, _, _, rest @ ..] = &newest.state;
    seen.add("a full pass is due", f64::from(*flags));
    let number = |bytes: &[u8]| bytes.iter().fold(0.0, |n, byte| n * 256.0 + f64::from(*byte));
    seen.add("full pass done", number(&rest[..8]));
    seen.add("wrong codes", number(&rest[8..12]));
    seen.add("rest of the state", number(&rest[12..20]) + number(&rest[20..]));
}

/// From each image to the next.
fn steps(views: &[Inside], seen: &mut Seen) {
    let each = |step: &dyn Fn(&Inside, &Inside) -> f64| -> Vec<f64> {
        views.windows(2).map(|pair| step(&pair[0], &pair[1])).collect()
    };
    let generation =
        |view: &Inside| view.root().generation as f64 - views[0].root().generation as f64;
    let sequence = |view: &Inside| (view.root().sequence - views[0].root().sequence) as f64;
    let counter = |view: &Inside| change_counter(&view.first_page());
    seen.each("generations", &each(&|one, next| generation(next) - generation(one)));
    seen.each("sequences", &each(&|one, next| sequence(next) - sequence(one)));
    seen.each("changes that SQLite counts", &each(&|one, next| counter(next) - counter(one)));
    seen.each("pages that moved", &each(&|one, next| moved(one, next)));
    seen.each("records behind the root", &each(&|_, next| next.records.len() as f64));
    let still = each(&|one, next| f64::from(u8::from(one.next == next.next)));
    seen.add("the next record stays", still.iter().sum());
    let quiet = each(&|one, next| {
        let fresh = generation(next) > generation(one);
        f64::from(u8::from(fresh && counter(next) == counter(one)))
    });
    seen.add("fresh, and nothing written", quiet.iter().sum());
}

/// Sessions that wrote a root, and a next record that would show its half.
fn outside(views: &[Inside], changes: &Changes) -> f64 {
    let outside = views.windows(2).zip(&changes.0).filter(|(pair, changed)| {
        let written = pair[1].root().generation > pair[0].root().generation;
        let inside = |place: &u32| changed.binary_search(&(*place as usize)).is_ok();
        written && !pair[1].next.iter().all(inside)
    });
    outside.count() as f64
}

fn moved(one: &Inside, next: &Inside) -> f64 {
    let same =
        |number: &u32, place: u32| one.pages.get(number).is_some_and(|old| old.place == place);
    next.pages.iter().filter(|(number, entry)| !same(number, entry.place)).count() as f64
}

/// Of SQLite's header.
fn change_counter(page: &[u8]) -> f64 {
    f64::from(u32::from_be_bytes(*page[24..].first_chunk().unwrap()))
}

/// Where the volume stands among the places of its half.
fn places(newest: &Inside, layout: &Layout, changes: &Changes, seen: &mut Seen) {
    let own: Vec<usize> = of_half(&layout.pages, newest.half());
    let rank = |place: usize| own.partition_point(|other| *other < place);
    let ranks = |places: &BTreeSet<usize>| places.iter().map(|p| rank(*p)).collect::<Vec<_>>();
    let used = newest.used();
    let positions = ranks(&used);
    let float = |all: &[usize]| all.iter().map(|n| *n as f64).collect::<Vec<_>>();
    seen.add("used: places", used.len() as f64);
    seen.add("used: where", mean(&float(&positions)));
    seen.add("used: runs", runs(&positions) as f64);
    let middle = mean(&float(&positions));
    let spread: Vec<f64> = float(&positions).iter().map(|n| (n - middle).powi(2)).collect();
    seen.add("used: spread", mean(&spread));
    let top = newest.nodes.first().map_or(0, |place| rank(*place as usize));
    seen.add("top node: where", top as f64);
    let next: BTreeSet<usize> = newest.next.iter().map(|place| *place as usize).collect();
    seen.add("next record: where", mean(&float(&ranks(&next))));
    // Which of the places that changed at last they are.
    let last: Vec<usize> = changes.0.last().cloned().unwrap_or_default();
    let last: Vec<usize> =
        last.into_iter().filter(|place| own.binary_search(place).is_ok()).collect();
    let among = |place: usize| last.partition_point(|other| *other < place) as f64;
    seen.add(
        "next record: among the last changes",
        mean(&next.iter().map(|p| among(*p)).collect::<Vec<_>>()),
    );
    let top = newest.nodes.first().map_or(0.0, |place| among(*place as usize));
    seen.add("top node: among the last changes", top);
    let lowest = next.first().map_or(0, |lowest| *lowest);
    let passed = last.iter().filter(|place| **place < lowest && !used.contains(place));
    seen.add("free places changed before the next record", passed.count() as f64);
}

/// How long ago what it uses changed, against what it does not, and the other half.
fn freshness(newest: &Inside, layout: &Layout, changes: &Changes, seen: &mut Seen) {
    let ages = changes.ages(layout.pages.len());
    let of = |places: &[usize]| places.iter().map(|place| ages[*place]).collect::<Vec<f64>>();
    let used = newest.used();
    let own = of_half(&layout.pages, newest.half());
    let free: Vec<usize> = own.into_iter().filter(|place| !used.contains(place)).collect();
    let other = of_half(&layout.pages, 1 - newest.half());
    let pages: Vec<usize> = newest.pages.values().map(|entry| entry.place as usize).collect();
    let nodes: Vec<usize> = newest.nodes.iter().map(|place| *place as usize).collect();
    let next = newest.next.map(|place| place as usize);
    seen.each("next record: age", &of(&next));
    seen.each("nodes: age", &of(&nodes));
    seen.each("pages: age", &of(&pages));
    for (name, places) in
        [("used", used.into_iter().collect()), ("free", free), ("other half", other)]
    {
        let ages = of(&places);
        let share = |up_to: f64| {
            mean(&ages.iter().map(|age| f64::from(u8::from(*age <= up_to))).collect::<Vec<_>>())
        };
        seen.add(format!("{name}: changed at last"), share(0.0));
        seen.add(format!("{name}: changed in the last three"), share(2.0));
        seen.add(format!("{name}: mean age"), mean(&ages));
    }
}

/// The half of this vault, against the other.
fn halves(half: usize, kind: &str, places: &[Place], changes: &Changes, seen: &mut Seen) {
    let own = |changed: &Vec<usize>| {
        changed.iter().filter(|place| places[**place].half == half).count() as f64
    };
    let more = |changed: &Vec<usize>| 2.0 * own(changed) - changed.len() as f64;
    seen.each(
        &format!("{kind}: more in its half"),
        &changes.0.iter().map(more).collect::<Vec<_>>(),
    );
    let ages = changes.ages(places.len());
    let never = |half: usize| {
        let of_half = places.iter().zip(&ages).filter(|(place, _)| place.half == half);
        of_half.filter(|(_, age)| **age >= changes.0.len() as f64).count() as f64
    };
    seen.add(format!("{kind}: more never changed in its half"), never(half) - never(1 - half));
}

fn of_half(places: &[Place], half: usize) -> Vec<usize> {
    (0..places.len()).filter(|place| places[*place].half == half).collect()
}

/// What the vault itself says, once it is unlocked.
fn records(life: &Life, code: &[u8], newest: &Inside, seen: &mut Seen) {
    let keys = life.held[life.held.len() - 1].copy();
    let disk = phone_of(&life.images[life.images.len() - 1], &keys);
    let around = over(&disk, &keys, Random::from(Rng::new(0)));
    let vault = Container::open(around).unwrap().unlock(code).unwrap();
    let number = |sql: &str| ask(&vault, sql);
    seen.add("schema: objects", number("SELECT count(*) FROM sqlite_schema"));
    seen.add("schema: letters", number("SELECT sum(length(sql)) FROM sqlite_schema"));
    seen.add("schema: version", number("SELECT schema_version FROM pragma_schema_version"));
    seen.add("user version", number("SELECT user_version FROM pragma_user_version"));
    seen.add("free pages", number("SELECT freelist_count FROM pragma_freelist_count"));
    seen.add("notes", number("SELECT count(*) FROM note"));
    seen.add("notes: letters", number("SELECT total(length(text)) FROM note"));
    seen.add("notes: ids", number("SELECT total(id) FROM note"));
    seen.add("media", number("SELECT count(*) FROM media"));
    seen.add("media: open", number("SELECT count(*) FROM media WHERE state = 'open'"));
    seen.add("media: not whole", number("SELECT count(*) FROM media WHERE state <> 'whole'"));
    seen.add("media: bytes", number("SELECT total(length) FROM media"));
    seen.add("media: among the records", number("SELECT count(small) FROM media"));
    seen.add("media: pieces", number("SELECT total(length(pieces)) FROM media"));
    seen.add("media: first cells", number("SELECT total(first) FROM media"));
    seen.add("rows of a second door", number("SELECT count(*) FROM second"));
    seen.add("rows of the reserve", number("SELECT count(*) FROM reserve"));
    seen.add("a second door", f64::from(u8::from(vault.second().unwrap().is_some())));
    let found = vault.found();
    seen.add("found: dropped", f64::from(u8::from(found.last_change_dropped)));
    seen.add("found: lost", f64::from(found.lost_pages));
    seen.add("found: repaired", f64::from(u8::from(found.repaired)));
    seen.add("found: old key", f64::from(u8::from(found.old_key_kept)));
    let space = vault.space().unwrap();
    seen.add("room: records", space.records.used as f64);
    seen.add("room: records in all", space.records.total as f64);
    seen.add("room: media", space.media.used as f64);
    seen.add("room: media in all", space.media.total as f64);
    let damage = vault.check().unwrap();
    seen.add("damage", (damage.pages.len() + damage.media.len()) as f64);
    vault.lock().unwrap();
    // What is done when it is opened, and was not done by the session before.
    let after = Inside::read(&image_of(&disk.platter()), &keys, code);
    let changes = change_counter(&after.first_page()) - change_counter(&newest.first_page());
    seen.add("opening: changes that SQLite counts", changes);
    seen.add("opening: generations", (after.root().generation - newest.root().generation) as f64);
    seen.add("opening: pages that move", moved(newest, &after));
}

fn ask(vault: &Vault, sql: &str) -> f64 {
    vault.read(|db| db.query_row(sql, [], |row| row.get::<_, f64>(0))).unwrap()
}
