// SPDX-License-Identifier: MPL-2.0
//! Tables of the product. A released migration never changes; a new one is added below.

use amate_vault::Migration;

/// All migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "first tables", apply: |tx| tx.execute_batch(FIRST) },
    Migration {
        version: 2,
        name: "search, offsets, deleting",
        apply: |tx| tx.execute_batch(SECOND),
    },
    Migration { version: 3, name: "quick opening", apply: |tx| tx.execute_batch(THIRD) },
    Migration { version: 4, name: "screens", apply: |tx| tx.execute_batch(FOURTH) },
];

const FIRST: &str = "
-- identity, device, weekly secrets, mailbox keys, witnessed time: small named values
CREATE TABLE setting(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;

CREATE TABLE relay(
    key BLOB PRIMARY KEY, url TEXT NOT NULL, capability TEXT,
    rank INTEGER NOT NULL,
    checkpoint TEXT,          -- newest verified checkpoint
    forked TEXT               -- the other one, when this relay showed two logs
) STRICT;

CREATE TABLE contact(
    identity BLOB PRIMARY KEY,          -- identity id
    name TEXT NOT NULL,
    key_set BLOB NOT NULL,
    relay BLOB NOT NULL,                -- where its key sets are fetched
    verified INTEGER NOT NULL, blocked INTEGER NOT NULL DEFAULT 0,
    sent INTEGER NOT NULL DEFAULT 0     -- last sequence used towards it
) STRICT;

CREATE TABLE dossier(                   -- a case
    id INTEGER PRIMARY KEY, title TEXT NOT NULL,
    public BLOB NOT NULL UNIQUE,        -- case key
    seed BLOB,                          -- its secret half; NULL in cases received from others
    statement BLOB                      -- newest case statement, signed document
) STRICT;

CREATE TABLE item(
    id BLOB PRIMARY KEY, dossier INTEGER NOT NULL REFERENCES dossier(id),
    number INTEGER NOT NULL, origin TEXT NOT NULL, media_type TEXT NOT NULL,
    mine INTEGER NOT NULL,
    kept BLOB,                          -- capture key, salts and values; NULL when received
    document BLOB NOT NULL,             -- manifest, or opening of a live recording
    closing BLOB,                       -- closing manifest of a live recording
    state TEXT NOT NULL,                -- complete, recording, interrupted
    medium BLOB, length INTEGER NOT NULL, sha256 BLOB,
    facts TEXT NOT NULL DEFAULT '[]',   -- received: disclosures of facts
    custody_facts TEXT NOT NULL DEFAULT '[]',
    source BLOB,                        -- received: identity id of the sender
    created INTEGER NOT NULL, title TEXT NOT NULL,
    before TEXT                         -- the checkpoint that the manifest names, a signed note
) STRICT;
CREATE INDEX item_dossier ON item(dossier, number);

CREATE TABLE custody(
    item BLOB NOT NULL REFERENCES item(id), n INTEGER NOT NULL, signer BLOB NOT NULL,
    id BLOB NOT NULL, document BLOB NOT NULL, disclosures TEXT NOT NULL,
    PRIMARY KEY(item, signer, n)
) STRICT;

CREATE TABLE leaf(
    item BLOB NOT NULL, head BLOB NOT NULL, head_n INTEGER NOT NULL, relay BLOB NOT NULL,
    salt BLOB NOT NULL, proof TEXT,
    PRIMARY KEY(item, head, relay, salt)
) STRICT;

CREATE TABLE parcel(
    id BLOB PRIMARY KEY, seed BLOB NOT NULL, dossier INTEGER NOT NULL,
    created INTEGER NOT NULL,
    manifest BLOB                       -- content of parcel item 0, once it is fixed
) STRICT;

CREATE TABLE parcel_item(
    parcel BLOB NOT NULL REFERENCES parcel(id) ON DELETE CASCADE, idx INTEGER NOT NULL,
    kind INTEGER NOT NULL, item BLOB, medium BLOB, start INTEGER NOT NULL, length INTEGER NOT NULL,
    sha256 BLOB NOT NULL, live INTEGER NOT NULL DEFAULT 0, class INTEGER NOT NULL,
    ids BLOB NOT NULL,                  -- block ids, 32 bytes each
    PRIMARY KEY(parcel, idx)
) STRICT;

CREATE TABLE index_block(
    parcel BLOB NOT NULL REFERENCES parcel(id) ON DELETE CASCADE, id BLOB NOT NULL,
    bytes BLOB NOT NULL, PRIMARY KEY(parcel, id)
) STRICT;

CREATE TABLE delivery(
    parcel BLOB NOT NULL REFERENCES parcel(id) ON DELETE CASCADE, contact BLOB NOT NULL,
    relay BLOB,                         -- the relay that has the parcel now
    notice BLOB, receipt BLOB,          -- the notice as sealed, and its receipt
    state TEXT NOT NULL,                -- waiting, left, at-relay, opened
    left_at INTEGER, relay_at INTEGER, opened BLOB,
    PRIMARY KEY(parcel, contact)
) STRICT;

CREATE TABLE block_receipt(
    block BLOB NOT NULL, relay BLOB NOT NULL, receipt BLOB NOT NULL, PRIMARY KEY(block, relay)
) STRICT;

CREATE TABLE mail(                      -- small notices that wait to be posted: opened, grant
    id INTEGER PRIMARY KEY, contact BLOB NOT NULL, relay BLOB NOT NULL, mailbox BLOB NOT NULL,
    notice BLOB NOT NULL
) STRICT;

CREATE TABLE received(
    id INTEGER PRIMARY KEY AUTOINCREMENT, sender BLOB NOT NULL, parcel BLOB NOT NULL,
    kind INTEGER NOT NULL, relay BLOB NOT NULL, notice BLOB NOT NULL, -- opened plaintext
    state TEXT NOT NULL,                -- announced, arrived, opened, refused, newer
    reason TEXT, at INTEGER NOT NULL, manifest_hash BLOB,
    told INTEGER NOT NULL DEFAULT 0,    -- the sender will learn that a person opened it
    UNIQUE(sender, parcel)
) STRICT;

CREATE TABLE received_item(
    received INTEGER NOT NULL, item BLOB NOT NULL, dossier INTEGER NOT NULL,
    PRIMARY KEY(received, item)
) STRICT;

CREATE TABLE seen(sender BLOB NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY(sender, sequence)) STRICT;

CREATE TABLE incoming(                  -- blocks fetched so far, blinded, in order
    received INTEGER NOT NULL, idx INTEGER NOT NULL, medium BLOB NOT NULL,
    PRIMARY KEY(received, idx)
) STRICT;
";

/// Only what costs the same in a full vault as in an empty one. Rows that are there already are
/// filled in afterwards, a few at a time (`crate::search`): a store of fixed size has no room for
/// one transaction over all of them, and what people wrote stands in media, not in records.
const SECOND: &str = "
CREATE TABLE searched(                  -- rows of the index: items that a person has seen, cases
    id INTEGER PRIMARY KEY, dossier INTEGER NOT NULL REFERENCES dossier(id),
    item BLOB UNIQUE REFERENCES item(id) -- NULL for the case itself
) STRICT;
CREATE UNIQUE INDEX searched_case ON searched(dossier) WHERE item IS NULL;

CREATE VIRTUAL TABLE words USING fts5(  -- folded text, by the rows of searched
    text, tokenize = 'unicode61 remove_diacritics 2', columnsize = 0
);
INSERT INTO words(words, rank) VALUES('secure-delete', 1);

-- Minutes by which the device's clock was ahead of UTC then; NULL when nobody knows.
ALTER TABLE item ADD COLUMN created_offset INTEGER;
ALTER TABLE parcel ADD COLUMN created_offset INTEGER;
ALTER TABLE received ADD COLUMN at_offset INTEGER;

-- SHA-256 of a manifest that was forgotten with a deleted item: acknowledgements name it.
ALTER TABLE parcel ADD COLUMN manifest_hash BLOB;

CREATE TABLE kept_custody(              -- of received items that were deleted
    item BLOB NOT NULL, n INTEGER NOT NULL, signer BLOB NOT NULL,
    id BLOB NOT NULL, document BLOB NOT NULL, disclosures TEXT NOT NULL,
    PRIMARY KEY(item, signer, n)
) STRICT;
";

/// What opening a vault asks, without reading every row.
const THIRD: &str = "
CREATE INDEX item_recording ON item(id) WHERE state = 'recording';
CREATE INDEX item_medium ON item(medium) WHERE medium IS NOT NULL;
CREATE INDEX incoming_medium ON incoming(medium);
";

/// What screens keep: drafts, what was asked before sending, who looks after a report, what one
/// writes to another about it.
const FOURTH: &str = "
CREATE TABLE draft(
    id INTEGER PRIMARY KEY AUTOINCREMENT, form TEXT NOT NULL,
    fields TEXT NOT NULL,               -- JSON: name of the field, what was entered
    dossier INTEGER,                    -- where its captures are
    created INTEGER NOT NULL, created_offset INTEGER,
    changed INTEGER NOT NULL, changed_offset INTEGER
) STRICT;

ALTER TABLE parcel ADD COLUMN consent TEXT;   -- JSON: what the person answered before sending
ALTER TABLE parcel ADD COLUMN withheld TEXT;  -- JSON: names of facts that do not go along

ALTER TABLE received ADD COLUMN responsible TEXT; -- who looks after it, by name
ALTER TABLE received ADD COLUMN about BLOB;       -- the parcel that it answers

ALTER TABLE dossier ADD COLUMN about BLOB;        -- no case: messages about this parcel
CREATE INDEX dossier_about ON dossier(about) WHERE about IS NOT NULL;
";
