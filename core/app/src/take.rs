// SPDX-License-Identifier: MPL-2.0
//! Taking in: what happened, files that exist, captures, live recordings. Content goes straight
//! into sealed chunks; the item, its custody and its case are durable in one commit.

mod recording;

use std::{convert, io::Read};

use amate_seal::{random, secret::Secret, sign::SigningKey};
use amate_vault::{FinishedMedium, MediaWriter};
use amate_wire::{
    document::{SignedDocument, hex},
    facts::{Fact, MAX_VALUE},
    manifest::{LogRoot, Origin},
};
use rusqlite::Transaction;
use zeroize::Zeroizing;

use crate::{
    clock::{self, Moment},
    evidence::{self, Given, MadeEntry, MadeItem, NewItem, Stripped, case_statement, make_item},
    problem::Problem,
    records::{self, Incident},
    search,
    session::Session,
    store::{
        self,
        items::{self, Entry, Item, ItemState},
    },
};

pub use recording::Recording;

/// Which case an item goes into.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Into {
    /// The newest one of this vault's own; a new one when there is none.
    Last,
    /// This number.
    Number(i64),
    /// A new one with this title, which never leaves the vault.
    New(String),
    /// A message about this parcel: no case for people.
    Conversation([u8; 16]),
}

/// What was saved, durably.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Number of the case.
    pub dossier: i64,
    /// Number of the item in the case.
    pub number: u32,
    /// As recognised.
    pub media_type: String,
    /// Bytes of metadata taken off.
    pub stripped: usize,
    /// `false` for a capture whose metadata could not be separated.
    pub understood: bool,
}

/// Largest capture that is held in memory to take its metadata off (a photo).
const MAX_PHOTO: u64 = 24 * 1024 * 1024;
const PIECE: usize = 64 * 1024;
/// Characters of a story that stand for it in a list.
const TITLE: usize = 40;

impl Session {
    /// Saves an incident in the person's own words.
    ///
    /// # Errors
    /// [`Problem::Empty`] without a story.
    pub fn log(
        &mut self,
        story: &str,
        when: Option<&str>,
        place: Option<&str>,
        into: &Into,
        now: impl convert::Into<Moment>,
    ) -> Result<Saved, Problem> {
        let incident = Incident::new(story, when, place).ok_or(Problem::Empty)?;
        let facts: Vec<_> =
            incident.place.iter().map(|place| (Fact::Place, place.clone())).collect();
        let title = beginning(&incident.story);
        let bytes = Zeroizing::new(incident.to_bytes());
        let medium = self.store(&mut bytes.as_slice())?.0;
        let media_type = records::MEDIA_TYPE;
        let origin = Origin::Record;
        let new = New { origin, media_type, facts, title, incident: Some(incident) };
        self.keep(new, medium, into, now.into())
    }

    /// Saves what one writes to another about a parcel.
    pub(crate) fn keep_note(
        &mut self,
        note: &records::Note,
        about: [u8; 16],
        now: Moment,
    ) -> Result<Saved, Problem> {
        let bytes = Zeroizing::new(note.to_bytes());
        let medium = self.store(&mut bytes.as_slice())?.0;
        let title = beginning(&note.text);
        let (origin, media_type) = (Origin::Record, records::MEDIA_TYPE);
        let new = New { origin, media_type, facts: Vec::new(), title, incident: None };
        self.keep(new, medium, &Into::Conversation(about), now)
    }

    /// Keeps a file that exists already, exactly as it is. No capture time is claimed for it.
    ///
    /// # Errors
    /// [`Problem::CannotRead`], [`Problem::NoSpace`] with nothing of it kept.
    pub fn import(
        &mut self,
        name: &str,
        content: &mut impl Read,
        into: &Into,
        now: impl convert::Into<Moment>,
    ) -> Result<Saved, Problem> {
        let (medium, head) = self.store(content).map_err(|problem| unreadable(problem, name))?;
        let facts = vec![(Fact::Name, name.to_owned())];
        let media_type = evidence::media_type(&head);
        let new = New::file(Origin::Import, media_type, facts, name);
        self.keep(new, medium, into, now.into())
    }

    /// Keeps a capture made inside the app: metadata is taken off before hashing and kept as a
    /// fact. What is too large to be a photo is kept as it comes.
    ///
    /// # Errors
    /// As [`Session::import`].
    pub fn capture(
        &mut self,
        name: &str,
        content: &mut impl Read,
        into: &Into,
        now: impl convert::Into<Moment>,
    ) -> Result<Saved, Problem> {
        let now = now.into();
        let mut photo = Zeroizing::new(Vec::new());
        content
            .by_ref()
            .take(MAX_PHOTO + 1)
            .read_to_end(&mut photo)
            .map_err(|_| Problem::CannotRead(name.to_owned()))?;
        let bytes = std::mem::take(&mut *photo);
        let stripped = if bytes.len() as u64 > MAX_PHOTO {
            // Its end is not here: nobody can say what is metadata.
            Stripped { content: bytes, metadata: Vec::new(), understood: false }
        } else {
            evidence::strip(bytes)
        };
        let metadata = Zeroizing::new(data_encoding::BASE64.encode(&stripped.metadata));
        let mut facts = Vec::new();
        if !metadata.is_empty() {
            facts.push((Fact::Metadata, metadata.to_string()));
        }
        let media_type = evidence::media_type(&stripped.content);
        let (kept, understood) = (Zeroizing::new(stripped.content), stripped.understood);
        let (medium, _) = self
            .store(&mut kept.as_slice().chain(content))
            .map_err(|problem| unreadable(problem, name))?;
        let new = New::file(Origin::Capture, media_type, facts, name);
        let saved = self.keep(new, medium, into, now)?;
        if metadata.len() > MAX_VALUE {
            // The fact is its hash alone: the bytes stay as a piece of the case, and are not lost.
            let beside = format!("{name}.metadata");
            let into = Into::Number(saved.dossier);
            self.import(&beside, &mut stripped.metadata.as_slice(), &into, now)?;
        }
        Ok(Saved { stripped: stripped.metadata.len(), understood, ..saved })
    }

    /// Content into sealed chunks; gives the finished medium and its first bytes.
    pub(crate) fn store(
        &mut self,
        content: &mut impl Read,
    ) -> Result<(FinishedMedium, Vec<u8>), Problem> {
        let mut writer = self.vault.begin_medium()?;
        let id = writer.id();
        match pour(content, &mut writer) {
            Ok(head) => Ok((writer.finish()?, head)),
            Err(problem) => {
                drop(writer);
                self.vault.delete_medium(&id)?;
                Err(problem)
            }
        }
    }

    fn keep(
        &mut self,
        new: New<'_>,
        medium: FinishedMedium,
        into: &Into,
        now: Moment,
    ) -> Result<Saved, Problem> {
        let mut rng = random::system();
        let said = clock::rfc3339(now.unix);
        let mut facts = self.common_facts(&said, Some(new.origin))?;
        facts.extend(new.facts.iter().cloned());
        let (root, before) = self.log_root(now.unix)?.unzip();
        let description = NewItem {
            origin: new.origin,
            media_type: new.media_type.to_owned(),
            sha256: medium.sha256,
            length: medium.length,
            not_before: root,
            derived_from: None,
            previous: None,
            facts,
        };
        let made = make_item(description, &said, &mut rng);
        let mut item = self.row(&new, &made, medium.id, now);
        item.state = ItemState::Complete;
        item.length = medium.length;
        item.sha256 = Some(medium.sha256);
        item.before = before;
        self.put_new(item, &made, new.incident.as_ref(), into, |tx| medium.record(tx))
    }

    /// Author and identity always; the clock unless the item claims no time of its making.
    fn common_facts(&self, clock: &str, origin: Option<Origin>) -> Result<Vec<Given>, Problem> {
        let mut facts = vec![(Fact::Identity, hex(&self.keys()?.identity()))];
        if !self.name.is_empty() {
            facts.push((Fact::Author, self.name.to_string()));
        }
        if origin != Some(Origin::Import) {
            facts.push((Fact::Clock, clock.to_owned()));
        }
        Ok(facts)
    }

    fn row(&self, new: &New<'_>, made: &MadeItem, medium: [u8; 16], now: Moment) -> Item {
        Item {
            id: made.id,
            dossier: 0,
            number: 0,
            origin: new.origin.word().into(),
            media_type: new.media_type.to_owned(),
            mine: true,
            kept: Some(made.kept.to_bytes()),
            document: made.document.encode(),
            closing: None,
            state: ItemState::Recording,
            medium: Some(medium),
            length: 0,
            sha256: None,
            facts: "[]".into(),
            custody_facts: "[]".into(),
            source: None,
            created: now,
            title: new.title.clone(),
            before: None,
        }
    }

    /// Puts the item, its first custody entry, the next case statement and what is searched of it
    /// into one commit.
    fn put_new(
        &mut self,
        mut item: Item,
        made: &MadeItem,
        incident: Option<&Incident>,
        into: &Into,
        also: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<Saved, Problem> {
        let session = self.clone();
        let _adding = session.adding();
        let (mut dossier, mut title) = self.choose(into)?;
        let key = match dossier {
            Some(id) => self.case_key(id)?,
            None => SigningKey::random(&mut random::system()),
        };
        let mut before = None;
        if let Some(id) = dossier
            && let Some(held) = self.vault.read(|db| items::dossier(db, id))?
        {
            title = held.title;
            before = held.statement;
        }
        let before = before.map(|bytes| SignedDocument::parse(&bytes)).transpose()?;
        let text = search::text(&title, &item.title, incident);
        let (statement, number) =
            case_statement(&key, before.as_ref(), made.id, &made.kept.capture_key()?)?;
        item.number = number;
        self.vault.write("new item", |tx| {
            let id = match dossier {
                Some(id) => id,
                None => items::add_dossier(tx, &title, &key.public(), Some(key.seed().expose()))?,
            };
            if let (None, Into::Conversation(about)) = (dossier, into) {
                items::mark_conversation(tx, id, about)?;
            }
            if dossier.is_none() && !title.is_empty() {
                store::search::put_case(tx, id, &search::text(&title, "", None))?;
            }
            dossier = Some(id);
            item.dossier = id;
            also(tx)?;
            items::put_item(tx, &item)?;
            items::add_entry(tx, item.id, &stored(&made.entry))?;
            items::put_statement(tx, id, &statement.encode())?;
            // Messages stand beside what they are about; they are no case that is found by words.
            if matches!(into, Into::Conversation(_)) {
                return Ok(());
            }
            store::search::put_item(tx, id, item.id, &text)
        })?;
        Ok(Saved {
            dossier: item.dossier,
            number,
            media_type: item.media_type,
            stripped: 0,
            understood: true,
        })
    }

    /// The case chosen, or the title of a new one.
    fn choose(&self, into: &Into) -> Result<(Option<i64>, String), Problem> {
        let own = |id| self.vault.read(|db| items::dossier_seed(db, id));
        match into {
            Into::New(title) => Ok((None, title.clone())),
            // Its statement lists it alone: what is written to others stands in none of theirs.
            Into::Conversation(_) => Ok((None, String::new())),
            Into::Number(id) => match own(*id)? {
                Some(_) => Ok((Some(*id), String::new())),
                None => Err(Problem::NotFound { what: "case", name: id.to_string() }),
            },
            Into::Last => {
                for dossier in self.vault.read(items::cases)?.into_iter().rev() {
                    if own(dossier.id)?.is_some() {
                        return Ok((Some(dossier.id), String::new()));
                    }
                }
                Ok((None, String::new()))
            }
        }
    }

    fn case_key(&self, id: i64) -> Result<SigningKey, Problem> {
        let seed = self.vault.read(|db| items::dossier_seed(db, id))?.ok_or(Problem::Damaged)?;
        Ok(SigningKey::from_seed(&Secret::new(seed)))
    }

    /// The newest checkpoint of any relay that this vault verified.
    fn log_root(&self, now: u64) -> Result<Option<(LogRoot, String)>, Problem> {
        crate::witness::newest_root(self, now)
    }
}

/// An entry as the vault stores it.
pub(crate) fn stored(entry: &MadeEntry) -> Entry {
    let disclosures = amate_wire::document::write(&entry.disclosures);
    Entry {
        n: entry.n,
        signer: entry.signer,
        id: entry.id,
        document: entry.document.encode(),
        disclosures: String::from_utf8(disclosures).unwrap_or_default(),
    }
}

/// The first words of a story.
fn beginning(story: &str) -> String {
    let Some((end, _)) = story.char_indices().nth(TITLE) else { return story.to_owned() };
    let cut = story.get(..end).unwrap_or_default();
    let words = cut.rfind(char::is_whitespace).and_then(|end| cut.get(..end)).unwrap_or(cut);
    format!("{}…", words.trim_end())
}

struct New<'a> {
    origin: Origin,
    media_type: &'a str,
    facts: Vec<Given>,
    title: String,
    incident: Option<Incident>,
}

impl<'a> New<'a> {
    fn file(origin: Origin, media_type: &'a str, facts: Vec<Given>, name: &str) -> Self {
        Self { origin, media_type, facts, title: name.to_owned(), incident: None }
    }
}

/// Copies all bytes; gives the first ones.
pub(crate) fn pour(content: &mut impl Read, writer: &mut MediaWriter) -> Result<Vec<u8>, Problem> {
    let mut buffer = Zeroizing::new(vec![0; PIECE]);
    let mut head = Vec::new();
    loop {
        let n = match content.read(&mut buffer) {
            Ok(0) => return Ok(head),
            Ok(n) => n,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => return Err(Problem::CannotRead(String::new())),
        };
        let piece = buffer.get(..n).unwrap_or_default();
        if head.len() < 512 {
            head.extend_from_slice(piece.get(..512.min(n)).unwrap_or_default());
        }
        writer.write(piece)?;
    }
}

fn unreadable(problem: Problem, name: &str) -> Problem {
    match problem {
        Problem::CannotRead(_) => Problem::CannotRead(name.to_owned()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn a_story_is_named_by_its_first_whole_words() {
        assert_eq!(beginning("Volvieron hoy, sin placas."), "Volvieron hoy, sin placas.");
        let long = "Dos personas en una camioneta gris preguntaron por mí.";
        assert_eq!(beginning(long), "Dos personas en una camioneta gris…");
        assert_eq!(beginning(&"á".repeat(90)), format!("{}…", "á".repeat(40)));
    }
}
