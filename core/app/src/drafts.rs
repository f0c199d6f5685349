// SPDX-License-Identifier: MPL-2.0
//! What was begun and not finished: kept with every change of a field, and never sent.

use std::collections::BTreeMap;

use crate::{clock::Moment, problem::Problem, session::Session, store::drafts};

/// Something that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Row number; 0 until it is kept for the first time.
    pub id: i64,
    /// Which form.
    pub form: String,
    /// What was entered, by field.
    pub fields: BTreeMap<String, String>,
    /// The case that its captures are in already.
    pub dossier: Option<i64>,
    /// When it was begun, by this device's clock.
    pub created: Moment,
    /// When it was last changed.
    pub changed: Moment,
}

impl Draft {
    /// An empty one; nothing of it is kept yet.
    #[must_use]
    pub fn new(form: &str, now: Moment) -> Self {
        let form = form.to_owned();
        Self { id: 0, form, fields: BTreeMap::new(), dossier: None, created: now, changed: now }
    }
}

impl Session {
    /// All drafts, newest first.
    ///
    /// # Errors
    /// The vault's.
    pub fn drafts(&self) -> Result<Vec<Draft>, Problem> {
        Ok(self.vault.read(drafts::all)?)
    }

    /// One draft.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub fn draft(&self, id: i64) -> Result<Draft, Problem> {
        let found = self.drafts()?.into_iter().find(|one| one.id == id);
        found.ok_or_else(|| Problem::NotFound { what: "draft", name: id.to_string() })
    }

    /// Keeps a draft as it is, durably.
    ///
    /// # Errors
    /// The vault's.
    pub fn save_draft(&mut self, draft: &mut Draft, now: Moment) -> Result<(), Problem> {
        draft.changed = now;
        draft.id = self.vault.write("draft", |tx| drafts::put(tx, draft))?;
        Ok(())
    }

    /// Forgets a draft. What was captured for it stays in its case.
    ///
    /// # Errors
    /// The vault's.
    pub fn drop_draft(&mut self, id: i64) -> Result<(), Problem> {
        Ok(self.vault.write("drop draft", |tx| drafts::remove(tx, id))?)
    }
}
