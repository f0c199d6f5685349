// SPDX-License-Identifier: MPL-2.0
//! Flipped bits, older content put back, places changed for each other: what is read afterwards is
//! what was saved, or the damage is named. Never other data, never silently an older state.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where it fails")]

mod reference;
mod sim;
mod world;

use std::{collections::BTreeMap, io::Read};

use amate_vault::{Container, MediumId, Vault, VaultError};
use sim::{bytes::Bytes, crash::Crash, disk::SimDisk, platter::Platter, rng::Rng, rounds};
use world::{
    header::{Header, Position, UNIT},
    keys::{SimKeys, surroundings},
    pair::{Pair, SMALL},
    sql::{self, Transaction},
    state::State,
    steps::Step,
};

/// Both files.
type Image = [Bytes; 2];

const SESSIONS: usize = 5;

/// A store with a past: images of it, oldest first, and what the newest holds.
struct Past {
    images: Vec<Image>,
    keys: SimKeys,
    state: State,
    /// Before the last change.
    before: Option<State>,
    header: Header,
}

/// What a trial ended in.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// All is there.
    Whole,
    /// A part is named as damaged, the rest is there.
    Part,
    /// The last change is gone, and that is said.
    LastDropped,
    /// It does not open, and says so.
    Closed,
}

fn image(disk: &SimDisk) -> Image {
    let platter = disk.after(Crash::Kept, &mut Rng::new(0)).platter();
    ["vault", "reserve"].map(|name| platter.content(platter.find(name).unwrap()).clone())
}

impl Past {
    /// Locked at the end, or killed with commits that no checkpoint has taken up.
    fn new(seed: u64, locked: bool) -> Self {
        let mut pair = Pair::create(SimDisk::default(), &SMALL, seed).unwrap();
        let one =
            |text: &str| Step::Sql(Transaction { statements: vec![text.to_owned()], fails: false });
        let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
            INSERT INTO w_note(topic, text) SELECT i % 9, 'lluvia sobre la esquina ' || i FROM n";
        let mut images = Vec::new();
        for session in 0..SESSIONS {
            let steps = [
                one(many),
                one("UPDATE w_note SET text = text || '.' WHERE id % 7 = 2"),
                one("INSERT INTO w_piece(bytes) VALUES(zeroblob(30000))"),
                Step::Begin,
                Step::More(90_000 + 10_000 * session),
                Step::Finish,
                Step::Record,
                Step::Lock,
                Step::Unlock,
            ];
            steps.iter().for_each(|step| pair.run(step).unwrap());
            images.push(image(&pair.disk));
        }
        let mut before = None;
        if locked {
            pair.run(&Step::Lock).unwrap();
        } else {
            for n in 0..6 {
                before = Some(pair.state());
                pair.run(&one(&format!("UPDATE w_note SET seen = {n} WHERE id % 50 = {n}")))
                    .unwrap();
                images.push(image(&pair.disk));
            }
        }
        images.push(image(&pair.disk));
        let header = Header::read(&images.last().unwrap()[0], 0).unwrap();
        Self { images, keys: pair.keys.copy(), state: pair.state(), before, header }
    }

    /// Images under an older key of the device. Within one session that key is the same, and the
    /// pages of a moment ago are a store of a moment ago: nothing but a counter in hardware could
    /// tell.
    fn older_sessions(&self) -> &[Image] {
        &self.images[..SESSIONS - 1]
    }

    fn newest(&self) -> Image {
        self.images.last().unwrap().clone()
    }

    /// Opens an image, and judges everything that can be read of it.
    fn judge(&self, image: Image) -> Result<End, String> {
        let [vault, reserve] = image;
        let disk = SimDisk::new(Platter::holding([("vault", vault), ("reserve", reserve)]));
        let named = |error: VaultError| match error {
            VaultError::CannotOpen | VaultError::Damaged | VaultError::Device => Ok(End::Closed),
            other => Err(format!("says {other}")),
        };
        let container = match Container::open(surroundings(&disk, &self.keys.copy(), 99)) {
            Ok(container) => container,
            Err(error) => return named(error),
        };
        let vault = match container.unlock(&self.state.code) {
            Ok(vault) => vault,
            Err(error) => return named(error),
        };
        let dropped = vault.found().last_change_dropped;
        let state = match (&self.before, dropped) {
            (_, false) => &self.state,
            (Some(before), true) => before,
            (None, true) => return Err("says that a change was dropped, and none was".into()),
        };
        let whole = [records(&vault, state)?, media(&vault, state)?].iter().all(|whole| *whole);
        let damage = vault.check();
        match (whole, damage) {
            (true, Ok(damage)) if damage.is_none() => {
                Ok(if dropped { End::LastDropped } else { End::Whole })
            }
            (_, Ok(damage)) if damage.is_none() => Err("finds no damage, and there is".into()),
            // Pages that nothing reads just now may be damaged too.
            _ => Ok(End::Part),
        }
    }
}

/// Whether all records are read and are the right ones; what is not read is an error, not a lie.
fn records(vault: &Vault, state: &State) -> Result<bool, String> {
    match vault.read(sql::dump) {
        Ok(read) if *read == *state.records => Ok(true),
        Ok(_) => Err("other records than were saved".into()),
        Err(VaultError::Damaged) => Ok(false),
        Err(error) => Err(format!("reading says {error}")),
    }
}

fn media(vault: &Vault, state: &State) -> Result<bool, String> {
    let known = match vault.media() {
        Ok(known) => known,
        Err(VaultError::Damaged) => return Ok(false),
        Err(error) => return Err(format!("the list of media says {error}")),
    };
    if known.len() != state.media.0.len() {
        return Err("other media than were saved".into());
    }
    let mut whole = true;
    for id in known {
        whole &= medium(vault, state, &id)?;
    }
    Ok(whole)
}

fn medium(vault: &Vault, state: &State, id: &MediumId) -> Result<bool, String> {
    let expected = &state.media.0.get(id).ok_or("a medium that never was")?.content;
    let mut content = Vec::new();
    let read = match vault.read_medium(id) {
        Ok(mut reader) => reader.read_to_end(&mut content).is_ok(),
        Err(VaultError::Damaged) => false,
        Err(error) => return Err(format!("a medium says {error}")),
    };
    if !expected.starts_with(&content) || (read && content.len() != expected.len()) {
        return Err("a medium gives other bytes than were saved".into());
    }
    Ok(read)
}

fn flip(image: &mut Image, file: usize, at: usize, rng: &mut Rng) {
    let mut byte = [0];
    assert!(image[file].read(&mut byte, at));
    image[file].write(&[byte[0] ^ 1 << rng.below(8)], at);
}

fn copy(from: &Image, to: &mut Image, source: Position, target: Position) {
    let mut bytes = vec![0; source.len];
    assert!(from[source.file].read(&mut bytes, source.at));
    to[target.file].write(&bytes, target.at);
}

fn units(first: usize, count: usize) -> Position {
    Position { file: 0, at: first * UNIT, len: count * UNIT, half: 0 }
}

/// Runs trials, and counts what they ended in.
fn trials(
    count: usize,
    what: &str,
    mut trial: impl FnMut(&mut Rng) -> Result<End, String>,
) -> BTreeMap<End, usize> {
    let mut ends = BTreeMap::new();
    let mut wrong = 0;
    for n in 0..count {
        let seed = rounds::only().unwrap_or(rounds::seed() * 1_000_000 + n as u64);
        match trial(&mut Rng::new(seed)) {
            Ok(end) => *ends.entry(end).or_default() += 1,
            Err(said) => {
                wrong += 1;
                println!("{what}, trial {seed}: {said}");
            }
        }
    }
    println!("{what}: {ends:?}");
    rounds::counted("damage trials", count);
    assert_eq!(wrong, 0, "{what}, of {count}; repeat one with AMATE_ONLY");
    ends
}

#[test]
fn one_flipped_bit_outside_pages_and_cells_costs_nothing() {
    let past = [Past::new(1, true), Past::new(2, false)];
    trials(rounds::rounds(120), "one bit of what stands twice", |rng| {
        let past = rng.pick(&past);
        let mut image = past.newest();
        let end = past.header.pages()[0].at;
        flip(&mut image, 0, rng.below(end), rng);
        match past.judge(image)? {
            End::Whole => Ok(End::Whole),
            other => Err(format!("ended in {other:?}")),
        }
    });
}

#[test]
fn flipped_bits_are_named_and_the_rest_stays() {
    let past = [Past::new(3, true), Past::new(4, false)];
    let ends = trials(rounds::rounds(200), "bits of pages and cells", |rng| {
        let past = rng.pick(&past);
        let mut image = past.newest();
        let places = if rng.once_in(3) { past.header.cells() } else { past.header.pages() };
        for _ in 0..1 + rng.below(3) {
            let place = rng.pick(&places);
            flip(&mut image, place.file, place.at + rng.below(place.len), rng);
        }
        past.judge(image)
    });
    assert!(ends.contains_key(&End::Whole) && ends.contains_key(&End::Part), "{ends:?}");
}

/// A cell of a medium: records and all other media stay.
#[test]
fn a_damaged_cell_costs_one_medium() {
    let past = Past::new(5, true);
    let cells = past.header.cells();
    trials(cells.len(), "one cell", |rng| {
        let mut image = past.newest();
        let cell = cells[rng.below(cells.len())];
        flip(&mut image, cell.file, cell.at + rng.below(cell.len), rng);
        let [vault, reserve] = image;
        let disk = SimDisk::new(Platter::holding([("vault", vault), ("reserve", reserve)]));
        let container = Container::open(surroundings(&disk, &past.keys.copy(), 1)).unwrap();
        let vault = container.unlock(&past.state.code).map_err(|error| error.to_string())?;
        let lost = vault.check().map_err(|error| error.to_string())?;
        if !lost.pages.is_empty() || lost.media.len() > 1 || !records(&vault, &past.state)? {
            return Err(format!("cost more: {lost:?}"));
        }
        media(&vault, &past.state)?;
        Ok(if lost.media.is_empty() { End::Whole } else { End::Part })
    });
}

#[test]
fn older_content_put_back_is_named() {
    let past = [Past::new(6, true), Past::new(7, false)];
    let ends = trials(rounds::rounds(200), "older content", |rng| {
        let past = rng.pick(&past);
        let mut image = past.newest();
        let old = rng.pick(past.older_sessions()).clone();
        let header = &past.header;
        let (first_fixed, fixed) = header.fixed();
        let (pages, cells) = (header.pages(), header.cells());
        let mut put = |place: Position| copy(&old, &mut image, place, place);
        match rng.below(9) {
            0 => put(units(rng.below(2), 1)),
            1 => {
                let (first, units_of_one) = header.table(rng.below(2));
                put(units(first, units_of_one));
            }
            2 => put(units(2, header.journal_start() - 2)),
            3 => put(units(header.journal_start(), header.journal)),
            4 => put(units(first_fixed + rng.below(fixed), 1)),
            5 => put(units(first_fixed, fixed)),
            6 => (0..1 + rng.below(200)).for_each(|_| put(*rng.pick(&pages))),
            7 => (0..1 + rng.below(30)).for_each(|_| put(*rng.pick(&cells))),
            _ => pages.iter().for_each(|page| put(*page)),
        }
        past.judge(image)
    });
    assert!(ends.len() > 1, "{ends:?}");
}

#[test]
fn a_whole_older_file_or_folder_is_never_taken_for_the_newest() {
    let past = [Past::new(8, true), Past::new(9, false)];
    trials(rounds::rounds(60), "older files", |rng| {
        let past = rng.pick(&past);
        let which = rng.below(3);
        let mut image = past.newest();
        let old = rng.pick(past.older_sessions()).clone();
        if which != 1 {
            image[0] = old[0].clone();
        }
        if which != 0 {
            image[1] = old[1].clone();
        }
        past.judge(image)
    });
}

#[test]
fn places_changed_for_each_other_are_named() {
    let past = [Past::new(10, true), Past::new(11, false)];
    trials(rounds::rounds(100), "changed places", |rng| {
        let past = rng.pick(&past);
        let mut image = past.newest();
        let places = if rng.once_in(4) { past.header.cells() } else { past.header.pages() };
        for _ in 0..1 + rng.below(40) {
            let (one, other) = (*rng.pick(&places), *rng.pick(&places));
            let before = image.clone();
            copy(&before, &mut image, one, other);
            copy(&before, &mut image, other, one);
        }
        past.judge(image)
    });
}

/// Deleted is deleted: what an image of before holds cannot be opened with the code and the phone
/// of after.
#[test]
fn an_older_image_is_closed_also_with_the_code_and_the_phone() {
    let past = Past::new(12, true);
    for old in past.older_sessions() {
        assert_eq!(past.judge(old.clone()), Ok(End::Closed));
    }
}
