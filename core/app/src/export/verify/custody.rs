// SPDX-License-Identifier: MPL-2.0
//! Custody entries in a line: the witness's part, then branches (spec/evidence.md §4).

use std::{
    collections::HashMap,
    io::{self, Read, Seek},
};

use amate_wire::{
    custody::CustodyEntry,
    document::hex,
    facts::{CustodyDisclosure, CustodyField},
};

use super::{super::result::Why, folder::Folder, item::Main};
use crate::evidence::check_custody_fact;

/// Entries that hold, in order.
#[derive(Default)]
pub(super) struct Line {
    entries: Vec<(String, CustodyEntry)>,
    /// Number by id.
    ids: HashMap<String, usize>,
    /// Id by signer and number.
    numbers: HashMap<(String, u32), String>,
    /// Id by signer and the entry before.
    continued: HashMap<(String, Option<String>), String>,
}

impl Line {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether an entry with this id stands at this number.
    pub(super) fn has(&self, n: u32, id: &str) -> bool {
        self.ids.get(id).is_some_and(|at| usize::try_from(n) == Ok(*at))
    }

    fn find(&self, id: &str) -> Option<&CustodyEntry> {
        self.entries.get(*self.ids.get(id)?).map(|(_, entry)| entry)
    }

    /// Rules C-1 … C-3 for the next entry.
    fn fault(&self, main: &Main<'_>, id: &str, entry: &CustodyEntry) -> Option<Why> {
        if entry.item != main.id.hex() {
            return Some(Why::Chain);
        }
        let same_n = self.numbers.get(&(entry.by.clone(), entry.n));
        let same_previous = self.continued.get(&(entry.by.clone(), entry.previous.clone()));
        if same_n.into_iter().chain(same_previous).any(|other| other != id) {
            return Some(Why::Fork);
        }
        let by_witness = entry.by == main.capture_key;
        let last = self.entries.last();
        let follows = usize::try_from(entry.n) == Ok(self.entries.len())
            && entry.previous.as_ref() == last.map(|(id, _)| id);
        let in_place = match last {
            None => by_witness && entry.act.begins(),
            Some((_, last)) => !by_witness || last.by == main.capture_key,
        };
        (!follows || !in_place).then_some(Why::Chain)
    }

    fn push(&mut self, id: String, entry: CustodyEntry) {
        self.numbers.insert((entry.by.clone(), entry.n), id.clone());
        self.continued.insert((entry.by.clone(), entry.previous.clone()), id.clone());
        self.ids.insert(id.clone(), self.entries.len());
        self.entries.push((id, entry));
    }
}

impl<R: Read + Seek> Folder<'_, R> {
    /// The entries up to the first that does not hold.
    pub(super) fn check_custody(&mut self, main: &Main<'_>) -> io::Result<Line> {
        let count = self.check_custody_pairs();
        let mut line = Line::default();
        for n in 0..count.max(1) {
            let stem = format!("custody/{n:04}");
            let Some(checked) = self.document::<CustodyEntry>(&stem)? else { break };
            let id = hex(&checked.id);
            if let Some(why) = line.fault(main, &id, &checked.value) {
                self.add(&format!("{stem}.json"), why);
                break;
            }
            line.push(id, checked.value);
        }
        Ok(line)
    }

    /// Notes halves without the other; gives the number of entries.
    fn check_custody_pairs(&mut self) -> usize {
        let names: Vec<String> = self
            .below("custody/")
            .iter()
            .filter_map(|entry| entry.name.strip_prefix(self.path()).map(str::to_owned))
            .collect();
        for name in &names {
            let other = match name.strip_suffix(".json") {
                Some(stem) => format!("{stem}.sig"),
                None => name.replace(".sig", ".json"),
            };
            self.demand(&other);
        }
        names.iter().filter(|name| name.ends_with(".json")).count()
    }

    /// Rules F-1, F-2 for fields of custody entries.
    pub(super) fn check_custody_facts(&mut self, line: &Line) -> io::Result<()> {
        let file = "custody-facts.json";
        let shown: Vec<CustodyDisclosure> = self.json(file)?.unwrap_or_default();
        let mut last: Option<(u32, CustodyField)> = None;
        for one in &shown {
            let Some(entry) = line.find(&one.entry) else {
                self.add(file, Why::Fact);
                continue;
            };
            if check_custody_fact(entry, one).is_err() {
                self.add(file, Why::Fact);
            }
            let place = Some((entry.n, one.field));
            if place <= last {
                self.add(file, Why::Json);
            }
            last = last.max(place);
        }
        Ok(())
    }
}
