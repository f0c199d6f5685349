// SPDX-License-Identifier: MPL-2.0
//! Drafts.

use rusqlite::{Connection, Row, Transaction};

use super::Rows;
use crate::{clock::Moment, drafts::Draft};

/// All of them, newest first.
///
/// # Errors
/// SQLite's.
pub fn all(db: &Connection) -> Rows<Vec<Draft>> {
    db.prepare_cached(
        "SELECT id, form, fields, dossier, created, created_offset, changed, changed_offset
         FROM draft ORDER BY changed DESC, id DESC",
    )?
    .query_map([], row)?
    .collect()
}

/// Keeps one; gives its row number.
///
/// # Errors
/// SQLite's.
pub fn put(tx: &Transaction<'_>, draft: &Draft) -> Rows<i64> {
    let fields = serde_json::to_string(&draft.fields).unwrap_or_else(|_| "{}".into());
    let id = (draft.id != 0).then_some(draft.id);
    tx.execute(
        "INSERT INTO draft(id, form, fields, dossier, created, created_offset, changed,
             changed_offset) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT(id) DO UPDATE SET fields = excluded.fields, dossier = excluded.dossier,
             changed = excluded.changed, changed_offset = excluded.changed_offset",
        rusqlite::params![
            id,
            draft.form,
            fields,
            draft.dossier,
            draft.created.unix,
            draft.created.offset,
            draft.changed.unix,
            draft.changed.offset,
        ],
    )?;
    Ok(id.unwrap_or_else(|| tx.last_insert_rowid()))
}

/// Forgets one.
///
/// # Errors
/// SQLite's.
pub fn remove(tx: &Transaction<'_>, id: i64) -> Rows<()> {
    tx.execute("DELETE FROM draft WHERE id = ?1", [id])?;
    Ok(())
}

fn row(row: &Row<'_>) -> Rows<Draft> {
    let fields: String = row.get(2)?;
    Ok(Draft {
        id: row.get(0)?,
        form: row.get(1)?,
        fields: serde_json::from_str(&fields).unwrap_or_default(),
        dossier: row.get(3)?,
        created: Moment { unix: row.get(4)?, offset: row.get(5)? },
        changed: Moment { unix: row.get(6)?, offset: row.get(7)? },
    })
}
