// SPDX-License-Identifier: MPL-2.0
//! Rows of the vault: one module per table group. Writers take a transaction, readers a connection.

pub mod deleting;
pub mod drafts;
pub mod inbox;
pub mod items;
pub mod parcels;
pub mod people;
pub mod schema;
pub mod search;
pub mod settings;

/// What SQLite answers.
pub type Rows<T> = rusqlite::Result<T>;

/// Reads a BLOB column of exactly `N` bytes.
pub(crate) fn fixed<const N: usize>(row: &rusqlite::Row<'_>, column: usize) -> Rows<[u8; N]> {
    let bytes: Vec<u8> = row.get(column)?;
    bytes.try_into().map_err(|_| {
        rusqlite::Error::InvalidColumnType(column, "fixed".into(), rusqlite::types::Type::Blob)
    })
}

/// As [`fixed`], for a column that may be NULL.
pub(crate) fn fixed_or_none<const N: usize>(
    row: &rusqlite::Row<'_>,
    column: usize,
) -> Rows<Option<[u8; N]>> {
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => fixed(row, column).map(Some),
    }
}
