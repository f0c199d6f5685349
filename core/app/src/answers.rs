// SPDX-License-Identifier: MPL-2.0
//! What people write to one another about a report: an answer of who received it, and the way
//! back. A message is a written record like any other, signed and sealed, in a parcel of its own
//! (spec/records.md §3).

use std::io::Read;

use amate_wire::id::{IdentityId, ItemId};

use crate::{
    clock::Moment,
    driver::Carrier,
    exchange::{Answer, Ask, NoAnswer, Relay},
    outbox::{Order, Withheld},
    problem::Problem,
    records::{MEDIA_TYPE, Note},
    session::Session,
    store::{
        inbox::{self, Arrival, Received},
        items,
        parcels::{ParcelId, State},
    },
};

/// One message about a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whether it was written here.
    pub mine: bool,
    /// The words.
    pub text: String,
    /// When it was written here, or came, by this device's clock.
    pub at: Moment,
    /// Mine: how far it is; `None` when it is in no queue.
    pub state: Option<State>,
}

/// Largest message that is read.
const MAX_NOTE: u64 = 256 * 1024;

/// Nobody is asked: what is to be posted waits for the next round.
struct Later;

impl Carrier for Later {
    fn ask(&mut self, _: &Relay, _: &Ask) -> Result<Answer, NoAnswer> {
        Err(NoAnswer)
    }
}

impl Session {
    /// Writes to somebody about a parcel that came from them or went to them; queues it.
    ///
    /// # Errors
    /// [`Problem::Empty`]; [`Problem::NotFound`] when no such parcel was exchanged with them;
    /// those of [`Session::queue_order`], with the message kept.
    pub fn answer(
        &mut self,
        about: ParcelId,
        to: IdentityId,
        text: &str,
        now: Moment,
    ) -> Result<(), Problem> {
        let note = Note::new(text, &about).ok_or(Problem::Empty)?;
        if !self.vault.read(|db| inbox::exchanged(db, &about, to))? {
            return Err(Problem::NotFound { what: "parcel", name: String::new() });
        }
        let saved = self.keep_note(&note, about, now)?;
        let (dossier, numbers) = (saved.dossier, vec![saved.number]);
        // Who writes stands beside the words: that is what an answer is for.
        let withheld = Withheld::default();
        let order = Order { dossier, numbers, to: vec![to], withheld, consent: None };
        self.queue_order(&order, now).map(|_| ())
    }

    /// All messages about a parcel between here and them, in the order of this device's clock.
    ///
    /// # Errors
    /// The vault's.
    pub fn conversation(&self, about: ParcelId, with: IdentityId) -> Result<Vec<Line>, Problem> {
        let mut lines = self.own_lines(about, with)?;
        for received in self.answers_from(about, with)? {
            let (item, _) = self.single_item(received.id)?.ok_or(Problem::Damaged)?;
            if let Some(note) = self.note(item)? {
                let text = note.text;
                lines.push(Line { mine: false, text, at: received.at, state: None });
            }
        }
        lines.sort_by_key(|line| line.at.unix);
        Ok(lines)
    }

    /// A person has the conversation before their eyes: what came is opened, and those who are
    /// verified learn it with the next round.
    ///
    /// # Errors
    /// The vault's.
    pub fn read_conversation(
        &mut self,
        about: ParcelId,
        with: IdentityId,
        now: u64,
    ) -> Result<(), Problem> {
        for received in self.answers_from(about, with)? {
            if received.state == Arrival::Arrived {
                self.open_report(&mut Later, received.id, now)?;
            }
        }
        Ok(())
    }

    /// Opens a report without asking a relay now: the sender learns it with the next round.
    ///
    /// # Errors
    /// As [`Session::open_report`].
    pub fn open_report_later(
        &mut self,
        id: i64,
        now: u64,
    ) -> Result<crate::inbox::OpenedReport, Problem> {
        self.open_report(&mut Later, id, now)
    }

    /// Names who looks after a report; empty: nobody.
    ///
    /// # Errors
    /// The vault's.
    pub fn set_responsible(&mut self, report: i64, name: &str) -> Result<(), Problem> {
        let name = name.trim();
        Ok(self.vault.write("responsible", |tx| inbox::set_responsible(tx, report, name))?)
    }

    /// Takes a parcel that arrived for a message, when it is one: a single written message, alone
    /// in its case, about a parcel that was exchanged with its sender. Anything else is a report.
    pub(crate) fn take_as_answer(&mut self, received: &Received) -> Result<(), Problem> {
        let Some((item, dossier)) = self.single_item(received.id)? else { return Ok(()) };
        if self.items(Some(dossier))?.len() != 1 {
            return Ok(());
        }
        let Some(about) = self.note(item)?.and_then(|note| note.parcel()) else { return Ok(()) };
        let sender = received.sender;
        Ok(self.vault.write("answer", |tx| {
            if inbox::exchanged(tx, &about, sender)? {
                inbox::set_about(tx, received.id, &about)?;
                items::mark_conversation(tx, dossier, &about)?;
            }
            Ok(())
        })?)
    }

    fn answers_from(&self, about: ParcelId, with: IdentityId) -> Result<Vec<Received>, Problem> {
        let all = self.vault.read(inbox::all)?.into_iter();
        Ok(all
            .filter(|one| one.about == Some(about) && one.sender == with)
            .filter(|one| matches!(one.state, Arrival::Arrived | Arrival::Opened))
            .collect())
    }

    fn own_lines(&self, about: ParcelId, with: IdentityId) -> Result<Vec<Line>, Problem> {
        let dossiers = self.vault.read(|db| items::conversation(db, &about))?;
        if dossiers.is_empty() {
            return Ok(Vec::new());
        }
        let sendings = self.sendings()?;
        let mut own = Vec::new();
        for dossier in dossiers {
            own.extend(self.items(Some(dossier))?);
        }
        let mut lines = Vec::new();
        for item in own {
            let Some(note) = self.note(item.id)? else { continue };
            let mut deliveries = Vec::new();
            for one in sendings.iter().filter(|one| one.parcel.dossier == item.dossier) {
                if self.carries(one.parcel.id, item.id)? {
                    deliveries.extend(one.deliveries.iter());
                }
            }
            // The same parcel may have been sent to others: their messages are theirs.
            let towards = deliveries.iter().find(|one| one.contact == with);
            if towards.is_some() || deliveries.is_empty() {
                let state = towards.map(|one| one.state);
                lines.push(Line { mine: true, text: note.text, at: item.created, state });
            }
        }
        Ok(lines)
    }

    fn carries(&self, parcel: ParcelId, item: ItemId) -> Result<bool, Problem> {
        let items = self.vault.read(|db| crate::store::parcels::items(db, parcel))?;
        Ok(items.iter().any(|one| one.item == Some(item)))
    }

    fn single_item(&self, received: i64) -> Result<Option<(ItemId, i64)>, Problem> {
        let items = self.vault.read(|db| inbox::items_of(db, received))?;
        Ok(match items.as_slice() {
            [one] => Some(*one),
            _ => None,
        })
    }

    fn note(&self, item: ItemId) -> Result<Option<Note>, Problem> {
        let item = self.vault.read(|db| items::item(db, item))?;
        let Some(item) = item.filter(|item| item.media_type == MEDIA_TYPE) else {
            return Ok(None);
        };
        let Some(medium) = item.medium else { return Ok(None) };
        let mut bytes = Vec::new();
        let mut reader = self.vault.read_medium(&medium)?.take(MAX_NOTE);
        reader.read_to_end(&mut bytes).map_err(|_| Problem::Damaged)?;
        Ok(Note::from_bytes(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use amate_vault::CodeCost;
    use amate_wire::id::RelayKey;

    use super::*;

    const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
    const THEM: IdentityId = IdentityId([7; 32]);
    const OTHERS: IdentityId = IdentityId([8; 32]);
    const REPORT: ParcelId = [1; 16];

    fn received(sender: IdentityId, parcel: ParcelId) -> Received {
        Received {
            id: 0,
            sender,
            parcel,
            kind: 1,
            relay: RelayKey([0; 32]),
            notice: Vec::new(),
            state: Arrival::Arrived,
            reason: None,
            at: Moment::from(1_795_516_963),
            manifest_hash: None,
            told: false,
            responsible: None,
            about: None,
        }
    }

    /// A parcel with one message about [`REPORT`], as it lies there after it arrived.
    fn arrived(session: &mut Session, sender: IdentityId, parcel: ParcelId) -> Received {
        let note = Note::new("Ya lo recibimos", &REPORT).unwrap();
        let saved = session.keep_note(&note, parcel, 1_795_516_963.into()).unwrap();
        let items = session.items(Some(saved.dossier)).unwrap();
        session
            .vault
            .write("test", |tx| {
                inbox::add(tx, &received(sender, parcel))?;
                let id = inbox::all(tx)?.last().map_or(0, |one| one.id);
                inbox::add_item(tx, id, &items[0].id.0, saved.dossier)
            })
            .unwrap();
        session.vault.read(inbox::all).unwrap().pop().unwrap()
    }

    fn about(session: &Session, id: i64) -> Option<ParcelId> {
        session.vault.read(|db| inbox::one(db, id)).unwrap().unwrap().about
    }

    #[test]
    fn a_message_about_a_parcel_of_somebody_else_is_a_report() {
        let dir = tempfile::tempdir().unwrap();
        let mut session =
            Session::create(&dir.path().join("v"), b"a code", CHEAP, "", 1_795_516_963).unwrap();
        // The report came from others: they may write about it, and nobody else.
        session.vault.write("test", |tx| inbox::add(tx, &received(OTHERS, REPORT))).unwrap();
        let theirs = arrived(&mut session, THEM, [2; 16]);
        session.take_as_answer(&theirs).unwrap();
        assert_eq!(about(&session, theirs.id), None);
        assert!(session.conversation(REPORT, THEM).unwrap().is_empty());
        let others = arrived(&mut session, OTHERS, [3; 16]);
        session.take_as_answer(&others).unwrap();
        assert_eq!(about(&session, others.id), Some(REPORT));
        // What lies there was written here, for this test: only what came counts.
        let said = session.conversation(REPORT, OTHERS).unwrap();
        let came: Vec<_> = said.iter().filter(|line| !line.mine).collect();
        assert_eq!(came.len(), 1);
        assert_eq!(came[0].text, "Ya lo recibimos");
        // Something else beside it in its case: then it is a report, and hides nothing.
        let more = arrived(&mut session, OTHERS, [4; 16]);
        let (_, dossier) = session.single_item(more.id).unwrap().unwrap();
        let beside = crate::take::Into::Number(dossier);
        session.log("Otra cosa", None, None, &beside, 1_795_516_963).unwrap();
        session.take_as_answer(&more).unwrap();
        assert_eq!(about(&session, more.id), None);
    }

    #[test]
    fn nobody_is_written_to_about_what_was_never_exchanged_with_them() {
        let dir = tempfile::tempdir().unwrap();
        let mut session =
            Session::create(&dir.path().join("v"), b"a code", CHEAP, "", 1_795_516_963).unwrap();
        let refused = session.answer(REPORT, THEM, "Hola", 1_795_516_963.into());
        assert!(matches!(refused, Err(Problem::NotFound { .. })));
        assert!(session.items(None).unwrap().is_empty(), "nothing of it is kept");
        assert!(matches!(
            session.answer(REPORT, THEM, "  ", 1_795_516_963.into()),
            Err(Problem::Empty)
        ));
    }
}
