// SPDX-License-Identifier: MPL-2.0

mod check;
mod facts;
mod make;
mod recorder;
mod segments;
mod sniff;
mod strip;

pub use check::{
    CheckedCase, CustodyChain, CustodyFault, LiveFault, LiveState, Signed, check_case,
    check_content, check_custody, check_custody_fact, check_document, check_fact, check_live,
    item_id,
};
pub use facts::{Given, Opened, close, log_root};
pub use make::{
    Kept, MadeEntry, MadeItem, NewItem, case_statement, first_entry, make_item, make_opening,
    next_entry,
};
pub use recorder::LiveRecorder;
pub use segments::Segments;
pub use sniff::{kind, media_type};
pub use strip::{Stripped, strip};
