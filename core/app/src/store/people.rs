// SPDX-License-Identifier: MPL-2.0
//! Contacts and the relays that this vault knows.

use amate_wire::{
    capability::Capability,
    id::{IdentityId, RelayKey},
};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::{Rows, fixed};
use crate::exchange::Relay;

/// Somebody this vault can send to or hears from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Their identity id.
    pub identity: IdentityId,
    /// What the person calls them.
    pub name: String,
    /// Their newest key set, bytes; empty while it could not be fetched.
    pub key_set: Vec<u8>,
    /// Relay that publishes their key sets.
    pub relay: RelayKey,
    /// Checked by QR or by spoken words.
    pub verified: bool,
    /// Nothing of theirs is taken in.
    pub blocked: bool,
}

/// All relays, preferred first.
///
/// # Errors
/// SQLite's.
pub fn relays(db: &Connection) -> Rows<Vec<Relay>> {
    db.prepare_cached("SELECT key, url, capability FROM relay ORDER BY rank, key")?
        .query_map([], relay_row)?
        .collect()
}

/// One relay by its key.
///
/// # Errors
/// SQLite's.
pub fn relay(db: &Connection, key: RelayKey) -> Rows<Option<Relay>> {
    db.query_row("SELECT key, url, capability FROM relay WHERE key = ?1", [key.0], relay_row)
        .optional()
}

/// Adds a relay or changes its address; a capability already held stays unless a new one is given.
///
/// # Errors
/// SQLite's.
pub fn put_relay(tx: &Transaction<'_>, relay: &Relay) -> Rows<()> {
    tx.execute(
        "INSERT INTO relay(key, url, capability, rank)
         VALUES(?1, ?2, ?3, (SELECT count(*) FROM relay))
         ON CONFLICT(key) DO UPDATE SET url = excluded.url,
             capability = coalesce(excluded.capability, capability)",
        (relay.key.0, &relay.url, &relay.capability),
    )?;
    Ok(())
}

/// Adds a relay that a contact names. The address of one already known stays: only the person
/// changes it. So does a capability, unless the person took this one from another's screen and the
/// one held is not an organisation's own.
///
/// # Errors
/// SQLite's.
pub fn learn_relay(tx: &Transaction<'_>, relay: &Relay, from_screen: bool) -> Rows<()> {
    match self::relay(tx, relay.key)? {
        Some(held) => {
            let stays = |text: &String| {
                !from_screen || Capability::from_text(text).is_ok_and(|one| one.n == 0)
            };
            let kept = held.capability.clone().filter(stays);
            let capability = kept.or_else(|| relay.capability.clone()).or(held.capability);
            put_relay(tx, &Relay { url: held.url, capability, ..relay.clone() })
        }
        None => put_relay(tx, relay),
    }
}

/// Newest verified checkpoint of a relay and, when it showed two logs, the other one.
///
/// # Errors
/// SQLite's.
pub fn checkpoints(db: &Connection, key: RelayKey) -> Rows<(Option<String>, Option<String>)> {
    db.query_row("SELECT checkpoint, forked FROM relay WHERE key = ?1", [key.0], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
    .optional()
    .map(Option::unwrap_or_default)
}

/// Keeps a newer checkpoint.
///
/// # Errors
/// SQLite's.
pub fn put_checkpoint(tx: &Transaction<'_>, key: RelayKey, text: &str) -> Rows<()> {
    tx.execute("UPDATE relay SET checkpoint = ?2 WHERE key = ?1", (key.0, text))?;
    Ok(())
}

/// Keeps the checkpoint that contradicts the one held: the relay shows two logs.
///
/// # Errors
/// SQLite's.
pub fn put_fork(tx: &Transaction<'_>, key: RelayKey, text: &str) -> Rows<()> {
    tx.execute("UPDATE relay SET forked = ?2 WHERE key = ?1 AND forked IS NULL", (key.0, text))?;
    Ok(())
}

/// All contacts by name.
///
/// # Errors
/// SQLite's.
pub fn contacts(db: &Connection) -> Rows<Vec<Contact>> {
    db.prepare_cached(&format!("{CONTACT} ORDER BY name, identity"))?
        .query_map([], contact_row)?
        .collect()
}

/// One contact.
///
/// # Errors
/// SQLite's.
pub fn contact(db: &Connection, identity: IdentityId) -> Rows<Option<Contact>> {
    db.query_row(&format!("{CONTACT} WHERE identity = ?1"), [identity.0], contact_row).optional()
}

/// Adds a contact or renews it. A contact once verified stays verified.
///
/// # Errors
/// SQLite's.
pub fn put_contact(tx: &Transaction<'_>, contact: &Contact) -> Rows<()> {
    tx.execute(
        "INSERT INTO contact(identity, name, key_set, relay, verified, blocked)
         VALUES(?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT(identity) DO UPDATE SET name = excluded.name, key_set = excluded.key_set,
             relay = excluded.relay, verified = max(verified, excluded.verified),
             blocked = excluded.blocked",
        (
            contact.identity.0,
            &contact.name,
            &contact.key_set,
            contact.relay.0,
            contact.verified,
            contact.blocked,
        ),
    )?;
    Ok(())
}

/// Adds somebody who is no contact yet; whoever is one stays as they are.
///
/// # Errors
/// SQLite's.
pub fn add_unknown(tx: &Transaction<'_>, identity: IdentityId, relay: RelayKey) -> Rows<()> {
    tx.execute(
        "INSERT OR IGNORE INTO contact(identity, name, key_set, relay, verified)
         VALUES(?1, '', x'', ?2, 0)",
        (identity.0, relay.0),
    )?;
    Ok(())
}

/// Whether a person blocked them.
///
/// # Errors
/// SQLite's.
pub fn is_blocked(db: &Connection, identity: IdentityId) -> Rows<bool> {
    db.prepare_cached("SELECT 1 FROM contact WHERE identity = ?1 AND blocked")?.exists([identity.0])
}

/// Newer keys of a contact that is still there; what a person decided about it meanwhile stays.
///
/// # Errors
/// SQLite's.
pub fn renew_key_set(tx: &Transaction<'_>, identity: IdentityId, key_set: &[u8]) -> Rows<()> {
    tx.execute("UPDATE contact SET key_set = ?2 WHERE identity = ?1", (identity.0, key_set))?;
    Ok(())
}

/// Blocks or unblocks a contact that is there.
///
/// # Errors
/// SQLite's.
pub fn set_blocked(tx: &Transaction<'_>, identity: IdentityId, blocked: bool) -> Rows<()> {
    tx.execute("UPDATE contact SET blocked = ?2 WHERE identity = ?1", (identity.0, blocked))?;
    Ok(())
}

/// Calls a contact that is there otherwise.
///
/// # Errors
/// SQLite's.
pub fn rename(tx: &Transaction<'_>, identity: IdentityId, name: &str) -> Rows<()> {
    tx.execute("UPDATE contact SET name = ?2 WHERE identity = ?1", (identity.0, name))?;
    Ok(())
}

/// The next sequence number towards a contact; each is used once. It follows the clock in
/// milliseconds, so that an older copy of the vault which is brought back does not use one again.
///
/// # Errors
/// SQLite's.
pub fn next_sequence(tx: &Transaction<'_>, identity: IdentityId, now: u64) -> Rows<u64> {
    let least = now.min(u64::from(u32::MAX)).saturating_mul(1_000);
    tx.query_row(
        "UPDATE contact SET sent = max(sent + 1, ?2) WHERE identity = ?1 RETURNING sent",
        (identity.0, least),
        |row| row.get(0),
    )
}

const CONTACT: &str = "SELECT identity, name, key_set, relay, verified, blocked FROM contact";

fn contact_row(row: &Row<'_>) -> Rows<Contact> {
    Ok(Contact {
        identity: IdentityId(fixed(row, 0)?),
        name: row.get(1)?,
        key_set: row.get(2)?,
        relay: RelayKey(fixed(row, 3)?),
        verified: row.get(4)?,
        blocked: row.get(5)?,
    })
}

fn relay_row(row: &Row<'_>) -> Rows<Relay> {
    Ok(Relay { key: RelayKey(fixed(row, 0)?), url: row.get(1)?, capability: row.get(2)? })
}
