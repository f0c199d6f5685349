// SPDX-License-Identifier: MPL-2.0
//! One item: manifest or opening, its place in the case, and everything that hangs on them.

use std::io::{self, Read, Seek};

use amate_wire::{
    document::unhex,
    facts::{Commitments, Disclosure, Fact},
    id::ItemId,
    live::LiveOpening,
    manifest::{LogRoot, Manifest, Origin},
};

use super::{
    super::{
        archive::Archive,
        result::{Clock, Findings, ItemResult, State, Why},
    },
    Case,
    folder::{Checked, Folder},
};
use crate::evidence::check_fact;

/// Manifest and opening of an item, as far as they hold.
pub(super) struct Documents {
    /// Whether the folder is a live recording's: by the names in it.
    pub(super) live: bool,
    pub(super) manifest: Option<Checked<Manifest>>,
    pub(super) opening: Option<Checked<LiveOpening>>,
}

/// What the document that an item is known by says: its opening or its manifest.
pub(super) struct Main<'a> {
    pub(super) id: ItemId,
    pub(super) capture_key: &'a str,
    pub(super) facts: &'a Commitments,
    pub(super) not_before: Option<&'a LogRoot>,
}

/// Checks the folder of an item.
pub(super) fn check_item<R: Read + Seek>(
    archive: &mut Archive<R>,
    number: u32,
    case: Option<&Case>,
    found: &mut Findings,
) -> io::Result<ItemResult> {
    let mut folder = Folder::new(archive, found, format!("items/{number:04}/"));
    let documents = folder.documents()?;
    let mut result = documents.result(number);
    if let Some(main) = documents.main() {
        folder.check_place(number, &documents, &main, case);
        let content = folder.check_content(&documents)?;
        result.segments = content.segments;
        let line = folder.check_custody(&main)?;
        result.custody = line.len();
        result.facts = folder.check_facts(&main)?;
        folder.check_custody_facts(&line)?;
        let bounds = folder.check_receipts(&main, &line, content.end)?;
        (result.not_before, result.not_after) = (bounds.not_before, bounds.not_after);
    }
    if result.not_before.is_some() || result.not_after.is_some() {
        result.clock = Clock::Relay;
    }
    if folder.found.touch(folder.path()) {
        result.state = State::Altered;
    }
    Ok(result)
}

impl Documents {
    /// Opening or manifest, when it holds.
    pub(super) fn main(&self) -> Option<Main<'_>> {
        if self.live {
            self.opening.as_ref().map(|opening| Main {
                id: ItemId(opening.id),
                capture_key: &opening.value.capture_key,
                facts: &opening.value.facts,
                not_before: opening.value.not_before.as_ref(),
            })
        } else {
            self.manifest.as_ref().map(|manifest| Main {
                id: ItemId(manifest.id),
                capture_key: &manifest.value.capture_key,
                facts: &manifest.value.facts,
                not_before: manifest.value.not_before.as_ref(),
            })
        }
    }

    /// The file that the item is known by.
    fn main_file(&self) -> &'static str {
        if self.live { "opening.json" } else { "manifest.json" }
    }

    fn result(&self, n: u32) -> ItemResult {
        let origin = match &self.manifest {
            _ if self.live => Origin::Live.word(),
            Some(manifest) => manifest.value.origin.word(),
            None => "",
        };
        let whole = !self.live || self.manifest.is_some();
        ItemResult {
            n,
            item: self.main().map_or_else(String::new, |main| main.id.hex()),
            origin: origin.into(),
            state: if whole { State::Complete } else { State::Interrupted },
            segments: 0,
            facts: Vec::new(),
            custody: 0,
            not_before: None,
            not_after: None,
            clock: Clock::None,
        }
    }
}

impl<R: Read + Seek> Folder<'_, R> {
    fn documents(&mut self) -> io::Result<Documents> {
        let live = !self.below("opening.").is_empty();
        let closed = !self.below("manifest.").is_empty();
        let opening = if live { self.document("opening")? } else { None };
        let manifest = if closed || !live { self.document::<Manifest>("manifest")? } else { None };
        let strange =
            |manifest: &Checked<Manifest>| (manifest.value.origin == Origin::Live) != live;
        if manifest.as_ref().is_some_and(strange) {
            self.add("manifest.json", Why::Json);
            return Ok(Documents { live, manifest: None, opening });
        }
        Ok(Documents { live, manifest, opening })
    }

    /// Rule S-2, and that the statement lists this item under this number.
    fn check_place(
        &mut self,
        number: u32,
        documents: &Documents,
        main: &Main<'_>,
        case: Option<&Case>,
    ) {
        let Some(case) = case else { return };
        let listed =
            unhex(main.capture_key).ok().and_then(|key| case.checked.number_of(main.id, &key));
        if listed != Some(number) {
            self.add(documents.main_file(), Why::Countersignature);
        }
    }

    /// Rules F-1, F-2: the facts shown that hold.
    fn check_facts(&mut self, main: &Main<'_>) -> io::Result<Vec<Fact>> {
        let shown: Vec<Disclosure> = self.json("facts.json")?.unwrap_or_default();
        let count = shown.len();
        let holding: Vec<Fact> = shown
            .into_iter()
            .filter(|one| check_fact(main.facts, one).is_ok())
            .map(|one| one.fact)
            .collect();
        if holding.len() < count {
            self.add("facts.json", Why::Fact);
        }
        Ok(holding)
    }
}
