// SPDX-License-Identifier: MPL-2.0
//! Handing a case over: the canonical zip of what is here, in the clear or sealed to age
//! recipients.

use std::io::{Read, Write};

use amate_seal::{
    age::{Recipient, Writer},
    random,
};
use amate_wire::{
    custody::Act,
    document::SignedDocument,
    facts::{CustodyDisclosure, CustodyField, Disclosure, Fact},
    log::SignedCheckpoint,
};

use crate::{
    clock,
    evidence::{Kept, next_entry},
    export::{
        ExportCase, ExportDocument, ExportError, ExportItem, ExportReceipt, Exporter, explain,
        verify_export, write_export,
    },
    problem::Problem,
    session::Session,
    store::items::{self, Entry, Item, ItemState},
    take::stored,
    text::Message,
};

/// Facts that the person chose to show.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Show {
    /// All that are here.
    All,
    /// These.
    Only(Vec<Fact>),
}

impl Show {
    /// `all`, or names separated by commas; `none` for none.
    ///
    /// # Errors
    /// [`Problem::NotUnderstood`] for a name that is no fact.
    pub fn from_text(text: &str) -> Result<Self, Problem> {
        match text {
            "all" => Ok(Self::All),
            "none" => Ok(Self::Only(Vec::new())),
            names => names
                .split(',')
                .map(|name| {
                    Fact::from_name(name.trim()).ok_or(Problem::NotUnderstood { what: "fact" })
                })
                .collect::<Result<_, _>>()
                .map(Self::Only),
        }
    }

    fn shows(&self, fact: Fact) -> bool {
        match self {
            Self::All => true,
            Self::Only(facts) => facts.contains(&fact),
        }
    }
}

/// Recipients outside, from their texts. Classic ones only when the person accepts that a future
/// quantum computer may open the file; never both kinds together.
///
/// # Errors
/// [`Problem::NotUnderstood`], [`Problem::ClassicRecipient`], [`Problem::MixedRecipients`].
pub fn recipients(texts: &[String], accept_classic: bool) -> Result<Vec<Recipient>, Problem> {
    let recipients = texts
        .iter()
        .map(|text| {
            Recipient::from_text(text.trim())
                .map_err(|_| Problem::NotUnderstood { what: "recipient" })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let classic = recipients.iter().filter(|one| matches!(one, Recipient::Classic(_))).count();
    match classic {
        0 => Ok(recipients),
        n if n < recipients.len() => Err(Problem::MixedRecipients),
        _ if accept_classic => Ok(recipients),
        _ => Err(Problem::ClassicRecipient),
    }
}

impl Session {
    /// Writes the export of a case, sealed when recipients are given; custody says so first.
    ///
    /// # Errors
    /// [`Problem::NotFound`], [`Problem::CannotWrite`].
    pub fn hand_over(
        &mut self,
        dossier: i64,
        show: &Show,
        to: &[Recipient],
        out: impl Write,
        now: u64,
    ) -> Result<(), Problem> {
        let not_found = || Problem::NotFound { what: "case", name: dossier.to_string() };
        let row = self.vault.read(|db| items::dossier(db, dossier))?.ok_or_else(not_found)?;
        let statement = SignedDocument::parse(&row.statement.ok_or_else(not_found)?)?;
        let all: Vec<_> = self
            .vault
            .read(|db| items::items(db, Some(dossier)))?
            .into_iter()
            .filter(|item| item.state != ItemState::Recording)
            .collect();
        self.say_exported(&all, now)?;
        let exported =
            all.iter().map(|item| self.export_item(item, show)).collect::<Result<_, _>>()?;
        let case = ExportCase { statement, items: exported };
        if to.is_empty() {
            self.write(&case, &all, out, now).map(drop)
        } else {
            let mut rng = random::system();
            let sealed =
                Writer::new(out, to, &mut rng).map_err(|_| Problem::CannotWrite(String::new()))?;
            let sealed = self.write(&case, &all, sealed, now)?;
            let mut out = sealed.finish().map_err(|_| Problem::CannotWrite(String::new()))?;
            out.flush().map_err(|_| Problem::CannotWrite(String::new()))
        }
    }

    /// What is proved of a case and what is not, in the words of its export: the export is made
    /// into a sealed medium of the vault, verified as anybody would, and forgotten.
    ///
    /// # Errors
    /// [`Problem::NoSpace`] when the reserve does not hold it.
    pub fn what_is_proved(&mut self, dossier: i64) -> Result<Vec<Message>, Problem> {
        let not_found = || Problem::NotFound { what: "case", name: dossier.to_string() };
        let row = self.vault.read(|db| items::dossier(db, dossier))?.ok_or_else(not_found)?;
        let statement = SignedDocument::parse(&row.statement.ok_or_else(not_found)?)?;
        let all = self.vault.read(|db| items::items(db, Some(dossier)))?;
        let all: Vec<_> =
            all.into_iter().filter(|item| item.state != ItemState::Recording).collect();
        let exported =
            all.iter().map(|item| self.export_item(item, &Show::All)).collect::<Result<_, _>>()?;
        let case = ExportCase { statement, items: exported };
        let writer = self.vault.begin_medium()?;
        let id = writer.id();
        let medium = self.write(&case, &all, writer, 0)?.finish()?;
        let result = verify_export(self.vault.read_medium_unrecorded(&medium)?);
        self.vault.delete_medium(&id)?;
        result.map(|result| explain(&result)).map_err(|_| Problem::Damaged)
    }

    fn write<W: Write>(
        &self,
        case: &ExportCase,
        all: &[Item],
        mut out: W,
        now: u64,
    ) -> Result<W, Problem> {
        let keys = self.keys()?;
        let exporter = Exporter {
            identity: keys.identity(),
            certificate: keys.certificate(),
            device: keys.device(),
            clock: now,
        };
        let contents = |number| {
            let item = all.iter().find(|item| item.number == number);
            let medium = item.and_then(|item| Some((item.medium?, item.length)));
            let (medium, length) = medium.ok_or(std::io::ErrorKind::NotFound)?;
            let reader = self.vault.read_medium(&medium).map_err(std::io::Error::other)?;
            Ok(reader.take(length))
        };
        write_export(case, &exporter, contents, &mut out).map_err(|error| match error {
            ExportError::TooLarge => Problem::NoSpace,
            ExportError::Changed => Problem::Damaged,
            ExportError::Io(_) => Problem::CannotWrite(String::new()),
        })?;
        Ok(out)
    }

    /// Appends an *export* entry to each item: by its capture key when it is one's own, else on
    /// one's own branch.
    fn say_exported(&mut self, all: &[Item], now: u64) -> Result<(), Problem> {
        let session = self.clone();
        let _adding = session.adding();
        let mut entries = Vec::new();
        for item in all {
            let said = clock::rfc3339(now);
            let mut rng = random::system();
            let entry = if item.mine {
                let (kept, head) = self.own_head(item)?;
                let key = kept.capture_key()?;
                next_entry(item.id, head, &key, Act::Export, &said, "", &mut rng)
            } else {
                let head = self.branch_head(item)?;
                let keys = self.keys()?;
                let key = keys.device();
                next_entry(item.id, head, key, Act::Export, &said, "", &mut rng)
            };
            entries.push((item.id, stored(&entry)));
        }
        Ok(self.vault.write("exported", |tx| {
            entries.iter().try_for_each(|(item, entry)| items::add_entry(tx, *item, entry))
        })?)
    }

    fn export_item(&self, item: &Item, show: &Show) -> Result<ExportItem, Problem> {
        let line = self.custody_line(item)?;
        let document = SignedDocument::parse(&item.document)?;
        let document = if item.origin == "live" {
            let closing = item.closing.as_deref().map(SignedDocument::parse).transpose()?;
            ExportDocument::Live { opening: document, closing }
        } else {
            ExportDocument::Manifest(document)
        };
        Ok(ExportItem {
            number: item.number,
            document,
            custody: line
                .iter()
                .map(|entry| SignedDocument::parse(&entry.document))
                .collect::<Result<_, _>>()?,
            facts: self.facts(item)?.into_iter().filter(|one| show.shows(one.fact)).collect(),
            custody_facts: custody_facts(item, &line),
            receipts: self.receipts(item, &line)?,
        })
    }

    /// From the newest entry of one's own back to the first: the witness's part that was
    /// delivered, then one's own branch.
    fn custody_line(&self, item: &Item) -> Result<Vec<Entry>, Problem> {
        let head = if item.mine { self.own_head(item)?.1 } else { self.branch_head(item)? };
        let all = self.vault.read(|db| items::custody(db, item.id))?;
        let mut line = Vec::new();
        let mut next = Some(head.1);
        while let Some(id) = next {
            let entry = all.iter().find(|entry| entry.id == id).ok_or(Problem::Damaged)?;
            let parsed: amate_wire::custody::CustodyEntry =
                SignedDocument::parse(&entry.document)?.read()?;
            next = match parsed.previous {
                Some(hex) => Some(amate_wire::id::DocumentId::from_hex(&hex)?),
                None => None,
            };
            line.push(entry.clone());
        }
        line.reverse();
        Ok(line)
    }

    fn facts(&self, item: &Item) -> Result<Vec<Disclosure>, Problem> {
        let facts = match &item.kept {
            Some(bytes) => Kept::from_bytes(bytes)?.facts.choose(|_| true),
            None => amate_wire::document::read(item.facts.as_bytes())?,
        };
        Ok(facts)
    }

    fn receipts(&self, item: &Item, line: &[Entry]) -> Result<Vec<ExportReceipt>, Problem> {
        let leaves = self.vault.read(|db| items::leaves(db, item.id))?;
        // Whoever sends an item on can add a log of their own making: only relays that a person
        // chose speak about time.
        let known: Vec<_> = self.relays()?.into_iter().map(|relay| relay.key).collect();
        let leaves = leaves
            .into_iter()
            .filter(|leaf| item.mine || known.contains(&leaf.relay))
            .filter(|leaf| line.iter().any(|entry| entry.id == leaf.head));
        let mut receipts = Vec::new();
        for leaf in leaves.take(100) {
            let Some(proof) = leaf.proof else { continue };
            // The lower bound stands beside a receipt of the same relay.
            let before = item.before.clone().filter(|text| {
                SignedCheckpoint::parse(text).is_ok_and(|signed| {
                    amate_seal::note::verify_checkpoint(&leaf.relay, &signed).is_ok()
                })
            });
            receipts.push(ExportReceipt {
                relay: leaf.relay,
                salt: leaf.salt,
                head_n: leaf.head_n,
                head: leaf.head,
                proof,
                not_before: before,
            });
        }
        Ok(receipts)
    }
}

/// Clocks of the entries in line, as far as they are known here.
fn custody_facts(item: &Item, line: &[Entry]) -> Vec<CustodyDisclosure> {
    let received = serde_json::from_str::<Vec<CustodyDisclosure>>(&item.custody_facts);
    let own = line
        .iter()
        .filter_map(|entry| serde_json::from_str::<Vec<CustodyDisclosure>>(&entry.disclosures).ok())
        .flatten();
    let mut facts: Vec<CustodyDisclosure> = received
        .unwrap_or_default()
        .into_iter()
        .chain(own)
        .filter(|one| one.field == CustodyField::Clock)
        .filter(|one| line.iter().any(|entry| entry.id.hex() == one.entry))
        .collect();
    let place = |one: &CustodyDisclosure| line.iter().position(|entry| entry.id.hex() == one.entry);
    facts.sort_by_key(|one| (place(one), one.field));
    facts.dedup_by(|a, b| a.entry == b.entry && a.field == b.field);
    facts
}
